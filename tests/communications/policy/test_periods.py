"""Notices and requests: what waits until a notice's time is over, and what waits until a request is answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from communications.policy.facts import HoldFact, NoticeFact
from communications.policy.rules.periods import period
from communications.policy.shipped import shipped_packs
from communications.services.notices import WAITS
from tests.support.policy_facts import account, at, contact, judged, judged_at, only, party

NEW_YORK, LONDON, SYDNEY = "America/New_York", "Europe/London", "Australia/Sydney"
ZONES = {"US": NEW_YORK, "UK": LONDON, "AU": SYDNEY}
LOOKED_UP = ("military_check", "2026-01-02")


def papers(*said: tuple[str, str]) -> tuple[NoticeFact, ...]:
    return tuple(NoticeFact(kind, date.fromisoformat(day)) for kind, day in said)


def enforcing(place: str, when: str, *said: tuple[str, str], **of_account):
    zone = ZONES[place]
    owed = account(place, notices=papers(*said), **of_account)
    return contact(at(when, zone), owed, party=party(zone), purpose="enforcement")


def verdict_of(facts, rule: str) -> tuple[str, ...]:
    return tuple(reason.code for reason in judged(facts).reasons if reason.rule == rule)


# 12 CFR 1006.34(b)(5): received after five days without weekends and federal holidays, then thirty days.
@pytest.mark.parametrize(
    ("sent_on", "last_day"),
    [
        ("2026-04-01", "2026-05-08"),  # Wednesday: received on Wednesday the 8th
        ("2026-04-03", "2026-05-10"),  # Friday: two weekend days stand between
        ("2026-05-20", "2026-06-27"),  # Memorial Day, 25 May, is no day of the five
        ("2026-11-20", "2026-12-30"),  # Thanksgiving, 26 November, stands between
        ("2026-12-18", "2027-01-27"),  # Christmas Day, and the weekend
    ],
)
def test_the_validation_period_ends_thirty_days_after_five_business_days(sent_on, last_day):
    assert period(5, 30, "US").last_day(date.fromisoformat(sent_on)) == date.fromisoformat(last_day)


@pytest.mark.parametrize(
    ("when", "codes"),
    [
        ("2026-04-01 12:00", ("notice_running",)),  # the day on which it was sent
        ("2026-05-08 12:00", ("notice_running",)),  # the last day
        ("2026-05-08 23:59", ("notice_running",)),
        ("2026-05-09 00:00", ()),
        ("2026-06-01 12:00", ()),
    ],
)
def test_during_the_validation_period_enforcement_needs_approval(when, codes):
    facts = enforcing("US", when, ("validation", "2026-04-01"), LOOKED_UP)

    assert verdict_of(facts, "us-regf-overshadow") == codes


def test_the_validation_period_keeps_nobody_from_asking_for_the_money():
    facts = enforcing("US", "2026-04-20 12:00", ("validation", "2026-04-01"))

    assert judged(replace(facts, purpose="demand")).verdict == "allow"


def test_the_end_of_the_validation_period_is_known_to_the_instant():
    facts = enforcing("US", "2026-05-08 12:00", ("validation", "2026-04-01"), LOOKED_UP)

    (reason,) = [reason for reason in judged(facts).reasons if reason.rule == "us-regf-overshadow"]

    assert reason.params["free_on"] == "2026-05-09"
    assert reason.retry_at == at("2026-05-09 00:00", NEW_YORK)
    assert judged(facts).next_allowed_at == at("2026-05-09 08:00", NEW_YORK)


def test_a_notice_that_is_sent_again_begins_its_period_anew():
    facts = enforcing("US", "2026-05-09 12:00", ("validation", "2026-04-01"), ("validation", "2026-04-20"), LOOKED_UP)

    assert verdict_of(facts, "us-regf-overshadow") == ("notice_running",)
    assert judged(facts).next_allowed_at == at("2026-05-28 08:00", NEW_YORK)


def test_without_any_validation_notice_there_is_no_period_to_overshadow():
    assert verdict_of(enforcing("US", "2026-05-09 12:00"), "us-regf-overshadow") == ()


def test_where_the_person_may_be_in_two_zones_the_period_ends_when_it_has_in_both():
    facts = enforcing("US", "2026-05-08 12:00", ("validation", "2026-04-01"), LOOKED_UP)
    both = replace(facts, party=party(NEW_YORK, "America/Los_Angeles"))

    early = judged_at(both, at("2026-05-09 00:30", NEW_YORK))

    (reason,) = [reason for reason in early.reasons if reason.rule == "us-regf-overshadow"]
    assert reason.retry_at == at("2026-05-09 00:00", "America/Los_Angeles")


@pytest.mark.parametrize(
    ("when", "said", "codes"),
    [
        ("2026-06-08 12:00", (), ("notice_missing",)),
        ("2026-06-01 12:00", (("default", "2026-06-01"),), ("notice_running",)),
        ("2026-06-17 12:00", (("default", "2026-06-01"),), ("notice_running",)),  # served on the 3rd: the last day
        ("2026-06-18 12:00", (("default", "2026-06-01"),), ()),
        ("2026-06-18 12:00", (("default", "2026-06-01"), ("default", "2026-06-15")), ("notice_running",)),
    ],
)
def test_a_british_default_notice_is_waited_out_for_fourteen_days_after_it_was_served(when, said, codes):
    facts = enforcing("UK", when, *said, ("letter_of_claim", "2026-01-02"))

    assert verdict_of(facts, "uk-default-notice") == codes


def test_credit_that_the_consumer_credit_act_does_not_regulate_needs_no_default_notice():
    assert verdict_of(enforcing("UK", "2026-06-08 12:00", regulated=False), "uk-default-notice") == ()


@pytest.mark.parametrize(
    ("kind", "when", "codes"),
    [
        ("consumer", "2026-04-08 12:00", ("notice_running",)),
        ("sole_trader", "2026-04-08 12:00", ("notice_running",)),
        ("guarantor", "2026-04-08 12:00", ("notice_running",)),
        ("entity", "2026-04-08 12:00", ()),
        ("consumer", "2026-05-20 12:00", ()),
    ],
)
def test_a_claim_against_people_waits_thirty_days_after_its_letter(kind, when, codes):
    facts = enforcing("UK", when, ("letter_of_claim", "2026-04-01"), ("default", "2026-01-02"))

    assert verdict_of(replace(facts, party=party(LONDON, kind=kind)), "uk-pap-debt") == codes


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ((), ("notice_missing",)),
        ((("default_au", "2026-03-25"),), ("notice_running",)),
        ((("default_au", "2026-02-20"),), ()),
        ((("default", "2026-01-20"),), ("notice_missing",)),  # that of another country
        ((("default_au", "2026-02-20"), ("default_au", "2026-03-30")), ("notice_running",)),
    ],
)
def test_an_australian_default_notice_is_waited_out_for_thirty_days(said, codes):
    assert verdict_of(enforcing("AU", "2026-04-08 12:00", *said), "au-default-notice") == codes


@pytest.mark.parametrize(
    ("when", "codes"),
    [
        ("2026-04-01 12:00", ("notice_running",)),
        ("2026-04-13 12:00", ("notice_running",)),
        ("2026-04-14 23:30", ("notice_running",)),  # the fourteenth day, that of the notice being the first
        ("2026-04-15 00:00", ()),
        ("2026-05-01 12:00", ()),
    ],
)
def test_after_hardship_help_was_refused_enforcement_waits_fourteen_days_from_that_day(when, codes):
    facts = enforcing("AU", when, ("hardship_refused", "2026-04-01"), ("default_au", "2026-01-05"))

    assert verdict_of(facts, "au-hardship-refused") == codes
    if codes:
        assert [r.retry_at for r in judged(facts).reasons if r.rule == "au-hardship-refused"] == [
            at("2026-04-15 00:00", SYDNEY)
        ]


def test_while_the_hardship_notice_is_open_no_day_lifts_it():
    facts = enforcing("AU", "2026-04-20 12:00", ("default_au", "2026-01-05"))
    held = replace(facts, holds=(HoldFact(1, "hardship", "person", 7, since=date(2026, 4, 1)),))

    assert judged(held).next_allowed_at is None
    assert "au-hardship-enforce" in judged(held).rules


@pytest.mark.parametrize(
    ("said", "open_"),
    [
        ((("original_creditor_request", "2026-04-02"),), True),
        ((("validation", "2026-03-20"), ("original_creditor_request", "2026-04-02")), True),
        ((("validation", "2026-01-05"), ("original_creditor_request", "2026-04-02")), False),  # too late
        ((("original_creditor_request", "2026-04-02"), ("original_creditor_sent", "2026-04-06")), False),
        ((("original_creditor_sent", "2026-04-01"), ("original_creditor_request", "2026-04-02")), True),
        ((("original_creditor_request", "2026-04-02"), ("original_creditor_sent", "2026-04-02")), False),
    ],
)
def test_nothing_is_asked_before_the_original_creditor_was_named(said, open_):
    facts = contact(at("2026-04-08 12:00", NEW_YORK), account(notices=papers(*said)))

    assert judged(facts).rules == (("us-regf-orig-creditor",) if open_ else ())
    assert judged(facts).next_allowed_at is None


@pytest.mark.parametrize(
    ("said", "open_"),
    [
        ((("dispute_received", "2026-04-02"),), True),
        ((("validation", "2026-02-25"), ("dispute_received", "2026-04-03")), True),  # its last day
        ((("validation", "2026-02-25"), ("dispute_received", "2026-04-04")), False),
        ((("dispute_received", "2026-04-02"), ("verification_sent", "2026-04-05")), False),
        ((("dispute_received", "2026-04-02"), ("dispute_withdrawn", "2026-04-05")), False),
        ((("dispute_withdrawn", "2026-04-02"), ("dispute_received", "2026-04-05")), True),
        ((), False),
    ],
)
def test_a_written_dispute_in_time_stops_collection_until_its_verification_is_sent(said, open_):
    facts = contact(at("2026-04-08 12:00", NEW_YORK), account(notices=papers(*said)))

    assert judged(facts).rules == (("us-regf-dispute-written",) if open_ else ())


def test_what_the_person_asked_is_answered_in_spite_of_a_request():
    facts = contact(
        at("2026-04-08 12:00", NEW_YORK),
        account(notices=papers(("dispute_received", "2026-04-02"))),
        purpose="statutory_notice",
    )

    assert judged(facts).verdict == "allow"


def test_the_page_says_of_each_notice_what_the_rules_wait_for():
    told = {"uk-default-notice": "default", "uk-pap-debt": "letter_of_claim", "au-default-notice": "default_au"}
    told |= {"us-regf-overshadow": "validation", "au-hardship-refused": "hardship_refused"}

    for rule, kind in told.items():
        params = shipped_packs().rule(rule).prepared
        post, civil = WAITS[kind]
        assert (params.notice, params.wait_business_days) == (kind, post)
        assert params.wait_days - params.day_counts == civil


@pytest.mark.parametrize(
    "params",
    [
        {"notice": "validation", "wait_business_days": 5},
        {"notice": "validation", "within_business_days": 5},
        {"notice": "validation", "wait_days": -1},
        {"notice": "validation", "wait_business_days": 5, "country": "Atlantis"},
        {"wait_days": 5},
    ],
)
def test_a_wait_that_makes_no_sense_is_refused(params):
    with pytest.raises((ValueError, TypeError)):
        only({"kind": "notice", "params": params})
