"""Two sets of packs over the same facts: what changes is what two whole decisions would show, rule by rule."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communications.policy.comparing import Change, Comparison
from communications.policy.decide import decide, stance
from communications.policy.facts import HoldFact
from communications.policy.pack import PackSet, pack_from
from communications.policy.shipped import CODES, shipped_data, shipped_packs
from tests.support.policy_facts import account, at, contact, party, past

NOON = at("2026-11-18 12:00", "America/Monterrey")


def with_rules(**edits: dict[str, Any]) -> PackSet:
    """The shipped packs, some rules of which are edited: `with_rules(mx_hours={"action": "warn"})`; None drops one."""
    packs = []
    for code in CODES:
        data = copy.deepcopy(shipped_data(code))
        data["rules"] = [edited(rule, edits) for rule in data["rules"] if edits.get(named(rule), {}) is not None]
        packs.append(pack_from(data))
    return PackSet(packs)


def named(rule: dict[str, Any]) -> str:
    return rule["id"].replace("-", "_")


def edited(rule: dict[str, Any], edits: dict[str, Any]) -> dict[str, Any]:
    change = edits.get(named(rule), {})
    return {**rule, **change, "params": {**rule.get("params", {}), **change.get("params", {})}}


def called(times: int, **differs):
    """Somebody in Monterrey, rung so many times today already."""
    history = tuple(past("2026-11-18", id=number + 1) for number in range(times))
    mexican = account("MX", capacity="servicer")
    return contact(NOON, mexican, **{"party": party("America/Monterrey"), "history": history, **differs})


ONE_A_DAY = with_rules(firm_mx_daily_cap={"params": {"limit": 1}})


def test_a_lower_cap_stops_the_second_call_and_names_its_rule():
    comparison = Comparison(shipped_packs(), ONE_A_DAY)

    assert comparison.change(called(0)) is None
    assert comparison.change(called(1)) == Change("allow", "needs_override", ("firm-mx-daily-cap",), (), ())
    assert comparison.change(called(3)) is None


def test_what_was_refused_anyway_changes_in_its_rules_only():
    held = called(1, holds=(HoldFact(1, "dispute", target_id=100),))

    change = Comparison(shipped_packs(), ONE_A_DAY).change(held)

    assert (change.before, change.after, change.appeared) == ("refuse", "refuse", ("firm-mx-daily-cap",))


def test_a_rule_that_does_something_else_is_told_apart_from_one_that_comes_or_goes():
    stricter = Comparison(shipped_packs(), with_rules(firm_mx_daily_cap={"action": "refuse"}))
    dropped = Comparison(shipped_packs(), with_rules(firm_mx_daily_cap=None))

    assert stricter.change(called(3)) == Change("needs_override", "refuse", (), (), ("firm-mx-daily-cap",))
    assert dropped.change(called(3)) == Change("needs_override", "allow", (), ("firm-mx-daily-cap",), ())


def test_other_words_and_another_source_change_nothing():
    worded = {"sentence_en": "Enough for today.", "sentence_es": "Basta por hoy.", "citation": "Board, 1 June"}

    assert Comparison(shipped_packs(), with_rules(firm_mx_daily_cap=worded)).change(called(3)) is None


def test_a_rule_says_nothing_before_the_day_on_which_it_begins():
    later = {"params": {"limit": 1}, "effective_from": "2026-11-19"}
    comparison = Comparison(with_rules(firm_mx_daily_cap=None), with_rules(firm_mx_daily_cap=later))

    assert comparison.change(called(1)) is None
    assert comparison.change(replace(called(2), at=NOON + timedelta(days=1))) is None
    tomorrow = replace(called(2), at=NOON + timedelta(days=1), history=(past("2026-11-19"),))
    assert comparison.change(tomorrow).appeared == ("firm-mx-daily-cap",)


EDITS = [
    {"firm_mx_daily_cap": {"params": {"limit": 1}}},
    {"firm_mx_daily_cap": None, "mx_hours": {"action": "warn"}},
    {"mx_hours": {"params": {"wed": "10:00-11:00", "sun": ""}}, "firm_holds": None},
    {"firm_opt_out": {"action": "warn"}, "mx_weekdays": None, "firm_zone": None},
]
WEEK = st.integers(0, 6 * 24 * 60).map(lambda minutes: at("2026-11-14 00:00") + timedelta(minutes=minutes))
HOLDS = [(), (HoldFact(1, "dispute", target_id=100),), (HoldFact(2, "cease", "person", 7),)]
PEOPLE = [party("America/Monterrey"), party("America/Tijuana", "America/Monterrey"), party(minor=True)]
FACTS = st.builds(
    called,
    st.integers(0, 4),
    at=WEEK,
    channel=st.sampled_from(["call", "text", "email"]),
    purpose=st.sampled_from(["demand", "reply", "trace"]),
    holds=st.sampled_from(HOLDS),
    party=st.sampled_from(PEOPLE),
)


@pytest.mark.parametrize("edit", EDITS, ids=["cap", "dropped", "hours", "several"])
@settings(deadline=None, max_examples=40)
@given(facts=FACTS)
def test_the_change_is_what_two_whole_decisions_show(edit, facts):
    before, after = shipped_packs(), with_rules(**edit)
    old, new = decide(facts, before), decide(facts, after)
    does = [{(reason.rule, reason.action) for reason in decision.reasons} for decision in (old, new)]

    change = Comparison(before, after).change(facts)

    assert (change is not None) == (does[0] != does[1])
    if change is not None:
        assert (change.before, change.after) == (old.verdict, new.verdict)
        assert set(change.appeared) == set(new.rules) - set(old.rules)
        assert set(change.gone) == set(old.rules) - set(new.rules)
        assert set(change.otherwise) == {rule for rule, _does in does[0] ^ does[1]} & set(old.rules) & set(new.rules)


@settings(deadline=None, max_examples=40)
@given(facts=FACTS)
def test_the_short_answer_is_that_of_the_gate(facts):
    answer, short = decide(facts, shipped_packs()), stance(facts, shipped_packs())

    assert (short.verdict, short.rules) == (answer.verdict, set(answer.rules))
