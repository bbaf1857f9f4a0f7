"""Accounts that bear interest, and days that are closed on them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Account, EntryKind, InterestReason, InterestTerms, LedgerEntry
from accounts.services.ledger import post_entry
from collections_crm.closing.close import close_through
from collections_crm.closing.day import closing_instant
from tests.factories import NOW, TODAY, again, place_account


def day(number: int) -> date:
    """Day 0 is today."""
    return TODAY + timedelta(days=number)


def at(number: int) -> datetime:
    return NOW + timedelta(days=number)


def accruing(rate: str = "0.365", **fields: Any) -> Account:
    """A loan of 1,000 whose interest is 1.00 a day, from today on."""
    account = place_account(**({"owed": "1000.00"} | fields))
    terms(account, rate)
    return account


def terms(account: Account, rate: str) -> InterestTerms:
    said = {"from_on": TODAY, "reason": InterestReason.PLACED, "set_at": NOW}
    return InterestTerms.objects.create(account=account, yearly_rate=Decimal(rate), **said)


def close(account: Account, through: int = 0) -> None:
    """Every day up to and with day `through`."""
    portfolio = again(account).portfolio
    close_through(portfolio_id=portfolio.pk, on=day(through), now=closing_instant(portfolio, day(through)))


def charge(account: Account, on: date, amount: str = "12.00") -> LedgerEntry:
    given = {"account": again(account), "kind": EntryKind.FEE, "source": "charge", "actor": None, "now": NOW}
    return post_entry(effective_on=on, source_key=f"{account.reference}:{on}", fees=Decimal(amount), **given)
