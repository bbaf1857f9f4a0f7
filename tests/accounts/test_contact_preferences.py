"""What a person asks for is kept as it was said, bound to them on every debt, and ended by saying so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.foundation.errors import Refused
from accounts.foundation.events import Event
from accounts.models import ContactPreference, Workplace
from accounts.services.contact_preferences import (
    note_preference,
    note_workplace,
    set_point_zone,
    state_zone,
    withdraw_preference,
)
from communications.selectors.contact_facts import ContactRequest, gather
from tests.factories import NOW, again, make_party, place_account

pytestmark = pytest.mark.django_db

EVENINGS = ["17:00-21:00"] * 7


def facts_of(account, channel="call"):
    party = account.parties.get()
    point = party.contact_points.filter(kind="phone").first()
    return gather(ContactRequest((account.pk,), party.pk, point.pk, channel, "demand"), now=NOW).facts


def note(party, agent, **differs):
    wish = {"told_by": "call", "hours": EVENINGS} if not differs.keys() & {"media", "not_at_work", "hours"} else {}
    return note_preference(party_id=party.pk, actor=agent, now=NOW, **{"told_by": "call", **wish, **differs})


def test_what_was_asked_on_one_account_binds_on_every_debt_of_the_person(agent):
    party = make_party()
    first, second = place_account(party=party), place_account(party=party)

    kept = note(party, agent, account_id=first.pk)

    assert [wish.id for wish in facts_of(second).preferences] == [kept.pk]
    assert facts_of(second).preferences[0].hours == tuple(EVENINGS)
    event = Event.objects.get(kind="contact_preference.noted")
    assert (event.account, event.actor, event.codes) == (first, agent, {"told_by": "call", "replaces": None})


def test_a_wish_that_changes_is_followed_by_another_row_and_stays_as_it_was_written(agent):
    account = place_account()
    party = account.parties.get()
    before = note(party, agent)

    after = note(party, agent, media=["email"], replaces_id=before.pk)

    assert again(before).hours == EVENINGS
    assert [wish.id for wish in facts_of(account).preferences] == [after.pk]


def test_a_wish_that_ends_binds_no_more(agent):
    account = place_account()
    wish = note(account.parties.get(), agent)

    ended = withdraw_preference(preference_id=wish.pk, told_by="letter", actor=agent, now=NOW + timedelta(days=1))

    assert (ended.withdrawn, ended.replaces) == (True, wish)
    assert facts_of(account).preferences == ()
    assert list(ContactPreference.objects.current()) == []


def test_a_wish_that_somebody_changed_meanwhile_is_not_changed_again(agent):
    party = place_account().parties.get()
    wish = note(party, agent)
    withdraw_preference(preference_id=wish.pk, told_by="call", actor=agent, now=NOW)

    with pytest.raises(Refused, match="meanwhile"):
        note(party, agent, replaces_id=wish.pk)
    with pytest.raises(Refused, match="meanwhile"):
        withdraw_preference(preference_id=wish.pk, told_by="call", actor=agent, now=NOW)
    assert ContactPreference.objects.count() == 2


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"hours": []}, "Say what they asked for"),
        ({"hours": ["17-20"] * 7}, "Write the hours"),
        ({"hours": ["17:00-20:00"]}, "Write the hours"),
        ({"hours": [""] * 7}, "an opt-out"),
        ({"media": ["email"], "from_on": date(2026, 12, 2), "until_on": date(2026, 12, 1)}, "ends before it begins"),
    ],
)
def test_a_wish_that_says_nothing_is_refused_and_leaves_no_trace(agent, asked, words):
    party = place_account().parties.get()
    events = Event.objects.count()

    with pytest.raises(Refused, match=words):
        note(party, agent, **asked)

    assert (ContactPreference.objects.count(), Event.objects.count()) == (0, events)


def test_a_wish_about_somebody_elses_number_or_a_channel_it_has_not_is_refused(agent):
    own, other = place_account().parties.get(), place_account().parties.get()
    phone = own.contact_points.get(kind="phone")

    with pytest.raises(Refused, match="not this person's"):
        note(other, agent, contact_point_id=phone.pk)
    with pytest.raises(Refused, match="can't be used there"):
        note(own, agent, contact_point_id=phone.pk, channel="email")


@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE accounts_contactpreference SET hours = '{}', not_at_work = true",
        "UPDATE accounts_contactpreference SET until_on = '2026-01-01'",
        "DELETE FROM accounts_contactpreference",
        "TRUNCATE accounts_contactpreference CASCADE",
        "UPDATE accounts_workplace SET employer = ''",
        "DELETE FROM accounts_workplace",
    ],
)
def test_what_was_asked_and_told_stands_in_the_database(agent, forged):
    party = place_account().parties.get()
    note(party, agent)
    note_workplace(party_id=party.pk, employer="forbids", hours=[], told_by="call", actor=agent, now=NOW)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(forged)


def test_what_is_known_of_the_work_is_told_of_numbers_at_work_only(agent):
    account = place_account()
    party = account.parties.get()
    note_workplace(party_id=party.pk, employer="allows", hours=[], told_by="call", actor=agent, now=NOW)
    shift = ["22:00-06:00"] * 5 + ["", ""]

    note_workplace(party_id=party.pk, employer="forbids", hours=shift, told_by="call", actor=agent, now=NOW)

    assert facts_of(account).point.employer_forbids is False
    party.contact_points.filter(kind="phone").update(is_work=True)
    point = facts_of(account).point
    assert (point.employer_forbids, point.work_hours) == (True, tuple(shift))
    assert Workplace.objects.count() == 2


def test_a_zone_that_the_person_states_is_judged_beside_that_of_the_address(agent):
    account = place_account()
    party = account.parties.get()
    phone = party.contact_points.get(kind="phone")

    state_zone(party_id=party.pk, zone="Europe/Athens", actor=agent, now=NOW)
    set_point_zone(contact_point_id=phone.pk, zone="Atlantic/Azores", actor=agent, now=NOW)

    zones = {(fact.zone, fact.source) for fact in facts_of(account).party.zones}
    assert {("Europe/Athens", "statement"), ("Atlantic/Azores", "record")} <= zones
    state_zone(party_id=party.pk, zone="", actor=agent, now=NOW)
    set_point_zone(contact_point_id=phone.pk, zone="", actor=agent, now=NOW)
    assert {fact.zone for fact in facts_of(account).party.zones} == {"Europe/London"}
    assert Event.objects.filter(kind="person.zone_stated").count() == 2


def test_a_zone_that_is_nowhere_is_refused(agent):
    party = place_account().parties.get()

    with pytest.raises(Refused, match="no such time zone"):
        state_zone(party_id=party.pk, zone="Moon/Base", actor=agent, now=NOW)
