"""Beginning a call: the gate's answer is kept, one call at a time, one key one call."""

from datetime import timedelta

import pytest

from accounts.foundation.errors import Refused
from accounts.services.contact_points import add_contact_point
from communications.models import Contact, FirstNotice, PolicyDecision
from communications.selectors.told_reasons import told_reasons
from communications.services.contacts import hang_up, start_call
from tests.communications.calls import caller, conclude, ring, verify
from tests.factories import NOW, TODAY, again, make_party, make_portfolio, make_user, place_account

pytestmark = pytest.mark.django_db
NIGHT = NOW.replace(hour=23)
DAY = timedelta(days=1)


def start(account, agent, *, key="first", now=NOW, purpose="demand", also=()):
    point = account.parties.first().contact_points.filter(kind="phone").first()
    return dial(account, agent, point, key, now=now, purpose=purpose, also=also)


def dial(account, agent, point, key, *, now=NOW, purpose="demand", also=()):
    return start_call(
        account_ids=[account.pk, *also],
        contact_point_id=point.pk,
        purpose=purpose,
        key=key,
        actor=agent,
        now=now,
    )


def test_an_allowed_call_is_open_until_it_is_wrapped_up(agent):
    decision = start(place_account(), agent)

    assert decision.verdict in ("allow", "warn")
    assert (decision.contact.agent, decision.contact.is_open) == (agent, True)


def test_a_refused_call_is_kept_with_every_reason_and_makes_no_contact(agent):
    decision = start(place_account(), agent, now=NIGHT)

    reasons = told_reasons(decision)
    assert decision.verdict in ("refuse", "needs_override")
    assert Contact.objects.count() == 0
    assert PolicyDecision.objects.count() == 1
    assert all(reason.sentence and reason.citation and reason.rule for reason in reasons)


def test_the_same_key_again_is_the_same_call(agent):
    account = place_account()

    first, second = start(account, agent), start(account, agent)

    assert first == second
    assert Contact.objects.count() == 1


def test_a_second_call_waits_for_the_wrap_up_of_the_first(agent):
    account = place_account()
    first = start(account, agent)

    with pytest.raises(Refused, match="wrap up first"):
        start(place_account(), agent, key="second")
    conclude(first.contact, agent, "no_answer")

    assert start(place_account(), agent, key="second").contact.is_open


def test_a_call_about_two_accounts_of_the_person_counts_for_both(agent):
    party = make_party()
    first, second = place_account(party=party), place_account(party=party)

    decision = start(first, agent, also=[second.pk])

    assert set(decision.account_ids) == {first.pk, second.pk}
    assert decision.contact.account_contacts.count() == 2


def test_a_call_is_never_about_a_strangers_account(agent):
    with pytest.raises(Refused, match="isn't this person's"):
        start(place_account(), agent, also=[place_account().pk])


def test_hanging_up_leaves_the_contact_to_be_wrapped_up(agent, manager):
    contact = start(place_account(), agent).contact
    later = NOW.replace(minute=4)

    hang_up(contact_id=contact.pk, actor=agent, now=later)
    hang_up(contact_id=contact.pk, actor=agent, now=later.replace(minute=9))

    assert (again(contact).ended_at, again(contact).is_open) == (later, True)
    with pytest.raises(Refused):
        hang_up(contact_id=contact.pk, actor=manager, now=later)


def rules_of(decision):
    return {reason["rule"] for reason in decision.reasons}


def test_a_conversation_that_they_began_starts_the_cool_down(agent):
    account = place_account(portfolio=make_portfolio("US", code="us-agency", capacity="third_party_collector"))
    FirstNotice.objects.create(
        account=account, kind="validation", sent_on=TODAY - DAY * 60, wait_until=TODAY - DAY * 20, recorded_at=NOW
    )
    contact = caller(account, agent, now=NOW - DAY * 2)
    verify(contact, agent, {"birth_date": "1985-04-12", "postcode": "10001"}, now=NOW - DAY * 2)
    before = rules_of(start(account, make_user("agent", agent.team)))

    conclude(contact, agent, "refuses", now=NOW - DAY * 2)

    after = rules_of(start(account, agent, key="after"))
    assert "us-regf-7after-talk" in after - before


def test_calls_to_a_strangers_number_leave_the_right_one_free(agent):
    account = place_account(jurisdiction="MX", phone="81 8345 9901")
    wrong = account.parties.get().contact_points.get(kind="phone")
    add_contact_point(
        party_id=wrong.party_id,
        kind="phone",
        value="81 8345 9902",
        provenance="customer",
        country="MX",
        actor=agent,
        now=NOW,
    )
    calls = [ring(account, make_user("agent", agent.team), now=NOW) for _call in range(6)]
    for call in calls[:5]:
        conclude(call, call.agent, "no_answer")
    right = account.parties.get().contact_points.exclude(pk=wrong.pk).get(kind="phone")
    assert dial(account, agent, right, "before").verdict in ("refuse", "needs_override")

    conclude(calls[5], calls[5].agent, "wrong_number")

    assert dial(account, agent, right, "after").verdict in ("allow", "warn")
