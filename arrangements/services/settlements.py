"""Settlements: less than is owed, by a day, for the rest to be let go once the money has cleared."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.money import ZERO
from accounts.foundation.users import User
from accounts.models import Approval
from arrangements.models import Arrangement, ArrangementKind
from arrangements.services import sentences  # noqa: F401 - registers the refusals
from arrangements.services.agreeing import Terms, agree, enter


@retrying
def accept_settlement(
    *,
    account_id: int,
    party_id: int,
    amount: Decimal,
    pay_by: date,
    actor: User,
    now: datetime,
    approval: Approval | None = None,
    contact_id: int | None = None,
) -> Arrangement:
    """Put in force that one amount by one day settles the account; a live arrangement is replaced.

    The caller has made sure that somebody with the authority agreed to these terms. When the money has cleared, the
    rest is let go by a ledger entry and the account is settled; money that comes back later breaches it. Refuses
    amounts that aren't below the balance, days gone by, closed accounts and people who don't owe on the account.
    """
    account, party = enter(account_id, party_id)
    if not ZERO < amount < account.balance:
        raise Refused("settlement_not_below_balance", balance=account.balance, currency=account.currency)
    discount = account.balance - amount
    terms = Terms.single(ArrangementKind.SETTLEMENT, amount, pay_by, contact_id, discount=discount)
    arrangement = agree(account, party, terms, approval=approval, actor=actor, now=now)
    codes = {"amount": str(amount), "discount": str(arrangement.discount), "on": pay_by.isoformat()}
    record("settlement.accepted", subject=arrangement, actor=actor, at=now, codes=codes)
    return arrangement
