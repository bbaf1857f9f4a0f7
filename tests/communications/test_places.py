"""The customer's clock is one that the gate judges by, not the office's."""

import pytest

from communications.selectors.places import zone_of
from tests.factories import make_party, place_account

pytestmark = pytest.mark.django_db


def clock_of(account):
    party = account.parties.get()
    return zone_of(party, party.contact_points.filter(kind="phone").first(), account)


def test_a_customer_in_denver_of_a_new_york_book_has_denvers_clock():
    account = place_account(jurisdiction="US", phone="(303) 555-0100", address=False)

    assert account.portfolio.zone == "America/New_York"
    assert clock_of(account) == "America/Denver"


def test_an_address_counts_before_a_number():
    account = place_account(jurisdiction="US", phone="(303) 555-0100")

    assert clock_of(account) == "America/New_York"


def test_what_the_customer_said_counts_most():
    party = make_party(stated_zone="America/Los_Angeles")

    assert clock_of(place_account(jurisdiction="US", party=party)) == "America/Los_Angeles"


def test_nothing_known_leaves_the_portfolios_clock():
    account = place_account(jurisdiction="US", phone=None, address=False)

    assert clock_of(account) == "America/New_York"
