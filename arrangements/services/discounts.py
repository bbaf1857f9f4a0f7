"""The discount of a settlement: let go when the money has cleared, owed again when the money comes back."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet

from accounts.foundation.users import User
from accounts.models import Account, AccountState, EntryKind, LedgerEntry
from accounts.services.accounts import move_account, reopen_account
from accounts.services.due import refresh_due
from accounts.services.ledger import PARTS, post_entry, reverse_entry
from arrangements.models import Arrangement


def give_discount(arrangement: Arrangement, *, on: date, actor: User | None, now: datetime) -> LedgerEntry | None:
    """Let the rest go and settle the account. The caller has locked the account and completed the arrangement.

    Answers None when nothing was left: then the account is simply paid.
    """
    account = Account.objects.get(pk=arrangement.account_id)
    if account.balance <= 0 or not account.is_open:
        return None
    entry = post_entry(
        account=account,
        kind=EntryKind.DISCOUNT,
        effective_on=on,
        source="settlement",
        source_key=f"{arrangement.pk}:{_discounts_of(arrangement).count() + 1}",
        actor=actor,
        now=now,
        **{name: -getattr(account, name) for name in PARTS},
    )
    refresh_due(account_ids=[account.pk], on=on)
    account = Account.objects.get(pk=account.pk)
    move_account(account, "settle", actor=actor, now=now, reason="settlement_paid")
    return entry


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
