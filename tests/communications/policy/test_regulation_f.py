"""The worked examples of Regulation F and its commentary, in the calendar days of the person."""

from datetime import date

import pytest

from communications.policy.facts import ConsentFact
from tests.support.policy_facts import account, at, contact, judged, judged_at, party, past, talk

EASTERN, PACIFIC, MOUNTAIN = "America/New_York", "America/Los_Angeles", "America/Denver"
SEVEN_CALLS = tuple(past(f"2026-04-0{day}", id=day) for day in range(1, 8))


def test_after_seven_calls_in_seven_days_the_next_is_allowed_on_the_eighth_day():
    facts = contact(at("2026-04-08 12:00", EASTERN), history=SEVEN_CALLS)

    assert judged(facts).verdict == "allow"


def test_an_eighth_call_on_the_seventh_day_is_refused_until_midnight_and_then_until_eight():
    facts = contact(at("2026-04-07 12:00", EASTERN), history=SEVEN_CALLS)

    decision = judged(facts)

    assert decision.verdict == "refuse"
    assert decision.rules == ("us-regf-7in7",)
    assert decision.next_allowed_at == at("2026-04-08 08:00", EASTERN)


def test_the_six_calls_of_a_week_leave_one():
    facts = contact(at("2026-04-07 12:00", EASTERN), history=SEVEN_CALLS[:6])

    assert judged(facts).verdict == "allow"


def test_calls_are_counted_by_debt_so_another_debt_of_the_person_may_be_called_about():
    other = account(id=101)
    facts = contact(at("2026-04-07 12:00", EASTERN), other, history=SEVEN_CALLS)

    assert judged(facts).verdict == "allow"


def test_a_call_about_two_debts_is_refused_when_one_of_them_is_used_up():
    facts = contact(at("2026-04-07 12:00", EASTERN), account(), account(id=101), history=SEVEN_CALLS)

    decision = judged(facts)

    assert [reason.accounts for reason in decision.reasons] == [(100,)]


@pytest.mark.parametrize("mark", ["unconnected", "misdirected", "consented", "professional"])
def test_calls_that_did_not_connect_or_went_astray_or_were_agreed_are_not_counted(mark):
    history = (*SEVEN_CALLS[:6], past("2026-04-06", id=9, marks=(mark,)))
    facts = contact(at("2026-04-07 12:00", EASTERN), history=history)

    assert judged(facts).verdict == "allow"


@pytest.mark.parametrize(
    ("talked_on", "direction", "free_on"),
    [("2026-08-13", "in", "2026-08-20"), ("2026-08-14", "out", "2026-08-21")],
)
def test_after_a_talk_the_next_call_is_allowed_seven_days_later_and_not_a_day_sooner(talked_on, direction, free_on):
    facts = contact(at(f"{talked_on} 18:00", EASTERN), history=(talk(talked_on, direction=direction),))
    the_day_before = f"2026-08-{int(free_on[-2:]) - 1}"

    same_day = judged(facts)
    too_early = judged_at(facts, at(f"{the_day_before} 20:59", EASTERN))
    in_time = judged_at(facts, at(f"{free_on} 08:00", EASTERN))

    assert (same_day.verdict, too_early.verdict, in_time.verdict) == ("refuse", "refuse", "allow")
    assert same_day.next_allowed_at == too_early.next_allowed_at == at(f"{free_on} 08:00", EASTERN)
    assert too_early.rules == ("us-regf-7after-talk",)


def test_a_talk_by_e_mail_starts_no_cool_down_for_calls():
    facts = contact(at("2026-08-15 12:00", EASTERN), history=(talk("2026-08-14", channel="email"),))

    assert judged(facts).verdict == "allow"


@pytest.mark.parametrize(("day", "verdict"), [(4, "allow"), (10, "allow"), (11, "refuse")])
def test_consent_of_the_fourth_covers_calls_through_the_tenth(day, verdict):
    used_up = tuple(past(f"2026-06-{day - back:02}", id=back) for back in range(4) for _ in range(2))
    consent = ConsentFact(channel="call", given_on=date(2026, 6, 4), account_ids=(100,))
    facts = contact(at(f"2026-06-{day:02} 12:00", EASTERN), history=used_up, consents=(consent,))

    assert judged(facts).verdict == verdict


def test_a_conversation_after_the_consent_ends_it():
    consent = ConsentFact(channel="call", given_on=date(2026, 6, 4))
    facts = contact(at("2026-06-07 12:00", EASTERN), history=(talk("2026-06-06"),), consents=(consent,))

    assert judged(facts).rules == ("us-regf-7after-talk",)


