"""Terms that come with a file of accounts: whole or left out; what is expected follows as it does by hand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest

from accounts.models import Account
from accounts.services.placements.importing import import_file
from collections_crm.proof.invariants import INVARIANTS, violators
from tests.factories import NOW, TODAY, make_portfolio
from tests.support.advances import advance, present
from tests.support.placement_files import HEADER, csv_bytes, row

pytestmark = pytest.mark.django_db
TERMS = ["purchased_amount", "purchase_price", "percentage", "rhythm", "remittance"]


def place(manager, *cells, product="mca", **ordinary):
    portfolio = make_portfolio("US", product, regulated=False)
    given = {"principal": "12,000.00", "due_now": "400.00"} | ordinary
    content = csv_bytes(rows=[[*row(**given), *cells]], header=[*HEADER, *TERMS])
    import_file(
        portfolio_id=portfolio.pk, stream=BytesIO(content), file_name="advances.csv", mapping_name="standard",
        as_of=TODAY, actor=manager, now=NOW,
    )  # fmt: skip
    return Account.objects.get(external_reference=ordinary.get("reference", "A-1"))


@pytest.mark.parametrize("rhythm", ["daily", "weekly"])
def test_terms_in_the_file_lay_out_what_terms_by_hand_do(team, manager, rhythm):
    placed = place(manager, "13,000.00", "10,000.00", "10 %", rhythm, "200.00")
    by_hand = advance()

    terms = present(placed)
    assert (terms.factor_rate, terms.share, terms.reason) == (Decimal("1.3000"), Decimal("0.10000"), "placed")
    laid_out = list(placed.due_items.filter(terms=terms).order_by("due_on").values_list("due_on", "amount"))
    assert sum(amount for _day, amount in laid_out) == Decimal("11600.00")
    assert laid_out[0] == (TODAY + timedelta(days=1), Decimal("200.00"))
    if rhythm == "daily":
        expected = by_hand.due_items.filter(terms__isnull=False).order_by("due_on")
        assert laid_out == list(expected.values_list("due_on", "amount"))
    assert [one.name for one in INVARIANTS if violators(one)] == []


@pytest.mark.parametrize(
    "cells",
    [
        ["13,000.00", "10,000.00", "10", "daily", ""],
        ["13,000.00", "14,000.00", "10", "daily", "200.00"],
        ["", "10,000.00", "10", "daily", "200.00"],
    ],
)
def test_terms_that_are_not_whole_are_left_out_with_a_warning(team, manager, cells):
    placed = place(manager, *cells)

    assert present(placed) is None
    assert placed.origin.warnings == ["advance_terms_incomplete"]


def test_a_percentage_that_is_none_rejects_its_row(team, manager):
    with pytest.raises(Account.DoesNotExist):
        place(manager, "13,000.00", "10,000.00", "0", "daily", "200.00")


def test_a_loan_has_no_terms_whatever_its_file_says(team, manager):
    placed = place(manager, "13,000.00", "10,000.00", "10", "daily", "200.00", product="loan")

    assert present(placed) is None
    assert placed.due_items.count() == 1
