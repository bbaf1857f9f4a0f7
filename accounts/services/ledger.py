"""Writing the ledger. The balance follows by a trigger of the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.foundation.events import record
from accounts.foundation.money import ZERO, rounded
from accounts.foundation.users import User
from accounts.models import Account, LedgerEntry

PARTS = ("principal", "interest", "fees", "costs")

# Which part of the debt money meets first, by jurisdiction: Mexico's costs, fees, interest, principal; elsewhere what
# the contracts of these products say. See docs/decisions/0001-allocation-order.md.
ALLOCATION_ORDER = {
    "MX": ("costs", "fees", "interest", "principal"),
    "UK": ("principal", "interest", "fees", "costs"),
    "US": ("interest", "principal", "fees", "costs"),
    "AU": ("interest", "principal", "fees", "costs"),
}


def post_entry(
    *,
    account: Account,
    kind: str,
    effective_on: date,
    source: str,
    source_key: str,
    actor: User | None,
    now: datetime,
    principal: Decimal = ZERO,
    interest: Decimal = ZERO,
    fees: Decimal = ZERO,
    costs: Decimal = ZERO,
    meets_due: bool = False,
    reverses: LedgerEntry | None = None,
) -> LedgerEntry:
    """Add one entry to the ledger of an account that the caller has locked; the instance's balance is read again.

    Positive parts add to what is owed. The database refuses the same (source, source_key) twice, a second reversal of
    one entry, another currency than the account's, and an entry of zero.
    """
    parts = {"principal": principal, "interest": interest, "fees": fees, "costs": costs}
    parts = {name: rounded(part, account.currency) for name, part in parts.items()}
    entry = LedgerEntry.objects.create(
        account=account,
        currency=account.currency,
        kind=kind,
        amount=sum(parts.values(), ZERO),
        effective_on=effective_on,
        recorded_at=now,
        source=source,
        source_key=source_key,
        meets_due=meets_due,
        reverses=reverses,
        actor=actor,
        **parts,
    )
    account.refresh_from_db(fields=["balance", *PARTS, "credited"])
    record(f"ledger.{kind}", subject=entry, actor=actor, at=now, codes={"amount": str(entry.amount)})
    return entry


def reverse_entry(
    *,
    entry: LedgerEntry,
    account: Account,
    kind: str,
    effective_on: date,
    source: str,
    source_key: str,
    actor: User | None,
    now: datetime,
) -> LedgerEntry:
    """Add the exact opposite of an entry, linked to it. The database allows one reversal of each."""
    parts = {name: -getattr(entry, name) for name in PARTS}
    return post_entry(
        account=account,
        kind=kind,
        effective_on=effective_on,
        source=source,
        source_key=source_key,
        actor=actor,
        now=now,
        meets_due=entry.meets_due,
        reverses=entry,
        **parts,
    )


def split_credit(account: Account, amount: Decimal, order: Sequence[str] | None = None) -> dict[str, Any]:
    """Divide money received over the parts of the debt, in the order of the jurisdiction if no other is given. Answers
    negative parts.

    What is more than everything owed goes to principal, where it stands as a credit balance.
    """
    left = amount
    parts = dict.fromkeys(PARTS, ZERO)
    for name in order or ALLOCATION_ORDER[account.portfolio.jurisdiction]:
        taken = min(left, max(ZERO, getattr(account, name)))
        parts[name] -= taken
        left -= taken
    parts["principal"] -= left
    return parts
