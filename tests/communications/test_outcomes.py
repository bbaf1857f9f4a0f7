"""What each outcome does, and that it does all of it or nothing."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from accounts.foundation.domain_events import ContactRecorded, wiring
from accounts.foundation.errors import Refused
from accounts.models import Consent, Hold, Note
from communications.models import Contact, Outcome
from communications.services.outcomes import SHIPPED, load_outcomes
from tests.communications.calls import WRONG_ANSWERS, caller, conclude, ring, verify
from tests.factories import NOW, TODAY, again, make_party, place_account

pytestmark = pytest.mark.django_db

# code: (state, counts as attempt, counts as conversation, number afterwards, hold, next step, in days)
UNHEARD = {
    "no_answer": ("no_answer", True, False, "unverified", None, "act", 1),
    "busy": ("busy", True, False, "unverified", None, "act", 1),
    "not_in_service": ("not_in_service", True, False, "dead", None, "act", 0),
    "voicemail_limited": ("connected", True, False, "unverified", None, "act", 1),
    "voicemail_other": ("connected", True, False, "unverified", None, "act", 1),
    "third_party": ("connected", True, False, "unverified", None, "act", 1),
    "wrong_number": ("connected", False, False, "wrong_party", None, "act", 0),
    "not_verified": ("connected", True, False, "unverified", None, "act", 1),
    "not_account_holder": ("connected", True, False, "unverified", None, "act", 1),
    "callback": ("connected", True, False, "unverified", None, "callback", 0),
    "disputes": ("connected", True, True, "unverified", "dispute", "review_hold", 7),
    "stop": ("connected", True, True, "unverified", "cease", "review_hold", 30),
    "represented": ("connected", True, True, "unverified", "representation", "review_hold", 14),
    "insolvent": ("connected", True, True, "unverified", "insolvency", "review_hold", 30),
    "deceased": ("connected", True, False, "unverified", "deceased", "review_hold", 30),
    "vulnerable": ("connected", True, True, "unverified", "vulnerability", "review_hold", 14),
}
VERIFIED = {
    "refuses": ("connected", True, True, "verified", None, "act", 7),
    "says_paid": ("connected", True, True, "verified", "paid_claim", "review_hold", 5),
    # By the days of its case, where the account is.
    "cannot_pay": ("connected", True, True, "verified", "hardship", "review_hold", 30),
    "agreed": ("connected", True, True, "verified", None, "act", 0),
    # The step of a promise is set by whoever records the promise.
    "promise": ("connected", True, True, "verified", None, "act", 0),
}


def effects(contact, account):
    contact, account = again(contact), again(account)
    hold = Hold.objects.first()
    days = (account.next_on - TODAY).days
    return (
        contact.state,
        contact.counts_attempt,
        contact.counts_conversation,
        contact.contact_point.status,
        hold and hold.kind,
        account.next_kind,
        days,
    )


@pytest.mark.parametrize("code", UNHEARD)
def test_an_outcome_without_verification_has_its_effects(code, agent):
    account = place_account(email="juana@example.com")
    contact = ring(account, agent)

    conclude(contact, agent, code)

    assert effects(contact, account) == UNHEARD[code]


@pytest.mark.parametrize("code", VERIFIED)
def test_an_outcome_with_the_verified_person_has_its_effects(code, agent):
    account = place_account()
    contact = ring(account, agent)
    verify(contact, agent)

    conclude(contact, agent, code)

    assert effects(contact, account) == VERIFIED[code]


@pytest.mark.parametrize("code", VERIFIED)
def test_what_only_a_verified_person_can_say_is_refused_before_verification(code, agent):
    contact = ring(place_account(), agent)

    with pytest.raises(Refused, match="Verify the person first"):
        conclude(contact, agent, code)


def test_the_tables_above_speak_of_every_shipped_outcome():
    assert {*UNHEARD, *VERIFIED} == {code for code, *_rest in SHIPPED}


def test_the_first_contact_makes_a_new_account_active_and_the_second_leaves_it_so(agent):
    account = place_account()

    conclude(ring(account, agent), agent, "no_answer")
    conclude(ring(account, agent), agent, "no_answer")

    assert again(account).state == "active"


@pytest.mark.parametrize("code", ["no_answer", "busy", "voicemail_limited"])
def test_a_call_that_reaches_nobody_takes_nothing_away_from_an_agreed_callback(code, agent):
    account = place_account()
    conclude(ring(account, agent), agent, "callback", callback_at=NOW + timedelta(hours=5))

    conclude(ring(account, agent), agent, code)

    assert (again(account).next_kind, again(account).next_at) == ("callback", NOW + timedelta(hours=5))


def test_a_callback_whose_hour_came_is_over_with_the_call_that_was_made_for_it(agent):
    account = place_account()
    conclude(ring(account, agent), agent, "callback", callback_at=NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=1, minutes=1)

    conclude(ring(account, agent, now=later), agent, "no_answer", now=later)

    assert again(account).next_kind == "act"


def test_a_hold_of_an_outcome_carries_its_review_date_and_the_step_that_it_displaced(agent):
    account = place_account()

    conclude(ring(account, agent), agent, "represented")

    hold = Hold.objects.get()
    assert (hold.review_on, hold.reason, hold.account) == (TODAY + timedelta(days=14), "represented", account)
    assert (again(account).next_subject_type, again(account).next_subject_id) == ("hold", hold.pk)
    assert hold.displaced_step[str(account.pk)]["kind"] == "act"


def test_saying_the_same_thing_again_does_not_double_the_hold(agent):
    account = place_account()
    conclude(ring(account, agent), agent, "represented")

    conclude(caller(account, agent), agent, "represented")

    assert Hold.objects.count() == 1


def test_who_asks_us_to_stop_is_not_called_at_that_number_on_any_debt(agent):
    account = place_account()
    contact = ring(account, agent)

    conclude(contact, agent, "stop")

    consent = Consent.objects.get()
    assert (consent.opted_out, consent.channel, consent.contact_point) == (True, "call", contact.contact_point)


def test_a_wrong_number_uncounts_the_earlier_calls_to_it_and_tells_who_listens(agent, monkeypatch):
    account, heard = place_account(), []
    monkeypatch.setattr(wiring, "handlers", {ContactRecorded: [lambda event: heard.append(event.ids)]})
    first = ring(account, agent, now=NOW - timedelta(days=1))
    conclude(first, agent, "no_answer", now=NOW - timedelta(days=1))
    second = ring(account, agent)

    conclude(second, agent, "wrong_number")

    assert [(c.misdirected, c.counts_attempt) for c in Contact.objects.all()] == [(True, False), (True, False)]
    assert heard[-1] == {first.pk, second.pk}


def test_calls_in_which_the_person_once_proved_the_number_stay_counted(agent):
    account = place_account()
    proved = ring(account, agent, now=NOW - timedelta(days=2))
    verify(proved, agent, now=NOW - timedelta(days=2))
    conclude(proved, agent, "refuses", now=NOW - timedelta(days=2))

    conclude(ring(account, agent), agent, "wrong_number")

    assert again(proved).misdirected is False


def test_the_last_number_that_dies_sends_the_account_to_be_traced(agent):
    account = place_account(address=False)

    conclude(ring(account, agent), agent, "not_in_service")

    assert again(account).next_kind == "trace"


def test_a_callback_is_at_its_minute_and_belongs_to_who_promised_it(agent):
    account, at = place_account(), NOW + timedelta(days=1, minutes=7)

    conclude(ring(account, agent), agent, "callback", callback_at=at)

    account = again(account)
    assert (account.next_kind, account.next_at, account.next_owner) == ("callback", at, agent)


def test_a_callback_needs_a_time_that_is_still_to_come(agent):
    contact = ring(place_account(), agent)

    with pytest.raises(Refused, match="Write the day and time"):
        conclude(contact, agent, "callback", callback_at=None)
    with pytest.raises(Refused, match="still to come"):
        conclude(contact, agent, "callback", callback_at=NOW)


def test_a_waiting_review_is_not_pushed_aside_by_an_unanswered_call(agent):
    account = place_account()
    conclude(ring(account, agent), agent, "vulnerable")

    conclude(caller(account, agent), agent, "third_party")

    assert again(account).next_kind == "review_hold"


def test_nobody_is_promised_a_callback_while_a_hold_forbids_it(agent):
    account = place_account()
    conclude(ring(account, agent), agent, "insolvent")

    with pytest.raises(Refused, match="A hold"):
        conclude(caller(account, agent), agent, "callback")


def test_silence_is_no_outcome_once_somebody_answered(agent):
    contact = ring(place_account(), agent)
    verify(contact, agent, WRONG_ANSWERS)

    with pytest.raises(Refused, match="Somebody answered"):
        conclude(contact, agent, "no_answer")


def test_a_refused_wrap_up_leaves_nothing_behind(agent):
    account = place_account()
    contact = ring(account, agent)
    events = account.events.count()

    with pytest.raises(Refused, match="has passed"):
        conclude(contact, agent, "no_answer", note="left on the stairs", next_on=TODAY - timedelta(days=1))

    contact, account = again(contact), again(account)
    assert (contact.state, contact.outcome, contact.wrapped_up_at, account.state) == ("reserved", None, None, "new")
    assert (Note.objects.count(), account.events.count()) == (0, events)


def test_a_contact_may_speak_of_several_accounts_of_the_person_and_counts_for_each(agent):
    party = make_party()
    first, second = place_account(party=party), place_account(party=party)

    conclude(ring(first, agent), agent, "third_party", account_ids=(second.pk,), note="asked to try tonight")

    assert [again(a).next_on for a in (first, second)] == [TODAY + timedelta(days=1)] * 2
    assert second.account_contacts.count() == 1
    assert Note.objects.count() == 2


def test_another_persons_account_cannot_be_slipped_into_a_contact(agent):
    contact, stranger = ring(place_account(), agent), place_account()

    with pytest.raises(Refused, match="isn't this person's"):
        conclude(contact, agent, "no_answer", account_ids=(stranger.pk,))


def test_a_contact_is_concluded_once_and_by_who_made_it(agent, manager):
    contact = ring(place_account(), agent)

    with pytest.raises(Refused, match="Only the person who made"):
        conclude(contact, manager, "no_answer")
    conclude(contact, agent, "no_answer")
    with pytest.raises(Refused, match="wrapped up already"):
        conclude(contact, agent, "busy")


def test_loading_outcomes_again_keeps_what_an_admin_changed():
    Outcome.objects.filter(code="busy").update(label_en="Engaged")
    Outcome.objects.filter(code="stop").delete()

    assert load_outcomes() == 1
    call_command("load_outcomes")

    assert Outcome.objects.get(code="busy").label_en == "Engaged"
    assert Outcome.objects.count() == len(SHIPPED)


def test_every_outcome_speaks_both_languages_and_no_key_means_two_things():
    outcomes = list(Outcome.objects.all())
    keys = [outcome.key for outcome in outcomes if outcome.key]

    assert all(outcome.label_en and outcome.label_es for outcome in outcomes)
    assert sorted(keys) == ["2", "3", "4", "5", "6", "7", "8", "9"]


@pytest.mark.parametrize(
    "code", ["wrong_number", "third_party", "not_verified", "not_account_holder", "voicemail_limited"]
)
def test_who_was_verified_was_no_stranger(agent, code):
    contact = ring(place_account(), agent)
    verify(contact, agent)

    with pytest.raises(Refused) as refused:
        conclude(contact, agent, code)

    assert refused.value.code == "outcome_after_verification"
    assert (again(contact).wrapped_up_at, again(contact).counts_attempt) == (None, True)
