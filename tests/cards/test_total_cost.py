"""What a short-term loan may cost in all: told where a cap is held, and interest stands still before it."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Account, InterestTerms, Origin
from accounts.selectors.total_cost import cost_of
from accounts.services.ledger import post_entry
from accounts.services.placements.importing import import_file
from collections_crm.closing.close import close_through
from collections_crm.closing.day import closing_instant
from tests.factories import NOW, TODAY, again, make_portfolio, make_team, make_user, place_account
from tests.support.placement_files import HEADER, csv_bytes, row

pytestmark = pytest.mark.django_db


def lent(place="UK", product="payday", amount="100.00"):
    account = place_account(portfolio=make_portfolio(place, product), owed="100.00", due="100.00")
    Origin.objects.create(account=account, lent=Decimal(amount))
    return account


def charge(account, fees):
    given = {"account": account, "kind": "fee", "source": "test", "actor": None, "now": NOW}
    post_entry(fees=Decimal(fees), effective_on=TODAY, source_key=fees, **given)


@pytest.mark.parametrize(("place", "product", "held"), [
    ("UK", "payday", True), ("AU", "payday", True), ("MX", "payday", False), ("US", "payday", False),
    ("UK", "loan", False),
])  # fmt: skip
def test_it_is_told_where_a_cap_is_held(place, product, held):
    account = lent(place, product)
    charge(account, "15.00")

    cost = cost_of(account)
    assert (cost is not None) is held
    if held:
        assert (cost.charged, cost.most, cost.room) == (15, 100, 85)


def test_the_account_page_tells_it_with_its_rule(client):
    account = lent()
    charge(account, "15.00")
    client.force_login(make_user("agent", make_team(account.portfolio)))

    page = client.get(reverse("account-signs", args=[account.reference])).content.decode()
    assert "CONC 5A.2.3R" in page
    assert "15.00" in page


@pytest.mark.parametrize(("place", "product", "said", "runs"), [
    ("UK", "payday", "292", "2.92"), ("UK", "payday", "365", "2.92"), ("UK", "loan", "365", "3.65"),
    ("AU", "payday", "12", None), ("MX", "payday", "365", "3.65"),
])  # fmt: skip
def test_a_file_brings_no_more_interest_a_day_than_the_law_allows(place, product, said, runs):
    portfolio = make_portfolio(place, product)
    make_team(portfolio)
    cells = [*row(phone="", country="", region="", postcode=""), said]
    import_file(
        portfolio_id=portfolio.pk,
        stream=io.BytesIO(csv_bytes(header=[*HEADER, "yearly_rate"], rows=[cells])),
        file_name="accounts.csv",
        mapping_name="standard",
        as_of=TODAY,
        actor=make_user("manager"),
        now=NOW,
    )

    account = Account.objects.get(portfolio=portfolio)
    rates = [terms.yearly_rate for terms in account.interest_terms.all()]
    assert rates == ([Decimal(runs)] if runs else [])
    assert ("interest_above_cap" in account.origin.warnings) is (runs is None or Decimal(said) / 100 > Decimal(runs))


def test_interest_stands_still_before_the_cap_is_reached():
    account = lent()
    terms = {"yearly_rate": Decimal("2.92"), "from_on": TODAY, "reason": "placed", "set_at": NOW}
    InterestTerms.objects.create(account=account, **terms)
    charge(account, "97.90")
    last = TODAY + timedelta(days=9)
    close_through(portfolio_id=account.portfolio_id, on=last, now=closing_instant(account.portfolio, last))

    assert Decimal("0.80") <= again(account).interest <= Decimal("2.10")
    assert cost_of(again(account)).charged <= 100
