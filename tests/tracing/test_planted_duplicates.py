"""Over a seeded book: the people planted twice are found, and hardly anybody else is taken for somebody."""

import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from accounts.models import AccountParty, Party
from accounts.selectors.own_book import likely_same_person
from accounts.tracing.own_book import OwnBook
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def planted(real_db, django_db_blocker, tmp_path_factory):
    """The pairs of parties of a seeded book that are one person each."""
    truth = tmp_path_factory.mktemp("planted") / "truth.json"
    with django_db_blocker.unblock(), override_settings(FROZEN_NOW=NOW, DEMO=True):
        call_command("seed_book", accounts=2000, seed=7, bare=True, truth=truth)
        with connection.cursor() as cursor:
            # No autovacuum runs here that would tell the planner how large the book is.
            cursor.execute("ANALYZE")
        party_of = dict(AccountParty.objects.filter(role="primary").values_list("account__reference", "party_id"))
    return {frozenset((party_of[one], party_of[other])) for one, other, _shares in json.loads(truth.read_text())}


def test_at_least_48_of_50_planted_duplicates_are_found_with_at_most_2_false_pairs(planted):
    alike = likely_same_person(party_ids=Party.objects.values_list("pk", flat=True))

    pairs = {frozenset((row.party_id, row.other_id)) for row in alike}
    found, false = pairs & planted, pairs - planted
    print(f"planted {len(planted)}, found {len(found)}, false {len(false)}")  # noqa: T201
    assert len(planted) == 50
    assert len(found) >= 48
    assert len(false) <= 2


def test_skip_traces_over_the_seeded_book_offer_the_planted_duplicates_and_at_most_2_others(planted):
    book = OwnBook()
    found = ((party.pk, finding) for party in Party.objects.all() for finding in book.look_up(party))
    offered = {frozenset((pk, finding.other_party_id)) for pk, finding in found}

    assert len(offered & planted) >= 48
    assert len(offered - planted) <= 2
