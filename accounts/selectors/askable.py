"""What may be asked of an account now: what is owed and due, without what is in dispute."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from accounts.foundation.money import ZERO
from accounts.models import IN_FORCE, Account, Hold, HoldKind, HoldScope


@dataclass(frozen=True)
class Askable:
    """Amounts in the account's currency. `disputed` rests; `due` and `balance` may be asked for, at most.

    Nobody knows which due item a disputed part belongs to: it is taken from what is due first, so that money meets what
    isn't disputed while any of that is left.
    """

    due: Decimal
    balance: Decimal
    disputed: Decimal

    @property
    def usual(self) -> Decimal:
        """What a promise is first thought of for: what is due, else all that may be asked."""
        return self.due or self.balance


def may_be_asked(account: Account) -> Askable:
    """One query."""
    return may_be_asked_of([account])[account.pk]


def may_be_asked_of(accounts: Iterable[Account]) -> dict[int, Askable]:
    """The same for many, by id of the account. One query."""
    known = {account.pk: account for account in accounts}
    holds: dict[int, list[Hold]] = defaultdict(list)
    resting = Q(scope=HoldScope.AMOUNT) | Q(kind=HoldKind.DISPUTE, scope=HoldScope.ACCOUNT)
    for hold in Hold.objects.filter(resting, account_id__in=list(known), state__in=IN_FORCE).order_by("pk"):
        holds[hold.account_id or 0].append(hold)
    return {pk: asked_beside(account, holds[pk]) for pk, account in known.items()}


def asked_beside(account: Account, holds: Iterable[Hold]) -> Askable:
    """What these holds, all that are in force on the account, leave to be asked. No query."""
    owed = max(account.balance, ZERO)
    disputed = min(owed, sum((_resting(hold, owed) for hold in holds), ZERO))
    return Askable(due=max(account.due_now - disputed, ZERO), balance=owed - disputed, disputed=disputed)


def _resting(hold: Hold, owed: Decimal) -> Decimal:
    if hold.scope == HoldScope.AMOUNT:
        return hold.amount or ZERO
    return owed if hold.kind == HoldKind.DISPUTE and hold.scope == HoldScope.ACCOUNT else ZERO