def test_revoked_consent_no_longer_covers():
    consent = ConsentFact(channel="call", given_on=date(2026, 6, 4), revoked_on=date(2026, 6, 5))
    facts = contact(at("2026-06-06 12:00", EASTERN), history=(talk("2026-06-03"),), consents=(consent,))

    assert judged(facts).verdict == "refuse"


@pytest.mark.parametrize("basis", ["creditor"])
def test_consent_given_to_the_creditor_does_not_lift_the_count(basis):
    consent = ConsentFact(channel="call", given_on=date(2026, 6, 4), basis=basis)
    facts = contact(at("2026-06-06 12:00", EASTERN), history=(talk("2026-06-03"),), consents=(consent,))

    assert judged(facts).verdict == "refuse"


def test_a_call_under_live_consent_is_marked_so_that_it_is_not_counted_later():
    consent = ConsentFact(channel="call", given_on=date(2026, 6, 4))
    facts = contact(at("2026-06-06 12:00", EASTERN), consents=(consent,))

    assert judged(facts).marks == ("consented",)


@pytest.mark.parametrize(
    ("zones", "opens", "closes"),
    [((EASTERN, PACIFIC), "11:00", "21:00"), ((EASTERN, MOUNTAIN), "10:00", "21:00")],
)
def test_with_signs_of_two_zones_only_hours_that_are_decent_in_both_are_used(zones, opens, closes):
    facts = contact(at(f"2026-04-08 {opens}", EASTERN), party=party(*zones))
    minute_before = at("2026-04-08 10:59" if opens == "11:00" else "2026-04-08 09:59", EASTERN)

    early, first, last, late = (
        judged_at(facts, moment)
        for moment in (
            minute_before,
            at(f"2026-04-08 {opens}", EASTERN),
            at(f"2026-04-08 {closes}", EASTERN),
            at("2026-04-08 21:01", EASTERN),
        )
    )

    assert [d.verdict for d in (early, first, last, late)] == ["refuse", "allow", "allow", "refuse"]
    assert early.next_allowed_at == at(f"2026-04-08 {opens}", EASTERN)
    assert late.next_allowed_at == at(f"2026-04-09 {opens}", EASTERN)


def test_regulation_f_does_not_bind_a_creditor_collecting_its_own_debt_but_the_firms_hours_do():
    own = account(capacity="original_creditor")
    facts = contact(at("2026-04-08 07:59", EASTERN), own, history=(talk("2026-04-07"),))

    decision = judged(facts)

    assert decision.rules == ("firm-us-hours",)
    assert {reason.legal_force for reason in decision.reasons} == {"policy"}


def test_the_validation_notice_is_asked_for_from_the_third_day_and_forbids_from_the_fifth():
    first = account(first_contact_on=date(2026, 4, 1))
    facts = contact(at("2026-04-03 12:00", EASTERN), first)

    verdicts = [judged_at(facts, at(f"2026-04-0{day} 12:00", EASTERN)).verdict for day in (3, 4, 5, 6)]

    assert verdicts == ["allow", "warn", "warn", "refuse"]


def test_texts_need_consent_of_the_last_sixty_days():
    consent = ConsentFact(channel="text", given_on=date(2026, 4, 1))
    facts = contact(at("2026-05-31 12:00", EASTERN), channel="text", consents=(consent,))

    in_time, stale = judged(facts), judged_at(facts, at("2026-06-01 12:00", EASTERN))

    assert in_time.verdict == "allow"
    assert [(reason.rule, reason.code) for reason in stale.reasons] == [("us-regf-sms-basis", "consent_stale")]


def test_new_york_city_counts_attempts_on_all_channels_since_september():
    in_the_city = account(region="NY", city="NEW YORK", id=100)
    history = tuple(past("2026-09-02", id=n, channel=channel) for n, channel in enumerate(("call", "email", "text")))
    facts = contact(at("2026-09-03 12:00", EASTERN), in_the_city, history=history)
    before = tuple(past("2026-08-30", id=n, channel=c.channel) for n, c in enumerate(history))
    earlier = contact(at("2026-08-31 12:00", EASTERN), in_the_city, history=before)

    assert judged(facts).rules == ("us-nyc-3in7",)
    assert judged(earlier).verdict == "allow"
    assert judged(earlier).next_allowed_at is None
