"""The own book finds one person whom several creditors placed, and doesn't take two people for one."""

import pytest
from django.db import connection

from accounts.models import ContactPoint
from accounts.selectors.own_book import ALIKE, SAME_NAME, alike_parties, likely_same_person
from tests.factories import NOW, make_party

pytestmark = pytest.mark.django_db


def points(party, **values):
    for kind, value in values.items():
        given = {"city": "Leeds", "country": "GB", "postcode": value.rsplit(", Leeds ")[-1]} if kind == "post" else {}
        ContactPoint.objects.create(party=party, kind=kind, value=value, provenance="creditor", added_at=NOW, **given)


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
