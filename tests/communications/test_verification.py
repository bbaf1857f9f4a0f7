"""Who may hear about a debt, and who opens verification again."""

import pytest

from accounts.foundation.errors import Refused
from accounts.foundation.events import Event
from accounts.models import AccountParty
from accounts.services.contact_points import add_contact_point
from communications.models import VerificationTry
from communications.selectors.open_contact import silence_for
from communications.selectors.verification import locked_tries, verification_state
from communications.services.verification import unlock_verification
from communications.verification.questions import normal, questionnaire, shipped
from tests.communications.calls import RIGHT_ANSWERS, WRONG_ANSWERS, caller, conclude, ring, verify
from tests.factories import NOW, TODAY, again, make_party, make_user, place_account

pytestmark = pytest.mark.django_db


def fail_three_times(contact, agent):
    for _time in range(3):
        assert not verify(contact, agent, WRONG_ANSWERS).matched


def test_all_answers_together_match_however_they_are_written(agent):
    contact = ring(place_account(), agent)

    attempt = verify(contact, agent)

    assert attempt.matched
    assert (again(contact).verified_at, again(contact).state) == (NOW, "connected")
    assert again(contact).contact_point.status == "verified"


@pytest.mark.parametrize("answers", [WRONG_ANSWERS, {}, {"birth_date": "1985-04-12"}])
def test_one_wrong_or_missing_answer_fails_the_whole_try(agent, answers):
    contact = ring(place_account(), agent)

    attempt = verify(contact, agent, answers or {"birth_date": ""})

    assert not attempt.matched
    assert again(contact).verified_at is None


def test_no_answer_is_ever_stored(agent):
    contact = ring(place_account(), agent)

    verify(contact, agent, WRONG_ANSWERS)
    verify(contact, agent, RIGHT_ANSWERS)

    kept = str([*VerificationTry.objects.values(), *Event.objects.values("codes", "reason", "kind")]).lower()
    assert [attempt.asked for attempt in VerificationTry.objects.all()] == [["birth_date", "postcode"]] * 2
    assert not [value for value in ("1985-04", "n1 9gu", "n19gu") if value in kept]


def test_three_failures_of_a_party_in_a_day_lock_it_in_every_contact(agent):
    account = place_account()
    contact = ring(account, agent)
    fail_three_times(contact, agent)
    conclude(contact, agent, "not_verified")

    with pytest.raises(Refused, match="Only a manager"):
        verify(caller(account, agent), agent)

    assert VerificationTry.objects.count() == 3


def test_the_next_day_is_a_new_one(agent):
    account = place_account()
    contact = ring(account, agent)
    fail_three_times(contact, agent)
    conclude(contact, agent, "not_verified")
    tomorrow = NOW.replace(day=19)

    assert verify(caller(account, agent, now=tomorrow), agent, now=tomorrow).matched


def test_a_manager_opens_verification_again_with_a_reason(agent, manager):
    contact = ring(place_account(), agent)
    fail_three_times(contact, agent)
    assert [attempt.party_id for attempt in locked_tries(manager, TODAY)] == [contact.party_id]

    unlock_verification(party_id=contact.party_id, reason="misheard", actor=manager, now=NOW)

    assert locked_tries(manager, TODAY) == []
    later = NOW.replace(minute=5)
    assert verify(contact, agent, now=later).matched


def test_an_agent_cannot_unlock_and_a_manager_not_their_own_calls(agent, manager):
    contact = ring(place_account(), manager)
    fail_three_times(contact, manager)

    with pytest.raises(Refused, match="Only a manager"):
        unlock_verification(party_id=contact.party_id, reason="misheard", actor=agent, now=NOW)
    with pytest.raises(Refused, match="another manager"):
        unlock_verification(party_id=contact.party_id, reason="misheard", actor=manager, now=NOW)


def test_what_is_not_locked_cannot_be_unlocked(agent, manager):
    contact = ring(place_account(), agent)
    verify(contact, agent, WRONG_ANSWERS)

    with pytest.raises(Refused, match="isn't locked"):
        unlock_verification(party_id=contact.party_id, reason="misheard", actor=manager, now=NOW)


