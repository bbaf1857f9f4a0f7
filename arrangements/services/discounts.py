"""The discount of a settlement: let go when the money has cleared, owed again when the money comes back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from accounts.foundation.money import ZERO
from accounts.foundation.users import User
from accounts.models import Account, AccountState, EntryKind, LedgerEntry
from accounts.selectors.interest import balance_apart_from
from accounts.services.accounts import move_account, reopen_account
from accounts.services.due import refresh_due
from accounts.services.ledger import PARTS, post_entry, reverse_entry, split_credit
from arrangements.models import Arrangement


def give_discount(arrangement: Arrangement, *, on: date, actor: User | None, now: datetime) -> LedgerEntry | None:
    """Let go what was agreed, with the interest since, and settle the account where that is all that is left.

    What came on top since, as a payment of before that bounced, was priced by nobody: it stays owed and the account
    open. The caller has locked the account and completed the arrangement. Answers None when nothing was left: then the
    account is simply paid.
    """
    account = Account.objects.select_related("portfolio").get(pk=arrangement.account_id)
    if account.balance <= 0 or not account.is_open:
        return None
    parts = let_go(account, account.balance - beyond_agreed(arrangement, account))
    if not any(parts.values()):
        return None
    entry = post_entry(
        account=account,
        kind=EntryKind.DISCOUNT,
        effective_on=on,
        source="settlement",
        source_key=f"{arrangement.pk}:{_discounts_of(arrangement).count() + 1}",
        actor=actor,
        now=now,
        **parts,
    )
    refresh_due(account_ids=[account.pk], on=on)
    account = Account.objects.get(pk=account.pk)
    if account.balance <= 0:
        move_account(account, "settle", actor=actor, now=now, reason="settlement_paid")
    return entry


def beyond_agreed(arrangement: Arrangement, account: Account) -> Decimal:
    """What is owed beside the agreed discount, the interest since, and what a payment may be short of."""
    forgiven = account.portfolio.promise_tolerance * arrangement.instalments.count()
    left = balance_apart_from(account, arrangement.priced_without) - arrangement.discount - forgiven
    return min(max(ZERO, left), account.balance)


def let_go(account: Account, amount: Decimal) -> dict[str, Any]:
    """An amount over the parts of the debt as negative ones: charges and interest first, what was lent last."""
    if amount == account.balance:
        return {name: -getattr(account, name) for name in PARTS}
    return split_credit(account, amount, order=PARTS[::-1])


def take_back_discount(arrangement: Arrangement, *, on: date, actor: User | None, now: datetime) -> None:
    """The money came back: what was let go is owed again and the account is open. Twice changes nothing."""
    account = Account.objects.get(pk=arrangement.account_id)
    for entry in _discounts_of(arrangement).filter(reversed_by__isnull=True):
        reverse_entry(
            entry=entry,
            account=account,
            kind=EntryKind.CORRECTION,
            effective_on=on,
            source="settlement_reversal",
            source_key=entry.source_key,
            actor=actor,
            now=now,
        )
    account = Account.objects.get(pk=account.pk)
    if account.state == AccountState.SETTLED:
        reopen_account(account, actor=actor, now=now, reason="settlement_breached")
    refresh_due(account_ids=[account.pk], on=on)


def _discounts_of(arrangement: Arrangement) -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(source="settlement", source_key__startswith=f"{arrangement.pk}:")
