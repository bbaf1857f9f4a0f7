"""Somebody called: whoever answers serves them, and it is written down."""

import pytest

from accounts.foundation.errors import Refused
from accounts.foundation.events import Event
from accounts.models import AccessGrant, Account, AccountParty
from communications.models import Contact
from tests.communications.calls import caller, conclude, ring, verify
from tests.factories import NOW, again, make_party, make_user, place_account

pytestmark = pytest.mark.django_db


def test_any_agent_serves_any_caller_and_it_is_logged(team):
    stranger, account = make_user("agent"), place_account()
    assert account not in Account.objects.visible_to(stranger)

    contact = caller(account, stranger)

    grant = AccessGrant.objects.get()
    assert (grant.user, grant.account) == (stranger, account)
    assert Event.objects.filter(kind="account.caller_served", account=account, actor=stranger).exists()
    assert (contact.direction, contact.purpose, contact.state, contact.decision) == ("in", "inbound", "connected", None)


def test_the_door_closes_half_an_hour_after_the_call(team):
    stranger, account = make_user("agent"), place_account()

    conclude(caller(account, stranger), stranger, "third_party")

    assert AccessGrant.objects.get().ends_at == NOW.replace(minute=30)


def test_a_held_account_may_still_be_spoken_of_by_who_calls(agent):
    account = place_account()
    conclude(ring(account, agent), agent, "stop")

    contact = caller(account, agent)
    verify(contact, agent)
    conclude(contact, agent, "refuses")

    assert again(contact).counts_conversation is True


def test_a_caller_is_no_attempt_of_ours_but_a_conversation(agent):
    contact = caller(place_account(), agent)
    verify(contact, agent)

    conclude(contact, agent, "says_paid")

    assert (again(contact).counts_attempt, again(contact).counts_conversation) == (False, True)


def test_the_callers_role_finds_the_party_and_without_one_the_customer_is_spoken_of(agent):
    account, rosa = place_account(), make_party("Rosa Ortega")
    AccountParty.objects.create(account=account, party=rosa, role="co_borrower")

    first = caller(account, agent, "co_borrower")
    conclude(first, agent, "third_party")
    second = caller(account, agent, "representative")

    assert first.party == rosa
    assert (second.party, second.caller_role) == (account.parties.first(), "representative")


def test_a_role_that_does_not_exist_is_refused(agent):
    with pytest.raises(Refused, match="Say who is calling"):
        caller(place_account(), agent, "neighbour")


def test_a_second_call_waits_until_the_first_is_wrapped_up(agent):
    account = place_account()
    caller(account, agent)

    with pytest.raises(Refused, match="wrap up first"):
        caller(place_account(), agent)

    assert Contact.objects.count() == 1


def test_an_outcome_about_a_number_makes_no_sense_for_a_caller(agent):
    contact = caller(place_account(), agent)

    with pytest.raises(Refused, match="about the number"):
        conclude(contact, agent, "wrong_number")


def test_the_civil_day_of_a_call_is_the_callers(agent):
    account = place_account(party=make_party(stated_zone="Australia/Sydney"))

    contact = caller(account, agent, now=NOW)

    assert contact.local_on.isoformat() == "2026-11-19"
