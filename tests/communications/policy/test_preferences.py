"""What a person asked for: when, where and by which way, in every zone, past midnight, across changes of the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communications.policy.decide import decide
from communications.policy.facts import ContactFacts, PointFact, PreferenceFact
from communications.policy.outlook import outlook
from communications.policy.weekly import week_of
from tests.communications.policy.test_next_allowed import QUARTER, ZONES, instants
from tests.support.policy_facts import account, at, contact, judged, only, party, past

LONDON, SYDNEY, NEW_YORK = "Europe/London", "Australia/Sydney", "America/New_York"
ANY = "00:00-24:00"
AFTER_FIVE = ("17:00-24:00",) * 5 + (ANY, ANY)
SATURDAYS = ("",) * 5 + (ANY, "")
NIGHTS = ("22:00-02:00",) * 7
WISH = only({"kind": "preference"}, jurisdiction="UK")


def asked(when: str, *wishes: PreferenceFact, zone: str = LONDON, **differs) -> ContactFacts:
    zones = differs.pop("zones", (zone,))
    return contact(at(when, zone), account("UK"), party=party(*zones), preferences=wishes, **differs)


@pytest.mark.parametrize(
    ("hours", "when", "allowed_at"),
    [
        (AFTER_FIVE, "2026-04-08 17:00", None),
        (AFTER_FIVE, "2026-04-08 16:59", "2026-04-08 17:00"),
        (AFTER_FIVE, "2026-04-11 09:00", None),
        (SATURDAYS, "2026-04-08 12:00", "2026-04-11 00:00"),
        (SATURDAYS, "2026-04-11 23:59", None),
        (SATURDAYS, "2026-04-12 00:00", "2026-04-18 00:00"),
        (NIGHTS, "2026-04-08 23:30", None),
        (NIGHTS, "2026-04-09 02:00", None),
        (NIGHTS, "2026-04-09 02:01", "2026-04-09 22:00"),
        (("",) * 6 + ("22:00-02:00",), "2026-04-13 01:00", None),
        (("",) * 6 + ("22:00-02:00",), "2026-04-14 01:00", "2026-04-19 22:00"),
        (("12:00-14:00",) * 7, "2028-02-28 15:00", "2028-02-29 12:00"),
    ],
)
def test_hours_are_kept_to_the_minute_also_past_midnight(hours, when, allowed_at):
    answer = decide(asked(when, PreferenceFact(1, hours=hours)), WISH)

    assert answer.passes == (allowed_at is None)
    assert answer.next_allowed_at == (at(allowed_at, LONDON) if allowed_at else None)


def test_hours_bind_in_every_zone_in_which_the_person_may_be():
    wish = PreferenceFact(1, hours=AFTER_FIVE)
    facts = asked("2026-04-08 17:30", wish, zone=NEW_YORK, zones=(NEW_YORK, "America/Chicago"))

    answer = decide(facts, WISH)

    assert answer.next_allowed_at == at("2026-04-08 17:00", "America/Chicago")
    assert answer.reasons[0].params["zone"] == "America/Chicago"


def test_a_letter_has_no_hour():
    facts = asked("2026-04-08 12:00", PreferenceFact(1, hours=SATURDAYS))

    assert decide(replace(facts, channel="post", point=PointFact(2, "post")), WISH).passes


def test_a_wish_about_one_number_leaves_the_others_alone():
    wish = PreferenceFact(1, point_id=1, hours=("08:00-20:00",) * 7)
    late = asked("2026-04-08 21:00", wish)

    assert not decide(late, WISH).passes
    assert decide(replace(late, point=PointFact(2)), WISH).passes


def test_a_wish_about_one_channel_leaves_the_others_alone():
    wish = PreferenceFact(1, channel="call", hours=SATURDAYS)
    facts = asked("2026-04-08 12:00", wish)

    assert not decide(facts, WISH).passes
    assert decide(replace(facts, channel="email", point=PointFact(3, "email")), WISH).passes


def test_never_at_work_is_no_matter_of_waiting():
    wish = PreferenceFact(1, not_at_work=True)
    at_work = asked("2026-04-08 12:00", wish, point=PointFact(1, work=True))

    answer = decide(at_work, WISH)

    assert [reason.code for reason in answer.reasons] == ["preferred_place"]
    assert answer.next_allowed_at is None
    assert decide(replace(at_work, point=PointFact(1)), WISH).passes


@pytest.mark.parametrize(
    ("channel", "passes"), [("email", True), ("call", False), ("text", False), ("whatsapp", False)]
)
def test_only_by_e_mail_leaves_e_mail(channel, passes):
    facts = replace(asked("2026-04-08 12:00", PreferenceFact(1, media=("email",))), channel=channel)

    answer = decide(facts, WISH)

    assert answer.passes == passes
    assert [reason.params["media"] for reason in answer.reasons] == ([] if passes else [["email"]])


@pytest.mark.parametrize(
    ("when", "passes"),
    [
        ("2026-04-05 23:59", True),
        ("2026-04-06 00:00", False),
        ("2026-04-30 23:59", False),
        ("2026-05-01 00:00", True),
        ("2026-05-02 12:00", True),
    ],
)
def test_a_wish_lasts_from_its_first_day_to_the_end_of_its_last(when, passes):
    wish = PreferenceFact(1, media=("email",), from_on=date(2026, 4, 6), until_on=date(2026, 4, 30))

    answer = decide(asked(when, wish), WISH)

    assert answer.passes == passes
    assert answer.next_allowed_at == (None if passes else at("2026-05-01 00:00", LONDON))


def test_the_badge_says_when_the_hours_that_were_asked_for_end():
    facts = asked("2026-04-08 12:00", PreferenceFact(1, hours=("09:00-14:30",) * 7))

    assert outlook(facts, WISH).closing.at == at("2026-04-08 14:30", LONDON)


def test_an_answer_goes_through_by_the_way_on_which_they_asked_and_by_no_other():
    packs = only({"kind": "preference", "params": {"permitted": ["reply"], "reply_same_medium": True}})
    wrote = past("2026-04-08", direction="in", channel="text", marks=("asks",))
    wish = PreferenceFact(1, hours=SATURDAYS)
    reply = contact(at("2026-04-08 12:00", NEW_YORK), purpose="reply", history=(wrote,), preferences=(wish,))

    assert decide(replace(reply, channel="text"), packs).passes
    assert not decide(reply, packs).passes
    assert not decide(replace(reply, purpose="demand", channel="text"), packs).passes


def test_what_is_asked_of_a_regulation_f_collector_binds_every_purpose_and_the_creditor_keeps_it_too():
    wish = PreferenceFact(1, hours=SATURDAYS)
    when = at("2026-04-08 12:00", NEW_YORK)
    collector = contact(when, preferences=(wish,), purpose="confirmation")
    creditor = contact(when, account(capacity="original_creditor"), preferences=(wish,))

    assert judged(collector).rules == ("us-regf-inconvenient",)
    assert judged(creditor).rules == ("firm-us-preference",)


def test_in_australia_a_manager_may_let_a_wish_be_varied():
    wish = PreferenceFact(1, hours=SATURDAYS)
    facts = contact(at("2026-04-08 12:00", SYDNEY), account("AU"), party=party(SYDNEY), preferences=(wish,))

    assert judged(facts).verdict == "needs_override"


@pytest.mark.parametrize(
    "hours", [("25:00-26:00",) * 7, ("08:00",) * 7, ("08:00-08:00",) * 7, ("8-9",), ("24:00-06:00",) * 7]
)
def test_hours_that_say_nothing_are_refused(hours):
    with pytest.raises(ValueError, match="day"):
        PreferenceFact(1, hours=hours)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(ZONES), instants, st.integers(0, 47), st.integers(1, 47))
def test_odd_hours_open_exactly_when_the_clock_reaches_them_even_when_it_jumps(zone, when, opens, length):
    first, last = opens * 30, (opens + length) % 48 * 30
    hours = (f"{first // 60:02}:{first % 60:02}-{last // 60:02}:{last % 60:02}",) * 7
    facts = contact(when, party=party(zone), preferences=(PreferenceFact(1, hours=hours),))
    packs = only({"kind": "preference"})

    answer = decide(facts, packs)

    local = when.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    inside = first <= minute <= last if first < last else minute >= first or minute <= last
    assert answer.passes == inside
    if not inside:
        found = answer.next_allowed_at
        steps = [when + timedelta(minutes=5) * n for n in range(int((found - when) / timedelta(minutes=5)) + 1)]
        assert decide(replace(facts, at=found), packs).passes
        assert not any(decide(replace(facts, at=moment), packs).passes for moment in steps if moment < found)


@st.composite
def wishes(draw) -> PreferenceFact:
    window = st.sampled_from(["", ANY, "09:00-12:00", "17:00-24:00", "22:00-02:00", "00:00-06:00"])
    hours = draw(st.sampled_from([(), tuple(draw(st.lists(window, min_size=7, max_size=7)))]))
    begins = draw(st.sampled_from([None, date(2026, 3, 8), date(2026, 10, 25)]))
    media = draw(st.sampled_from([(), ("email",), ("call", "text")]))
    ends = draw(st.sampled_from([None, date(2026, 10, 26), date(2026, 11, 2)]))
    return PreferenceFact(1, hours=hours, media=media, from_on=begins, until_on=ends)


@settings(max_examples=30, deadline=None)
@given(st.lists(wishes(), min_size=1, max_size=3), instants, st.lists(st.sampled_from(ZONES), min_size=1, unique=True))
def test_nothing_before_the_next_allowed_instant_is_allowed(several, when, zones):
    packs = only(
        {"kind": "preference"}, {"kind": "hours", "params": dict.fromkeys(("mon", "thu", "sat"), "08:00-20:00")}
    )
    facts = contact(when, party=party(*zones[:2]), preferences=tuple(several))

    answer = decide(facts, packs)

    if answer.next_allowed_at is None:
        later = [when + QUARTER * step for step in range(1, 4 * 24 * 9, 29)]
        assert answer.passes or not any(decide(replace(facts, at=moment), packs).passes for moment in later)
        return
    found = answer.next_allowed_at
    before = [when + QUARTER * step for step in range(min(int((found - when) / QUARTER) + 1, 250))]
    assert decide(replace(facts, at=found), packs).passes
    assert not any(decide(replace(facts, at=moment), packs).passes for moment in before if moment < found)


def test_a_span_that_ends_in_the_hour_that_comes_twice_ends_the_first_time():
    local = datetime(2026, 11, 1, 5, 15, tzinfo=UTC).astimezone(ZoneInfo(NEW_YORK))  # 01:15, summer time

    ends = week_of(("00:00-01:30",) * 7).closes_at(local, NEW_YORK, local.astimezone(UTC))

    assert ends == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_normal_hours_at_work_are_the_persons_own_where_they_are_known():
    own = PointFact(1, work=True, work_hours=("22:00-06:00",) * 7)
    noon = contact(at("2026-04-08 12:00", SYDNEY), account("AU"), party=party(SYDNEY), point=own)

    assert judged(noon).rules == ("au-hours-work",)
    assert judged(replace(noon, point=replace(own, work_hours=()))).passes
    assert "au-hours-work" not in judged(replace(noon, at=at("2026-04-08 22:30", SYDNEY))).rules
