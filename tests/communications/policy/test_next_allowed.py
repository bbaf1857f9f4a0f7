"""The instant from which a contact is allowed, compared with trying every quarter of an hour."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.foundation.week_hours import DAYS
from communications.policy import civil
from communications.policy.decide import decide
from communications.policy.decision import VERDICT_OF_ACTION, strictest
from communications.policy.facts import REACHES, ContactFacts, HoldFact
from communications.policy.outlook import outlook
from communications.policy.pack import PackSet
from communications.policy.shipped import shipped_packs
from tests.support.policy_facts import account, at, contact, judged, only, party, passes, past

ZONES = [
    "America/New_York", "America/Los_Angeles", "Europe/London", "Australia/Sydney",
    "Australia/Adelaide", "America/Monterrey", "America/Tijuana", "Australia/Lord_Howe",
]  # fmt: skip
# The days on which clocks change in those zones, and the days beside them.
EDGES = [
    date(2026, 3, 8),
    date(2026, 3, 29),
    date(2026, 4, 5),
    date(2026, 10, 4),
    date(2026, 10, 25),
    date(2026, 11, 1),
]
QUARTER = timedelta(minutes=15)

instants = st.builds(
    lambda day, minutes: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes),
    st.sampled_from(EDGES),
    st.integers(-48 * 4, 48 * 4).map(lambda quarters: quarters * 15),
)


@st.composite
def contacts(draw) -> ContactFacts:
    when = draw(instants)
    history = tuple(
        past((when.date() - timedelta(days=draw(st.integers(0, 8)))).isoformat(), id=number, reach=reach)
        for number, reach in enumerate(draw(st.lists(st.sampled_from(REACHES), max_size=9)))
    )
    pause = HoldFact(1, "pause", "account", 100, lifts_on=when.date() + timedelta(days=draw(st.integers(-1, 3))))
    return contact(
        when,
        account(draw(st.sampled_from(["US", "UK", "MX", "AU"]))),
        party=party(*draw(st.lists(st.sampled_from(ZONES), min_size=1, max_size=3, unique=True))),
        history=history,
        holds=draw(st.sampled_from([(), (pause,)])),
        channel=draw(st.sampled_from(["call", "post"])),
    )


@settings(max_examples=40, deadline=None)
@given(contacts())
def test_the_next_allowed_instant_is_allowed_and_nothing_before_it_is(facts):
    decision = judged(facts)

    if decision.next_allowed_at is None:
        moments = [facts.at + QUARTER * step for step in range(1, 4 * 24 * 12, 7)]
        assert decision.passes or not any(passes(replace(facts, at=m), shipped_packs()) for m in moments)
        return
    found = decision.next_allowed_at
    assert decide(replace(facts, at=found), shipped_packs()).passes
    assert not decide(replace(facts, at=found - timedelta(microseconds=1)), shipped_packs()).passes
    before = [facts.at + QUARTER * step for step in range(int((found - facts.at) / QUARTER) + 1)]
    assert not any(passes(replace(facts, at=moment), shipped_packs()) for moment in before if moment < found)


@settings(max_examples=100, deadline=None)
@given(contacts())
def test_each_rule_speaks_for_itself_whatever_others_say(facts):
    decision = judged(facts)

    for reason in decision.reasons:
        rule = shipped_packs().rule(reason.rule)
        alone = PackSet([replace(pack, rules=(rule,) if rule in pack.rules else ()) for pack in shipped_packs().packs])
        assert decide(facts, alone).reasons == tuple(r for r in decision.reasons if r.rule == rule.id)
    assert decision.verdict == strictest(VERDICT_OF_ACTION[reason.action] for reason in decision.reasons)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(ZONES), instants, st.integers(0, 47), st.integers(1, 48))
def test_odd_hours_open_exactly_when_the_clock_reaches_them_even_when_it_jumps(zone, when, opens, length):
    start, end = opens * 30, min((opens + length) * 30, 1440)
    window = f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
    hours = dict.fromkeys(DAYS, window)
    packs = only({"kind": "hours", "params": hours})
    facts = contact(when, party=party(zone))

    decision = decide(facts, packs)

    local = when.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    assert decision.passes == (start <= minute <= end)
    if not decision.passes:
        found = decision.next_allowed_at
        steps = [when + timedelta(minutes=5) * n for n in range(int((found - when) / timedelta(minutes=5)) + 1)]
        assert decide(replace(facts, at=found), packs).passes
        assert not any(passes(replace(facts, at=moment), packs) for moment in steps if moment < found)


def test_when_the_clock_jumps_over_the_opening_the_window_opens_at_the_jump():
    (change,) = civil.instants_of(date(2026, 3, 8), 2 * 60 + 30, "America/New_York")

    assert change == at("2026-03-08 03:00", "America/New_York")


def test_when_the_clock_is_set_back_the_same_minute_comes_twice():
    first, second = civil.instants_of(date(2026, 11, 1), 90, "America/New_York")

    assert second - first == timedelta(hours=1)


def test_on_the_morning_after_the_clocks_change_the_hours_are_those_of_the_new_time():
    facts = contact(datetime(2026, 3, 8, 11, 59, tzinfo=UTC))  # 07:59 in New York, summer time since 02:00

    assert judged(facts).next_allowed_at == datetime(2026, 3, 8, 12, 0, tzinfo=UTC)


def test_a_rule_that_ends_no_longer_stands_in_the_way():
    packs = only({"kind": "hold", "effective_to": "2026-04-10"}, zone="America/New_York")
    facts = contact(at("2026-04-08 12:00", "America/New_York"), holds=(HoldFact(1, "admin", "account", 100),))

    assert decide(facts, packs).next_allowed_at == at("2026-04-10 00:00", "America/New_York")


def test_the_badge_knows_when_the_window_closes_and_how_much_of_the_cap_is_used():
    facts = contact(
        at("2026-04-08 12:00", "America/Monterrey"),
        account("MX"),
        party=party("America/Monterrey", "America/Tijuana"),
        history=(past("2026-04-08"),),
    )

    seen = outlook(facts, shipped_packs())

    assert (seen.closing.rule, seen.closing.zone) == ("mx-hours", "America/Monterrey")
    assert seen.closing.at == at("2026-04-08 22:00", "America/Monterrey")
    assert [(limit.rule, limit.usage.used, limit.usage.limit) for limit in seen.limits] == [("firm-mx-daily-cap", 1, 3)]
