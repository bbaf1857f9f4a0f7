"""Advances in tests: placed with their terms, asked to be reconciled, their bank statements."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from accounts.models import Account, AdvanceTerms, Reconciliation, User
from accounts.services.advances import set_terms
from accounts.services.merchant_statements import add_receipts
from accounts.services.reconciliation_outcomes import propose_true_up
from accounts.services.reconciliations import ask_reconciliation
from tests.factories import NOW, TODAY, make_party, make_portfolio, make_user, place_account

TERMS = {
    "purchase_price": Decimal("10000.00"),
    "purchased_amount": Decimal("13000.00"),
    "share": Decimal("0.10"),
    "rhythm": "daily",
    "remittance": Decimal("200.00"),
    "reason": "contract",
}
# Mon 2 to Fri 13 November 2026: nine open days, Veterans Day (Wed 11) being closed.
FIRST, LAST = date(2026, 11, 2), date(2026, 11, 13)


def advance(
    owed: str = "12000.00", due: str = "400.00", *, terms: bool = True, language: str = "en", **fields
) -> Account:
    """A merchant's advance in New York, 1,000 of its 13,000 delivered before we had it; terms set by a manager."""
    portfolio = fields.pop("portfolio", None) or make_portfolio("US", "mca", regulated=False)
    merchant = {"kind": "entity", "birth_date": None, "tax_id": "12-3456789", "language": language}
    party = fields.pop("party", None) or make_party("Harbor Sports LLC", **merchant)
    fields = {"days_late": 34, "purchased_amount": TERMS["purchased_amount"]} | fields
    account = place_account(owed, due, portfolio=portfolio, party=party, **fields)
    if terms:
        manager = make_user("manager", portfolio.teams.first())
        set_terms(account_id=account.pk, actor=manager, now=NOW, **TERMS)
    return Account.objects.get(pk=account.pk)


def asked(account: Account, actor: User, **more) -> Reconciliation:
    given = {"said": "Sales are down by half.", "actor": actor, "now": NOW} | more
    return ask_reconciliation(account_id=account.pk, party_id=account.parties.first().pk, **given)


def with_receipts(
    case: Reconciliation, actor: User, a_day: str = "1000.00", first=FIRST, last=LAST, now=NOW
) -> Reconciliation:
    """The same receipts on every day from Monday to Friday of the period."""
    days = (first + timedelta(days=step) for step in range((last - first).days + 1))
    receipts = [(day, Decimal(a_day)) for day in days if day.weekday() < 5]
    add_receipts(reconciliation_id=case.pk, first=first, last=last, receipts=receipts, actor=actor, now=now)
    return Reconciliation.objects.get(pk=case.pk)


def proposed(account: Account, actor: User, a_day: str = "1000.00") -> Reconciliation:
    case = with_receipts(asked(account, actor), actor, a_day)
    propose_true_up(reconciliation_id=case.pk, actor=actor, now=NOW)
    return Reconciliation.objects.get(pk=case.pk)


def bank_file(*rows: str, header: str = "Date,Description,Credit,Debit") -> bytes:
    lines = rows or ("2026-11-02,Card sales,1000.00,", "2026-11-03,Rent,,400.00", "2026-11-04,Card sales,900.00,")
    return "\n".join([header, *lines, ""]).encode()


def present(account: Account) -> AdvanceTerms:
    return account.advance_terms.order_by("-version").first()


__all__ = ["FIRST", "LAST", "TERMS", "TODAY", "advance", "asked", "bank_file", "present", "proposed", "with_receipts"]
