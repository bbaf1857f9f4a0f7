"""What the keeping of arrangements is judged on: agreed amounts, money since, and how far cash is posted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models.functions import Coalesce

from accounts.foundation.money import ZERO
from accounts.models import OPEN_STATES, Account, Payment, PaymentState
from arrangements.models import SURVIVES_A_MISS, Arrangement, ArrangementState, Instalment
from arrangements.services.standing import (
    PROMISES_SURVIVE_NOTHING,
    Breaks,
    Money,
    Promised,
    Standing,
    stand,
    stand_together,
)

S = ArrangementState
# Money decides about these. Suspended ones wait; the others were never in force or were ended by somebody.
JUDGED = [S.ACTIVE, S.COMPLETED, S.BROKEN, S.BREACHED]
ONCE_IN_FORCE = [*JUDGED, S.SUSPENDED, S.CANCELLED, S.REPLACED]


class Agreed(NamedTuple):
    """A payment as it stands in the database: what deciding about it needs, and no more, for many are read at once."""

    pk: int
    arrangement_id: int
    number: int
    due_on: date
    judged_on: date
    amount: Decimal
    state: str


class _Paid(NamedTuple):
    account_id: int
    recorded_at: datetime
    received_on: date
    amount: Decimal
    state: str


@dataclass(frozen=True)
class Judged:
    """An arrangement with its instalments, how both should stand, and the money that was paid under it and is there."""

    arrangement: Arrangement
    instalments: list[Agreed]
    standings: list[Standing]
    state: str
    paid: Decimal = ZERO

    @property
    def still_asked(self) -> Decimal:
        """What is to be paid yet, in all."""
        return max(ZERO, sum((row.amount for row in self.instalments), ZERO) - self.paid)

    def missing_of(self, instalment_id: int) -> Decimal:
        """What is still missing of one payment: money meets them in the order of their days."""
        so_far = ZERO
        for row in self.instalments:
            so_far += row.amount
            if row.pk == instalment_id:
                return max(ZERO, min(row.amount, so_far - self.paid))
        return ZERO


@dataclass(frozen=True)
class _Terms:
    posted_through: date | None
    tolerance: Decimal
    is_open: bool
    breaks: Breaks


def judged(account_ids: Iterable[int]) -> list[Judged]:
    """How every judged arrangement of these accounts should stand now, in the order of their ids. Five queries."""
    ids = list(account_ids)
    ever = Arrangement.objects.filter(account_id__any=ids, state__in=ONCE_IN_FORCE)
    # An older offer may be accepted after a newer one: what counts is since when it was agreed, not when it was quoted.
    ever = ever.order_by("account_id", Coalesce("accepted_at", "made_at"), "id")
    by_account: dict[int, list[Arrangement]] = defaultdict(list)
    for arrangement in ever:
        by_account[arrangement.account_id].append(arrangement)
    instalments = _instalments_of([a.pk for a in ever])
    money, terms = _money_of(list(by_account)), _terms_of(list(by_account))
    found = []
    for account_id, history in by_account.items():
        for arrangement, newer in zip(history, [*history[1:], None], strict=True):
            if arrangement.state in JUDGED:
                rows = instalments[arrangement.pk]
                found.append(_judge(arrangement, newer, rows, money[account_id], terms[account_id]))
    return found


def _judge(
    arrangement: Arrangement, newer: Arrangement | None, rows: list[Agreed], money: list[_Paid], terms: _Terms
) -> Judged:
    is_over = newer is not None or not terms.is_open
    counted = [_as_money(p) for p in money if _counts(p, arrangement, newer)]
    standings = stand(
        [Promised(i.number, i.due_on, i.judged_on, i.amount) for i in rows],
        counted,
        posted_through=terms.posted_through,
        tolerance=terms.tolerance,
        is_over=is_over,
    )
    state = stand_together(
        standings,
        kind=arrangement.kind,
        was=arrangement.state,
        is_over=is_over,
        breaks=terms.breaks if arrangement.kind in SURVIVES_A_MISS else PROMISES_SURVIVE_NOTHING,
        posted_through=terms.posted_through,
    )
    return Judged(arrangement, rows, standings, state, sum((m.amount for m in counted if not m.taken_back), ZERO))


def _counts(payment: _Paid, arrangement: Arrangement, newer: Arrangement | None) -> bool:
    """Money that was on the table when it was agreed is not money paid under it; nor is what followed a newer one."""
    since = payment.recorded_at >= _agreed_at(arrangement) and payment.received_on >= arrangement.agreed_on
    return since and (newer is None or payment.recorded_at < _agreed_at(newer))


def _agreed_at(arrangement: Arrangement) -> datetime:
    return arrangement.accepted_at or arrangement.made_at


def _as_money(payment: _Paid) -> Money:
    return Money(
        received_on=payment.received_on,
        amount=payment.amount,
        cleared=payment.state == PaymentState.CLEARED,
        taken_back=payment.state == PaymentState.REVERSED,
    )


def _instalments_of(arrangement_ids: list[int]) -> dict[int, list[Agreed]]:
    found: dict[int, list[Agreed]] = defaultdict(list)
    rows = Instalment.objects.filter(arrangement_id__any=arrangement_ids).order_by("due_on", "number")
    for row in map(Agreed._make, rows.values_list(*Agreed._fields)):
        found[row.arrangement_id].append(row)
    return found


def _money_of(account_ids: list[int]) -> dict[int, list[_Paid]]:
    posted = [PaymentState.POSTED, PaymentState.CLEARED, PaymentState.REVERSED]
    found: dict[int, list[_Paid]] = defaultdict(list)
    payments = Payment.objects.filter(account_id__any=account_ids, state__in=posted).order_by("received_on", "id")
    for payment in map(_Paid._make, payments.values_list(*_Paid._fields)):
        found[payment.account_id].append(payment)
    return found


def _terms_of(account_ids: list[int]) -> dict[int, _Terms]:
    rows = Account.objects.filter(pk__any=account_ids).values_list(
        "pk",
        "portfolio__cash_posted_through",
        "portfolio__promise_tolerance",
        "state",
        "portfolio__plan_missed_allowed",
        "portfolio__plan_missed_days",
    )
    return {
        pk: _Terms(posted, tolerance, state in OPEN_STATES, Breaks(missed, days))
        for pk, posted, tolerance, state, missed, days in rows
    }