@pytest.mark.parametrize("unknown", [{"name_supplied": False}, {"birth_date": None}])
def test_nobody_passes_for_a_party_of_which_too_little_is_known(agent, unknown):
    account = place_account(party=make_party(**unknown))
    contact = ring(account, agent)

    with pytest.raises(Refused, match="don't know enough"):
        verify(contact, agent)

    assert verification_state(contact).can_pass is False


def test_the_creditors_reference_stands_in_for_an_unknown_birth_date(agent):
    account = place_account(party=make_party(birth_date=None), external_reference="HL-77-0042")
    contact = ring(account, agent)

    assert verification_state(contact).questions == ["postcode", "reference_tail"]
    assert verify(contact, agent, {"postcode": "N1 9GU", "reference_tail": "0042"}).matched


def test_a_third_party_is_never_verified_even_with_the_customers_answers(agent):
    contact = caller(place_account(), agent, "third_party")

    with pytest.raises(Refused, match="don't know enough"):
        verify(contact, agent)


def test_a_guarantor_answers_with_their_own_facts(agent):
    account = place_account(external_reference="HL-1234")
    guarantor = make_party("Rosa Ortega", birth_date=NOW.date().replace(year=1960))
    AccountParty.objects.create(account=account, party=guarantor, role="guarantor")
    contact = caller(account, agent, "guarantor")

    assert not verify(contact, agent, {"birth_date": "1985-04-12", "reference_tail": "1234"}).matched
    assert verify(contact, agent, {"birth_date": "1960-11-18", "reference_tail": "1234"}).matched


def test_a_concluded_contact_and_another_agents_contact_verify_nobody(agent, manager):
    contact = ring(place_account(), agent)

    with pytest.raises(Refused, match="Only the person who made"):
        verify(contact, manager)
    conclude(contact, agent, "no_answer")
    with pytest.raises(Refused, match="is over"):
        verify(contact, agent)


def test_an_account_page_is_silent_until_the_person_is_verified(agent, manager):
    party = make_party()
    account, sister = place_account(party=party), place_account(party=party)
    contact = ring(account, agent)

    assert silence_for(agent, account, NOW).reason == "verify_first"
    assert silence_for(agent, sister, NOW).reason == "verify_first"
    assert silence_for(manager, account, NOW) is None
    assert silence_for(agent, place_account(), NOW) is None
    verify(contact, agent)
    assert silence_for(agent, account, NOW) is None


def test_an_account_of_another_team_speaks_only_after_its_caller_was_verified(team):
    stranger, account = make_user("agent"), place_account()

    contact = caller(account, stranger)

    assert silence_for(stranger, account, NOW).reason == "verify_first"
    verify(contact, stranger)
    assert silence_for(stranger, account, NOW) is None
    conclude(contact, stranger, "refuses")
    assert silence_for(stranger, account, NOW) is None
    assert silence_for(stranger, account, NOW.replace(hour=16)).reason == "callers_only"


@pytest.mark.parametrize(
    ("code", "said", "meant"),
    [("postcode", "n1-9gu", "N19GU"), ("postcode", "100010001", "10001"), ("tax_tail", "RAOJ850412 AB3", "2AB3")],
)
def test_answers_have_one_form(code, said, meant):
    assert normal(code, said) == meant


def test_every_place_asks_at_least_two_things_of_people_and_businesses():
    for jurisdiction in ("UK", "US", "MX", "AU"):
        for kind in ("individual", "entity"):
            asked = shipped()[jurisdiction][kind]
            assert 2 <= asked["need"] <= len(asked["ask"])


def test_a_short_fact_proves_nothing():
    form = questionnaire(jurisdiction="UK", is_entity=False, facts={"birth_date": (), "postcode": ("N19GU",)})

    assert not form.can_pass
    assert not form.all_match({"postcode": "N1 9GU"})


def test_an_address_that_we_took_down_ourselves_proves_nothing(agent):
    account = place_account()
    add_contact_point(
        party_id=account.parties.get().pk, kind="post", value="1 Made Up Street", postcode="ZZ9 9ZZ", country="GB",
        provenance="agent", actor=agent, now=NOW,
    )  # fmt: skip
    contact = ring(account, agent)

    assert not verify(contact, agent, {**RIGHT_ANSWERS, "postcode": "ZZ9 9ZZ"}).matched
    assert verify(contact, agent).matched
