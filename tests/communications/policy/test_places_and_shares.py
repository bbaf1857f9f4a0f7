"""Counting by place, unanswered calls about several debts, and the overlays of states."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from communications.policy.facts import ConsentFact, NoticeFact, PointFact
from tests.support.policy_facts import account, at, contact, judged, only, party, past, talk

NEW_YORK = "America/New_York"
WORK, HOME, MAIL = PointFact(id=1, work=True), PointFact(id=1), PointFact(id=1, kind="email")
IN_TEXAS = {"product": "mca", "debt_purpose": "commercial", "region": "TX"}


def calls(*days: str, work: bool = False, **differs):
    marks = ("work",) if work else ()
    return tuple(past(day, id=n, marks=marks, **differs) for n, day in enumerate(days))


@pytest.mark.parametrize(
    ("point", "history", "rules"),
    [
        (HOME, calls("2026-04-06", "2026-04-07"), ("us-ma-2in7",)),
        (HOME, calls("2026-04-06", "2026-04-07", work=True), ()),  # those were at work
        (WORK, calls("2026-04-06", "2026-04-07"), ()),
        (WORK, calls("2026-03-15", "2026-03-20", work=True), ("us-ma-2in30-work",)),
        (WORK, calls("2026-03-09", "2026-03-20", work=True), ()),  # the first was thirty days ago
        (HOME, calls("2026-03-15", "2026-03-20"), ()),
    ],
)
def test_massachusetts_counts_home_and_work_apart(point, history, rules):
    facts = contact(at("2026-04-08 12:00", NEW_YORK), account(region="MA"), point=point, history=history)

    assert judged(facts).rules == rules


def test_the_third_call_to_work_in_massachusetts_waits_until_thirty_days_are_over():
    history = calls("2026-03-15", "2026-03-20", work=True)
    facts = contact(at("2026-04-08 12:00", NEW_YORK), account(region="MA"), point=WORK, history=history)

    assert judged(facts).next_allowed_at == at("2026-04-14 08:00", NEW_YORK)


@pytest.mark.parametrize(
    ("when", "point", "history", "rules"),
    [
        ("2026-04-08 12:00", WORK, calls("2026-04-06", work=True, reach="connected"), ("us-wa-1wk-work",)),
        ("2026-04-08 12:00", WORK, calls("2026-04-05", work=True, reach="connected"), ()),  # last week
        ("2026-04-08 12:00", WORK, calls("2026-04-06", work=True), ()),  # nobody was reached
        ("2026-04-08 12:00", HOME, calls("2026-04-06", work=True, reach="connected"), ()),
        ("2026-04-08 07:29", HOME, (), ("us-regf-hours", "us-wa-hours", "firm-us-hours")),
        ("2026-04-08 07:30", HOME, (), ("us-regf-hours", "firm-us-hours")),
    ],
)
def test_washington_allows_one_a_week_at_work_and_nothing_before_half_past_seven(when, point, history, rules):
    facts = contact(at(when, NEW_YORK), account(region="WA"), point=point, history=history)

    assert judged(facts).rules == rules


@pytest.mark.parametrize(
    ("sent", "agreed", "rules"),
    [
        (4, True, ()),
        (5, True, ("us-dc-5-electronic",)),
        (0, False, ("us-regf-email-basis", "us-dc-electronic-consent")),
        (5, False, ("us-regf-email-basis", "us-dc-5-electronic", "us-dc-electronic-consent")),
        (9, True, ("us-dc-5-electronic",)),
    ],
)
def test_the_district_of_columbia_allows_five_electronic_messages_a_week_with_consent(sent, agreed, rules):
    history = tuple(past("2026-04-06", id=n, channel="email") for n in range(sent))
    consents = (ConsentFact("email", date(2026, 1, 1)),) if agreed else ()
    facts = contact(
        at("2026-04-08 12:00", NEW_YORK),
        account(region="DC"),
        channel="email",
        point=MAIL,
        history=history,
        consents=consents,
    )

    assert judged(facts).rules == rules


SHARED = {"limit": 7, "days": 7, "count_what": "attempt", "count_key": "person_account", "channels": ["call"]}


def shares(history, attribution: str, *accounts: int):
    packs = only({"kind": "frequency", "params": {**SHARED, "unanswered_attribution": attribution}})
    facts = contact(at("2026-04-07 12:00", NEW_YORK), *(account(id=pk) for pk in accounts), history=history)
    return judged(facts, packs)


def about(*accounts: int, times: int, reach: str = "attempt"):
    return tuple(past("2026-04-05", id=n, account_ids=accounts, reach=reach) for n in range(times))


@pytest.mark.parametrize(
    ("history", "attribution", "passes"),
    [
        (about(100, 101, 102, times=7), "all", False),
        (about(100, 101, 102, times=7), "one", True),
        (about(100, 101, 102, times=20), "one", True),
        (about(100, 101, 102, times=21), "one", False),  # seven for each of the three
        (about(100, 101, 102, times=7, reach="connected"), "one", False),  # what was spoken counts for each
        (about(100, times=7), "one", False),
        (about(100, times=6) + about(100, 101, times=6), "one", True),
    ],
)
def test_an_unanswered_call_about_several_debts_counts_for_all_or_for_one_of_them(history, attribution, passes):
    numbered = tuple(replace(one, id=n) for n, one in enumerate(history))

    assert shares(numbered, attribution, 102 if len(history) == 20 else 100).passes == passes


def test_what_the_shipped_rule_counts_is_the_stricter_way():
    history = about(100, 101, 102, times=7)
    facts = contact(at("2026-04-07 12:00", NEW_YORK), history=history)

    assert judged(facts).rules == ("us-regf-7in7",)


@pytest.mark.parametrize(
    ("differs", "rules"),
    [
        ({}, ("us-ca-covered-commercial", "us-ca-commercial-talk")),
        ({"band": "over_500k"}, ()),
        ({"natural": False}, ()),
        ({"opened_on": date(2025, 6, 30)}, ()),
        ({"opened_on": date(2025, 7, 1)}, ("us-ca-covered-commercial", "us-ca-commercial-talk")),
        ({"region": "NV"}, ()),
        ({"band": ""}, ()),
    ],
)
def test_california_treats_small_business_debt_that_a_person_owes_like_a_consumers(differs, rules):
    covered = {"debt_purpose": "commercial", "region": "CA", "band": "upto_500k", "opened_on": date(2026, 1, 5)}
    history = (*(past("2026-04-06", id=n) for n in range(6)), talk("2026-04-06", id=9))
    facts = contact(at("2026-04-08 12:00", NEW_YORK), account(**{**covered, **differs}), history=history)

    assert judged(facts).rules == rules


@pytest.mark.parametrize(
    ("when", "papers", "differs", "stands"),
    [
        ("2026-04-08 12:00", (), {}, True),
        ("2026-04-08 12:00", ("first_lien",), {}, False),
        ("2025-08-29 12:00", (), {}, False),  # before the act
        ("2026-04-08 12:00", (), {"region": "OK"}, False),
        ("2026-04-08 12:00", (), {"product": "loan"}, False),
    ],
)
def test_texas_wants_a_first_lien_on_record_before_an_advance_is_enforced(when, papers, differs, stands):
    owed = account(**{**IN_TEXAS, **differs}, notices=tuple(NoticeFact(kind, date(2025, 1, 5)) for kind in papers))
    facts = contact(at(when, NEW_YORK), owed, purpose="enforcement")

    assert ("us-mca-tx" in judged(facts).rules) == stands


def test_who_was_asked_once_where_somebody_is_is_not_asked_again_about_another_debt():
    asked = past("2026-01-02", reach="connected", purpose="trace", account_ids=(101,))
    facts = contact(at("2026-04-08 12:00", NEW_YORK), account(role="third_party"), purpose="trace", history=(asked,))

    assert judged(facts).rules == ("us-regf-location",)


@pytest.mark.parametrize(
    ("local", "differs", "rules"),
    [
        ("2026-04-08 12:29", {}, ("firm-spacing",)),
        ("2026-04-08 12:30", {}, ()),
        ("2026-04-08 12:00", {"reach": "attempt"}, ()),  # nobody was reached
        ("2026-04-08 12:00", {"person_id": 8}, ()),
        ("2026-04-08 12:00", {"at": None}, ()),  # its instant was not kept
    ],
)
def test_within_the_hour_after_somebody_was_reached_another_contact_is_warned_of(local, differs, rules):
    reached = {"at": at("2026-04-08 11:30", "Europe/London"), "reach": "connected", **differs}
    facts = contact(
        at(local, "Europe/London"),
        account("UK"),
        party=party("Europe/London"),
        history=(past("2026-04-08", **reached),),
    )

    assert judged(facts).rules == rules


def test_the_end_of_a_spacing_is_known_to_the_minute():
    packs = only({"kind": "spacing", "params": {"minutes": 45}})
    facts = contact(
        at("2026-04-08 12:00", NEW_YORK), history=(talk("2026-04-08", at=at("2026-04-08 11:30", NEW_YORK)),)
    )

    assert judged(facts, packs).next_allowed_at == at("2026-04-08 12:15", NEW_YORK)
