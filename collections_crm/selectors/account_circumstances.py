"""What somebody who decides must know of an account: what stands against it, what happened, what may be expected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from accounts.foundation.money import ZERO
from accounts.models import IN_FORCE, OWES, Account, Hold, PaymentState
from accounts.services.accounts import today_of
from arrangements.models import ArrangementState
from collections_crm.ui.words import money
from communications.models import AccountContact

MONEY_KEPT = [PaymentState.POSTED, PaymentState.CLEARED]


@dataclass(frozen=True)
class HistoryLine:
    """One line of history: when, and what in words."""

    at: datetime
    text: str


@dataclass(frozen=True)
class Figures:
    """What is owed and what the last year says about what may come."""

    days_past_due: int
    paid_in_year: Decimal
    promises_kept: int
    promises_broken: int
    last_paid_on: date | None


def holds_of(account: Account) -> list[Hold]:
    owing = account.account_parties.filter(role__in=OWES).values("party__person_id")
    touching = Q(account=account) | Q(scope="person", person__in=owing)
    return list(Hold.objects.filter(touching, state__in=IN_FORCE).distinct().order_by("pk"))


def figures_of(account: Account, now: datetime) -> Figures:
    today = today_of(account, now)
    paid = account.payments.filter(state__in=MONEY_KEPT)
    in_year = paid.filter(received_on__gt=today - timedelta(days=365)).aggregate(total=Sum("amount"))
    last = paid.order_by("-received_on").first()
    states = list(account.arrangements.values_list("state", flat=True))
    return Figures(
        days_past_due=account.days_past_due(today),
        paid_in_year=in_year["total"] or ZERO,
        promises_kept=states.count(ArrangementState.COMPLETED),
        promises_broken=states.count(ArrangementState.BROKEN),
        last_paid_on=last.received_on if last else None,
    )


def history_of(account: Account, *, limit: int) -> list[HistoryLine]:
    """The latest contacts, money, agreements and cases, newest first."""
    lines = [
        *_contacts(account, limit),
        *_payments(account, limit),
        *_arrangements(account, limit),
        *_cases(account, limit),
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:limit]


def _contacts(account: Account, limit: int) -> list[HistoryLine]:
    about = AccountContact.objects.filter(account=account).select_related("contact__outcome").order_by("-contact_id")
    lines = []
    for link in about[:limit]:
        contact = link.contact
        came_of_it = contact.outcome.label if contact.outcome else contact.get_state_display()
        lines.append(HistoryLine(contact.started_at, f"{contact.get_channel_display()}: {came_of_it}"))
    return lines


def _payments(account: Account, limit: int) -> list[HistoryLine]:
    return [
        HistoryLine(
            payment.recorded_at,
            _("payment %(amount)s, %(state)s")
            % {"amount": money(payment.amount, payment.currency), "state": payment.get_state_display()},
        )
        for payment in account.payments.order_by("-recorded_at")[:limit]
    ]


def _arrangements(account: Account, limit: int) -> list[HistoryLine]:
    return [
        HistoryLine(
            made.made_at,
            f"{made.get_kind_display()} {money(made.amount, made.currency)}: {made.get_state_display()}",
        )
        for made in account.arrangements.order_by("-made_at")[:limit]
    ]


def _cases(account: Account, limit: int) -> list[HistoryLine]:
    return [
        HistoryLine(case.raised_at, f"{case.get_kind_display()}: {case.get_state_display()}")
        for case in account.escalations.order_by("-raised_at")[:limit]
    ]
