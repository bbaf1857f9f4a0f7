"""The own book finds one person whom several creditors placed, and doesn't take two people for one."""

import json

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import AccountParty, ContactPoint, Party
from accounts.selectors.own_book import ALIKE, SAME_NAME, alike_parties, likely_same_person
from accounts.tracing.own_book import OwnBook
from collections_crm.demo.book import write_book
from collections_crm.demo.people import hire_staff, open_portfolios
from collections_crm.demo.plan import plan_book
from tests.factories import NOW, make_party

pytestmark = pytest.mark.django_db


def points(party, **values):
    for kind, value in values.items():
        given = {"city": "Leeds", "country": "GB", "postcode": value.rsplit(", Leeds ")[-1]} if kind == "post" else {}
        ContactPoint.objects.create(party=party, kind=kind, value=value, provenance="creditor", added_at=NOW, **given)


def seeded_book():
    plans = plan_book(accounts=2000, seed=7, today=NOW.date())
    portfolios = {portfolio.code: portfolio for portfolio in open_portfolios()}
    staff = hire_staff(list(portfolios.values()))
    write_book(plans, portfolios=portfolios, team=staff["agent"].team, owners=[], now=NOW)
    with connection.cursor() as cursor:
        # Nothing is committed here, so no autovacuum tells the planner how large the book is.
        cursor.execute("ANALYZE")
    return plans


def test_at_least_48_of_50_planted_duplicates_are_found_with_at_most_2_false_pairs():
    plans = seeded_book()
    holders = AccountParty.objects.filter(role="primary").values_list("account__reference", "party_id")
    party_of = dict(holders)
    planted = {frozenset((party_of[p.reference], party_of[p.twin_of])) for p in plans if p.twin_of}

    alike = likely_same_person(party_ids=Party.objects.values_list("pk", flat=True))

    pairs = {frozenset((row.party_id, row.other_id)) for row in alike}
    found, false = pairs & planted, pairs - planted
    print(f"planted {len(planted)}, found {len(found)}, false {len(false)}")  # noqa: T201
    assert len(planted) == 50
    assert len(found) >= 48
    assert len(false) <= 2


def test_a_relative_at_the_same_phone_is_alike_but_not_taken_for_the_person():
    ours, theirs = make_party("Hannah Baker", birth_date=None), make_party("Oscar Whitfield", birth_date=None)
    points(ours, phone="+442079460001")
    points(theirs, phone="+442079460001")

    (alike,) = alike_parties(party_ids=[ours.pk])

    assert (alike.other_id, alike.evidence) == (theirs.pk, ["phone"])
    assert not alike.is_likely


def test_an_address_agrees_whatever_its_post_code_capitals_and_punctuation():
    ours, theirs = make_party("Hannah Baker", birth_date=None), make_party("Hanna Baker", birth_date=None)
    points(ours, post="12 Mill Lane, Leeds LS6 2AS")
    points(theirs, post="12, MILL LANE, Leeds LS11 5BZ")

    (alike,) = likely_same_person(party_ids=[ours.pk])

    assert {"address", "name"} <= set(alike.evidence)


def test_a_namesake_in_the_same_place_is_alike_but_not_taken_for_the_person():
    ours, theirs = make_party("Hannah Baker", birth_date=None), make_party("Hannah Baker", birth_date=None)
    points(ours, post="12 Mill Lane, Leeds LS6 2AS")
    points(theirs, post="7 Park Row, Leeds LS6 2AS")

    (alike,) = alike_parties(party_ids=[ours.pk])

    assert alike.evidence == ["place", "name"]
    assert not alike.is_likely


def test_a_number_that_was_somebody_elses_says_nothing():
    ours, theirs = make_party("Hannah Baker", birth_date=None), make_party("Hannah Baker", birth_date=None)
    points(ours, phone="+442079460001")
    points(theirs, phone="+442079460001")
    ContactPoint.objects.filter(party=ours).update(status="wrong_party")

    assert alike_parties(party_ids=[ours.pk]) == []


def test_every_part_of_the_question_can_be_answered_by_an_index():
    party = make_party("Hannah Baker")

    with connection.cursor() as cursor:
        # In a small book reading through is cheaper; here it is chosen only where no index could serve.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {ALIKE}", {"parties": [party.pk], "same_name": SAME_NAME})
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Seq Scan" not in plan, plan
    for index in ("party_search_name", "contact_point_address", "contact_point_value", "party_person"):
        assert index in plan, plan


def test_skip_traces_over_the_seeded_book_offer_the_planted_duplicates_and_at_most_2_others(settings, tmp_path):
    settings.FROZEN_NOW, settings.DEMO = NOW, True
    truth = tmp_path / "truth.json"
    call_command("seed_book", accounts=2000, seed=7, bare=True, truth=truth)
    party_of = dict(AccountParty.objects.filter(role="primary").values_list("account__reference", "party_id"))
    planted = {frozenset((party_of[one], party_of[other])) for one, other, _shares in json.loads(truth.read_text())}

    book = OwnBook()
    found = ((party.pk, finding) for party in Party.objects.all() for finding in book.look_up(party))
    offered = {frozenset((pk, finding.other_party_id)) for pk, finding in found}

    assert len(offered & planted) >= 48
    assert len(offered - planted) <= 2
