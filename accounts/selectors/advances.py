"""How an advance stands: what was delivered, what is left, when it ends at this pace. Read from the ledger and the due
items each time; nothing of it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection

from accounts.foundation.money import ZERO
from accounts.foundation.prepared_statements import ask
from accounts.models import Account, AdvanceTerms, EntryKind, calendar_of
from accounts.remittance.schedule import expected_end, remittances_in

# What moves the purchased amount because money came, or was taken back.
DELIVERING = [EntryKind.PAYMENT, EntryKind.DISHONOUR, EntryKind.CHARGEBACK, EntryKind.CORRECTION]

_STANDING = """
    SELECT
        coalesce(sum(e.principal) FILTER (WHERE e.kind = 'opening'), 0),
        coalesce(-sum(e.principal) FILTER (WHERE e.kind = ANY(%(delivering)s)), 0),
        coalesce(-sum(e.principal) FILTER (WHERE e.kind <> 'opening' AND e.kind <> ALL(%(delivering)s)), 0),
        (SELECT coalesce(sum(d.amount), 0) FROM accounts_dueitem AS d
            WHERE d.account_id = %(account)s AND d.replaced_by_id IS NULL AND d.due_on <= %(on)s),
        (SELECT min(d.due_on) FROM accounts_dueitem AS d
            WHERE d.account_id = %(account)s AND d.replaced_by_id IS NULL AND d.due_on > %(on)s),
        (SELECT r.id FROM accounts_reconciliation AS r WHERE r.account_id = %(account)s AND r.ended_at IS NULL)
    FROM accounts_ledgerentry AS e WHERE e.account_id = %(account)s
"""


@dataclass(frozen=True)
class AdvanceStanding:
    """One advance on a civil day. What was delivered, what was let go and what is left add up to the purchased amount.

    `expected` is what should have been delivered since we have it, `arrived` what was; `behind` their difference when
    it is short. `ends_on` is None without terms, or when nothing is remitted at the present estimate.
    """

    terms: AdvanceTerms | None
    on: date
    purchased: Decimal
    delivered: Decimal
    let_go: Decimal
    remaining: Decimal
    expected: Decimal
    arrived: Decimal
    next_on: date | None
    ends_on: date | None
    reconciliation: int | None

    @property
    def share_delivered(self) -> Decimal:
        """Of the purchased amount, in per cent with one place."""
        return (self.delivered * 100 / self.purchased).quantize(Decimal("0.1")) if self.purchased else ZERO

    @property
    def behind(self) -> Decimal:
        return max(ZERO, self.expected - self.arrived)

    @property
    def ahead(self) -> Decimal:
        """What was delivered before it was expected: it meets the next remittances."""
        return max(ZERO, self.arrived - self.expected)

    @property
    def remittances_behind(self) -> int:
        return remittances_in(self.behind, self.terms.remittance) if self.terms else 0


def advance_standing(account: Account, *, on: date) -> AdvanceStanding:
    """Two queries, whatever the account holds."""
    terms = AdvanceTerms.objects.filter(account=account).order_by("-version").first()
    given = {"account": account.pk, "on": on, "delivering": [str(kind) for kind in DELIVERING]}
    with connection.cursor() as cursor:
        ask(cursor, _STANDING, given)
        opened, came, let_go, expected, next_on, reconciliation = cursor.fetchone()
    purchased = account.purchased_amount or opened
    remaining = max(ZERO, account.principal)
    return AdvanceStanding(
        terms=terms,
        on=on,
        purchased=purchased,
        # What came before we had it is the difference between what was bought and what our ledger began with.
        delivered=purchased - opened + came,
        let_go=let_go,
        remaining=remaining,
        expected=expected,
        arrived=account.credited,
        next_on=next_on,
        ends_on=_end(account, terms, remaining, next_on, on),
        reconciliation=reconciliation,
    )


def _end(
    account: Account, terms: AdvanceTerms | None, remaining: Decimal, next_on: date | None, on: date
) -> date | None:
    if terms is None:
        return None
    calendar = calendar_of(account)
    first = next_on or calendar.open_from(on + timedelta(days=1))
    return expected_end(remaining, terms.remittance, first, terms.rhythm, calendar)
