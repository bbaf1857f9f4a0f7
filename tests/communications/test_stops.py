"""The emergency stop: one person halts contact at once, two different people let it go on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from accounts.foundation.errors import Refused
from accounts.foundation.events import Event
from accounts.foundation.purposes import Channel, Purpose
from collections_crm.work.leases import take_next
from communications.models import Contact, ContactStop, StopCause
from communications.policy.facts import CHANNELS, OUTBOUND_PURPOSES, STOP_CAUSES, ContactFacts, StopFact
from communications.policy.wording import words
from communications.selectors.contact_facts import ContactRequest
from communications.selectors.replay import replay
from communications.selectors.told_reasons import told_once, told_reasons
from communications.services.authorise import authorise_contact, preview_contact
from communications.services.inbound import answer_caller
from communications.services.stops import release_stop, stop_contact
from tests.factories import NOW, again, make_portfolio, make_user, place_account
from tests.support.policy_facts import account as account_fact
from tests.support.policy_facts import at, contact, judged, only

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
EVERYWHERE = {"channel": "", "jurisdiction": "", "portfolio_id": None}


def stop(actor, now=NOW, **differs) -> ContactStop:
    said = {**EVERYWHERE, "cause": "wrong_content", "note": "Balances of yesterday are doubled."} | differs
    return stop_contact(actor=actor, now=now, **said)


def call(account, now=NOW, **differs):
    party = account.parties.get()
    point = party.contact_points.get(kind="phone")
    asked = {"channel": "call", "purpose": "demand", "party_id": party.pk, "contact_point_id": point.pk} | differs
    return authorise_contact(account_ids=[account.pk], actor=None, now=now, **asked).decision


@pytest.mark.parametrize("role", ["manager", "compliance", "admin"])
def test_one_person_stops_everything_at_once(role):
    account = place_account()
    before = call(account).verdict

    stop(make_user(role))

    assert (before, call(account).verdict, Contact.objects.count()) == ("allow", "refuse", 1)


@pytest.mark.parametrize("role", ["agent", "finance"])
def test_nobody_else_stops_or_releases(role, manager):
    standing, other = stop(manager), make_user(role)

    with pytest.raises(Refused, match="Only managers, compliance and administrators"):
        stop(other, channel="text")
    with pytest.raises(Refused, match="Only managers, compliance and administrators"):
        release_stop(stop_id=standing.pk, actor=other, now=NOW)

    assert [s.state for s in ContactStop.objects.all()] == ["standing"]


@pytest.mark.parametrize("purpose", OUTBOUND_PURPOSES)
def test_no_purpose_of_ours_passes_a_stop_statutory_notices_among_them(purpose):
    stopped = account_fact(stops=(StopFact(4, "", "breach", NOW.date()),))

    answer = judged(contact(at("2026-04-08 18:00"), stopped, purpose=purpose))

    assert ("emergency-stop", None) in [(reason.rule, reason.retry_at) for reason in answer.reasons]
    assert (answer.verdict, answer.next_allowed_at) == ("refuse", None)


def test_customers_reach_us_while_everything_is_stopped(manager, agent):
    account = place_account()
    stop(manager)

    answered = answer_caller(account_id=account.pk, caller_role="primary", key="k", actor=agent, now=NOW)

    assert answered.direction == "in"


def test_a_stop_of_one_channel_leaves_the_others_alone(manager):
    account = place_account()

    stop(manager, channel="text")

    assert call(account).verdict == "allow"


@pytest.mark.parametrize(
    ("where", "stopped"), [({"jurisdiction": "US"}, [False, True]), ({"portfolio_id": "of UK"}, [True, False])]
)
def test_a_stop_covers_its_country_or_portfolio_and_nothing_else(manager, where, stopped):
    accounts = [place_account(jurisdiction=place) for place in ("UK", "US")]
    if "portfolio_id" in where:
        where = {"portfolio_id": accounts[0].portfolio_id}

    stop(manager, **where)

    found = [[reason["kind"] for reason in call(account).reasons] == ["stop"] for account in accounts]
    assert found == stopped


def test_the_refusal_names_the_stop_in_both_languages_and_is_replayed_from_its_facts(manager, compliance):
    account = place_account()
    standing = stop(manager, channel="call")

    decision = call(account)
    told = []
    for language in ("en", "es-mx"):
        with translation.override(language):
            told.append(told_reasons(decision)[0].sentence)
    for person in (manager, compliance):
        release_stop(stop_id=standing.pk, actor=person, now=LATER)

    assert told == [
        "Emergency stop (calls) since Wed 18 Nov 2026: wrong amounts or texts. It stands until two people release it.",
        "Paro de emergencia (llamadas) desde el mié 18 nov 2026: montos o textos equivocados."
        " Sigue hasta que dos personas lo levanten.",
    ]
    assert replay(decision, policy_at=LATER).is_same
    assert ContactFacts.from_json(decision.facts).accounts[0].stops[0].id == standing.pk


def test_the_page_says_why_before_anybody_tries(manager):
    account = place_account()
    stop(manager)
    party = account.parties.get()
    request = ContactRequest((account.pk,), party.pk, party.contact_points.get(kind="phone").pk, "call", "demand")

    told = told_once(preview_contact(requests=[request], now=NOW))

    assert [one.rule for one in told] == ["emergency-stop"]


def test_a_question_to_the_gate_takes_no_query_more_for_the_stops(manager, django_assert_num_queries):
    account = place_account()
    stop(manager)
    party = account.parties.get()
    request = ContactRequest((account.pk,), party.pk, party.contact_points.get(kind="phone").pk, "call", "demand")
    preview_contact(requests=[request], now=NOW)

    with django_assert_num_queries(4):
        preview_contact(requests=[request], now=NOW)


def test_no_version_of_the_policy_lets_a_stopped_contact_through():
    stopped = account_fact(stops=(StopFact(4, "call", "breach", NOW.date()),))

    answer = judged(contact(at("2026-04-08 18:00"), stopped), only({"kind": "zone"}))

    assert answer.rules == ("emergency-stop",)


def test_one_yes_releases_nothing_the_second_by_somebody_else_does(manager, compliance):
    account, standing = place_account(), stop(manager)

    release_stop(stop_id=standing.pk, actor=manager, now=LATER)
    after_one = call(account, LATER).verdict
    release_stop(stop_id=standing.pk, actor=compliance, now=LATER)

    assert (after_one, call(account, LATER).verdict) == ("refuse", "allow")
    ended = again(standing)
    assert (ended.state, ended.first_yes_by, ended.released_by) == ("released", manager, compliance)
    kinds = Event.objects.filter(subject_type="contactstop").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["contactstop.stop", "contactstop.agree", "contactstop.release"]


def test_the_same_person_never_gives_both_yeses(manager, compliance):
    account, standing = place_account(), stop(compliance)
    release_stop(stop_id=standing.pk, actor=manager, now=LATER)

    with pytest.raises(Refused, match="second person"):
        release_stop(stop_id=standing.pk, actor=manager, now=LATER)

    assert call(account, LATER).verdict == "refuse"


def test_a_released_stop_is_not_released_again(manager, compliance, admin):
    standing = stop(manager)
    for person in (manager, compliance):
        release_stop(stop_id=standing.pk, actor=person, now=LATER)

    with pytest.raises(Refused, match="released already"):
        release_stop(stop_id=standing.pk, actor=admin, now=LATER)


def test_a_stop_says_what_happened_and_covers_one_thing(manager):
    for wrong, words_of_it in (
        ({"note": " "}, "Say what happened"),
        ({"jurisdiction": "UK", "portfolio_id": make_portfolio().pk}, "one country or for one portfolio"),
    ):
        with pytest.raises(Refused, match=words_of_it):
            stop(manager, **wrong)


def test_the_very_same_is_not_stopped_twice(manager, admin):
    first = stop(manager, channel="text")

    with pytest.raises(Refused, match=f"stop {first.pk}"):
        stop(admin, channel="text")

    assert stop(admin, channel="").pk


def test_next_passes_over_who_may_not_be_called_and_keeps_what_needs_no_call(agent, manager):
    stopped = place_account(owed="9000.00", due="9000.00")
    other = place_account(jurisdiction="MX", due="10.00")

    stop(manager, jurisdiction="UK", channel="call")

    assert take_next(actor=agent, now=NOW) == other.pk
    assert stopped.pk != other.pk


def test_causes_and_channels_are_the_same_everywhere_they_are_listed():
    assert list(STOP_CAUSES) == StopCause.values == words("stop_cause")
    assert ["all", *CHANNELS] == words("stopped")
    assert list(CHANNELS) == Channel.values
    assert set(OUTBOUND_PURPOSES) == set(Purpose.values) - {"inbound"}
