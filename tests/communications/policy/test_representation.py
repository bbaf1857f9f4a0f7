"""Who is represented is contacted through the representative, until silence or the person themselves end that."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from communications.policy.facts import HoldFact, NoticeFact
from tests.support.policy_facts import account, at, contact, judged, judged_at, only, party

SYDNEY, NEW_YORK = "Australia/Sydney", "America/New_York"
REPRESENTED = HoldFact(1, "representation", "person", 7, permitted=("reply",), since=date(2026, 4, 1))


def represented(place: str, when: str, *said: tuple[str, str], **of_account):
    zone = {"AU": SYDNEY, "US": NEW_YORK}[place]
    notices = tuple(NoticeFact(f"{kind}", date.fromisoformat(day)) for kind, day in said)
    owed = account(place, notices=notices, **of_account)
    return contact(at(when, zone), owed, party=party(zone), holds=(REPRESENTED,))


ASKED, WARNED = ("representative_asked", "2026-04-08"), ("representative_warned", "2026-04-16")


@pytest.mark.parametrize(
    ("when", "said", "verdict"),
    [
        ("2026-05-20 12:00", (), "refuse"),  # nobody wrote to the representative
        ("2026-05-20 12:00", (ASKED,), "refuse"),  # nobody warned
        ("2026-04-22 12:00", (ASKED, WARNED), "refuse"),
        ("2026-04-23 12:00", (ASKED, WARNED), "refuse"),  # the last of the seven days after the warning
        ("2026-04-24 12:00", (ASKED, WARNED), "allow"),
        (
            "2026-05-20 12:00",
            (ASKED, ("representative_warned", "2026-04-15")),
            "refuse",
        ),  # warned within the first seven
        ("2026-05-20 12:00", (ASKED, WARNED, ("representative_answered", "2026-04-12")), "refuse"),
        ("2026-05-20 12:00", (("representative_asked", "2026-03-01"), WARNED), "refuse"),  # before they acted for them
    ],
)
def test_in_australia_silence_ends_it_after_seven_days_and_seven_more_after_a_warning(when, said, verdict):
    assert judged(represented("AU", when, *said)).verdict == verdict


def test_the_first_day_of_direct_contact_is_known_to_the_instant():
    decision = judged(represented("AU", "2026-04-18 12:00", ASKED, WARNED))

    assert {reason.retry_at for reason in decision.reasons} == {at("2026-04-24 00:00", SYDNEY)}
    assert decision.next_allowed_at == at("2026-04-24 07:30", SYDNEY)


def test_while_nobody_wrote_or_warned_waiting_does_not_help():
    assert judged(represented("AU", "2026-04-18 12:00", ASKED)).next_allowed_at is None


@pytest.mark.parametrize(
    ("kind", "day", "verdict"),
    [
        ("direct_contact_asked", "2026-04-10", "allow"),
        ("representative_declined", "2026-04-10", "allow"),
        ("direct_contact_asked", "2026-03-01", "refuse"),  # before the representation was known
        ("direct_contact_asked", "2026-04-12", "refuse"),  # of a day that has not come
        ("representative_answered", "2026-04-10", "refuse"),
    ],
)
def test_the_person_who_asks_for_it_or_a_representative_who_does_not_act_ends_it_at_once(kind, day, verdict):
    assert judged(represented("AU", "2026-04-11 12:00", (kind, day))).verdict == verdict


def test_an_answer_begins_the_wait_anew_when_we_write_again():
    said = (ASKED, ("representative_answered", "2026-04-12"), ("representative_asked", "2026-04-20"))
    warned = (*said, ("representative_warned", "2026-04-28"))

    assert judged(represented("AU", "2026-05-05 12:00", *warned)).verdict == "refuse"
    assert judged(represented("AU", "2026-05-06 12:00", *warned)).verdict == "allow"


@pytest.mark.parametrize(("day", "stands"), [("2026-05-08", True), ("2026-05-09", False)])
def test_an_american_attorney_who_does_not_answer_in_thirty_days_no_longer_stands_between(day, stands):
    facts = represented("US", f"{day} 12:00", ASKED, WARNED)

    assert ("us-regf-attorney" in judged(facts).rules) == stands


def test_the_representative_and_an_answer_to_the_person_are_never_in_its_way():
    facts = represented("AU", "2026-04-11 12:00")
    lawyer = replace(facts, accounts=(account("AU", role="representative"),))

    assert judged(lawyer).verdict == "allow"
    assert "au-rep" not in judged(replace(facts, purpose="reply")).rules


def test_a_hold_whose_first_day_is_not_known_counts_every_paper():
    facts = represented("AU", "2026-04-24 12:00", ASKED, WARNED)
    older = replace(facts, holds=(replace(REPRESENTED, since=None),))

    assert judged_at(older, at("2026-04-24 12:00", SYDNEY)).verdict == "allow"


def test_a_warning_without_days_for_an_answer_makes_no_sense():
    with pytest.raises(ValueError, match="follows days without an answer"):
        only({"kind": "representation", "params": {"warn_days": 7}})
