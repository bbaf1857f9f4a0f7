"""Nobody agrees with a customer on more than may be asked of them."""

from __future__ import annotations

from decimal import Decimal

from accounts.foundation.errors import Refused
from accounts.models import Account
from accounts.selectors.askable import may_be_asked


def refuse_more_than_may_be_asked(account: Account, amount: Decimal) -> None:
    """Refuses nothing at all, more than is owed, and what is in dispute. One query."""
    if not 0 < amount <= account.balance:
        raise Refused("promise_more_than_owed", balance=account.balance, currency=account.currency)
    asked = may_be_asked(account)
    if not asked.balance:
        raise Refused("all_is_disputed")
    if amount > asked.balance:
        raise Refused("part_is_disputed", most=asked.balance, disputed=asked.disputed, currency=account.currency)


def refuse_settling_disputed(account: Account) -> None:
    """Nothing is let go of a debt of which nobody knows yet how much it is."""
    if may_be_asked(account).disputed:
        raise Refused("settlement_while_disputed")
