"""A person who can't be reached is looked for: asked, searched, candidates taken or turned down, and remembered."""

from datetime import timedelta

import pytest

from accounts.foundation.domain_events import SkipTraceEnded, wiring
from accounts.foundation.errors import Refused
from accounts.models import ContactPoint, SkipTrace, TraceCandidate
from accounts.services.contact_points import add_contact_point, set_status
from accounts.services.skip_traces import (
    accept_candidate,
    due_traces,
    give_back_lost,
    reject_candidate,
    request_trace,
    run_trace,
)
from accounts.tasks import run_due_traces
from accounts.tracing.number_intelligence import facts_of
from tests.factories import NOW, TODAY, again, make_party, place_account

pytestmark = pytest.mark.django_db
LONDON = "+442079460123"


@pytest.fixture
def lost(team):
    """Nobody to reach, and known to another creditor by phone."""
    account = place_account(phone=None, address=False, party=make_party("Hannah Baker"))
    place_account(phone=LONDON, address=False, party=make_party("Hannah Baker"))
    return account


@pytest.fixture
def alone(team):
    return place_account(phone=None, address=False, party=make_party("Oscar Whitfield"))


@pytest.fixture
def ended(monkeypatch):
    heard = []
    monkeypatch.setitem(wiring.handlers, SkipTraceEnded, [heard.append])
    return heard


def searched(account, actor=None, now=NOW):
    trace = request_trace(account_id=account.pk, party_id=account.parties.get().pk, actor=actor, now=now)
    run_trace(skip_trace_id=trace.pk, now=now)
    return again(trace)


def test_the_own_book_offers_what_another_creditor_knows_with_evidence_and_confidence(lost):
    trace = searched(lost)

    offer = trace.candidates.get()
    assert trace.state == "candidates"
    assert (offer.kind, offer.value, offer.provider) == ("phone", LONDON, "own_book")
    assert offer.evidence == ["birth_date", "name"]
    assert offer.confidence == 95


def test_an_accepted_candidate_makes_the_account_workable(lost, agent, ended):
    trace = searched(lost)

    point = accept_candidate(candidate_id=trace.candidates.get().pk, actor=agent, now=NOW)

    assert (point.party, point.value, point.provenance) == (trace.party, LONDON, "own_book")
    assert point.status == "unverified"
    assert (again(lost).next_kind, again(lost).next_on) == ("act", TODAY)
    assert (again(trace).state, again(trace).ended_at) == ("verified", NOW)
    assert [event.ids for event in ended] == [{trace.pk}]


def test_accepting_twice_makes_one_contact_point(lost, agent, ended):
    offer = searched(lost).candidates.get()

    first = accept_candidate(candidate_id=offer.pk, actor=agent, now=NOW)
    second = accept_candidate(candidate_id=offer.pk, actor=agent, now=NOW)

    assert first == second
    assert ContactPoint.objects.filter(party=lost.parties.get()).count() == 1
    assert len(ended) == 1


def test_a_rejected_value_is_never_offered_again_for_that_person(lost, agent):
    trace = searched(lost)
    reject_candidate(candidate_id=trace.candidates.get().pk, actor=agent, now=NOW)

    later = searched(lost, now=NOW + timedelta(days=31))

    assert later.pk != trace.pk
    assert (later.state, later.candidates.count()) == ("exhausted", 0)


def test_with_the_last_candidate_rejected_the_search_has_found_nothing(lost, agent, ended):
    trace = searched(lost)
    offer = trace.candidates.get()

    reject_candidate(candidate_id=offer.pk, actor=agent, now=NOW)
    reject_candidate(candidate_id=offer.pk, actor=agent, now=NOW)

    assert again(trace).state == "exhausted"
    assert (again(lost).next_kind, again(lost).next_on) == ("trace", TODAY + timedelta(days=30))
    assert len(ended) == 1


def test_a_decided_candidate_is_not_decided_the_other_way(lost, agent):
    accepted = searched(lost).candidates.get()
    accept_candidate(candidate_id=accepted.pk, actor=agent, now=NOW)

    with pytest.raises(Refused, match="accepted already"):
        reject_candidate(candidate_id=accepted.pk, actor=agent, now=NOW)

    assert again(accepted).verdict == "accepted"


def test_where_nothing_is_found_the_account_is_traced_again_a_month_later(alone, ended):
    trace = searched(alone)

    assert (trace.state, trace.ended_at) == ("exhausted", NOW)
    assert (again(alone).next_kind, again(alone).next_on) == ("trace", TODAY + timedelta(days=30))
    assert len(ended) == 1


def test_a_search_that_runs_already_is_answered_and_not_begun_again(lost, agent):
    party = lost.parties.get()

    first = request_trace(account_id=lost.pk, party_id=party.pk, actor=agent, now=NOW)
    second = request_trace(account_id=lost.pk, party_id=party.pk, actor=agent, now=NOW)

    assert first == second


def test_nobody_is_looked_for_on_an_account_that_is_not_theirs(lost, alone, agent):
    with pytest.raises(Refused, match="has no part"):
        request_trace(account_id=lost.pk, party_id=alone.parties.get().pk, actor=agent, now=NOW)

    assert not SkipTrace.objects.exists()


def test_running_a_search_twice_searches_once(lost):
    trace = searched(lost)

    run_trace(skip_trace_id=trace.pk, now=NOW)

    assert TraceCandidate.objects.count() == 1


def test_a_search_whose_worker_was_lost_is_begun_again(lost, settings):
    trace = request_trace(account_id=lost.pk, party_id=lost.parties.get().pk, actor=None, now=NOW)
    SkipTrace.objects.filter(pk=trace.pk).update(state="searching", claimed_at=NOW)

    assert give_back_lost(now=NOW + timedelta(minutes=4)) == []
    assert give_back_lost(now=NOW + timedelta(minutes=6)) == [trace.pk]

    assert due_traces(now=NOW) == [trace.pk]


def test_the_sweep_runs_what_is_due(lost, settings):
    settings.FROZEN_NOW = NOW
    trace = request_trace(account_id=lost.pk, party_id=lost.parties.get().pk, actor=None, now=NOW)

    run_due_traces()

    assert again(trace).state == "candidates"


def test_what_the_numbering_plan_says_of_an_own_number_is_kept_but_never_accepted(lost, agent):
    party = lost.parties.get()
    given = {"actor": None, "now": NOW}
    own = add_contact_point(party_id=party.pk, kind="phone", value="+447911123456", provenance="creditor", **given)
    set_status(contact_point_id=own.pk, status="dead", reason="not_in_service", **given)

    facts = searched(lost).candidates.get(provider="number_intelligence")

    assert (facts.kind, facts.contact_point) == ("number", own)
    assert "line:mobile" in facts.evidence
    with pytest.raises(Refused, match="known about a number"):
        accept_candidate(candidate_id=facts.pk, actor=agent, now=NOW)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("+12125550123", {"valid", "zone:America/New_York"}),
        ("+525553124567", {"valid", "zone:America/Mexico_City"}),
        ("+4400", {"invalid"}),
        ("unknown", {"invalid"}),
    ],
)
def test_a_number_tells_whether_it_can_exist_and_where_it_may_ring(number, said):
    _confidence, codes = facts_of(number)

    assert said <= set(codes)
