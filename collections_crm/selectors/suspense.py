"""Money in suspense: how long it waits, and whose it may be."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.foundation.money import ZERO
from accounts.foundation.users import User
from accounts.models import Account, Payment, PaymentState
from arrangements.models import Instalment
from arrangements.services.aftermath import AWAITED
from collections_crm.ui.words import civil, money

# Money is asked after at once; a month later somebody has to answer why it isn't sent back.
AGES = (5, 30)
NEAR = timedelta(days=7)
MOST = 5
WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{3,39}")
SCORES = {"reference": 60, "instalment": 30, "due": 20}


def in_suspense() -> QuerySet[Payment]:
    """Money that waits to be somebody's, the oldest first."""
    return Payment.objects.filter(state=PaymentState.SUSPENSE).order_by("received_on", "pk")


@dataclass
class Waiting:
    """What waits in one currency: how much in all, and how many pieces by age."""

    currency: str
    count: int = 0
    amount: Decimal = ZERO
    fresh: int = 0
    aged: int = 0
    old: int = 0


def waiting(on: date) -> list[Waiting]:
    """By currency, as of a civil day. One query."""
    found: dict[str, Waiting] = {}
    for currency, amount, received_on in in_suspense().values_list("currency", "amount", "received_on"):
        one = found.setdefault(currency, Waiting(currency))
        one.count, one.amount = one.count + 1, one.amount + amount
        age = (on - received_on).days
        one.fresh += age <= AGES[0]
        one.aged += AGES[0] < age <= AGES[1]
        one.old += age > AGES[1]
    return sorted(found.values(), key=lambda one: one.currency)


@dataclass
class Suggestion:
    """An account that the money may be meant for, and why; the surest first."""

    account: Account
    score: int = 0
    reasons: list[str] = field(default_factory=list)

    def add(self, kind: str, reason: str) -> None:
        self.score += SCORES[kind]
        self.reasons.append(reason)


def suggestions(payment: Payment, user: User) -> list[Suggestion]:
    """At most five accounts of the money's currency: named in what the bank wrote, awaiting just this amount within a
    week, or with just this much due. Three queries."""
    accounts = Account.objects.visible_to(user).filter(currency=payment.currency)
    found: dict[int, Suggestion] = {}
    for account in _named(accounts, payment.reference):
        _of(found, account).add("reference", _("The bank names its reference."))
    for row in _expecting(accounts, payment):
        said = {"amount": money(row.amount, payment.currency), "day": civil(row.due_on)}
        _of(found, row.account).add("instalment", _("%(amount)s were agreed for %(day)s.") % said)
    for account in accounts.open().filter(due_now=payment.amount).order_by("pk")[:MOST]:
        _of(found, account).add("due", _("Just this much is due."))
    return sorted(found.values(), key=lambda one: (-one.score, one.account.pk))[:MOST]


def _of(found: dict[int, Suggestion], account: Account) -> Suggestion:
    return found.setdefault(account.pk, Suggestion(account))


def _named(accounts: Any, text: str) -> list[Account]:
    words = sorted(set(WORD.findall(text)))
    named = Q(external_reference__in=words) | Q(reference__in=[word.upper() for word in words])
    return list(accounts.filter(named).order_by("pk")[:MOST]) if words else []


def _expecting(accounts: Any, payment: Payment) -> list[Instalment]:
    due = Instalment.objects.filter(
        account__in=accounts.values("pk"),
        amount=payment.amount,
        state__in=AWAITED,
        due_on__range=(payment.received_on - NEAR, payment.received_on + NEAR),
    )
    return list(due.select_related("account").order_by("due_on", "pk")[:MOST])
