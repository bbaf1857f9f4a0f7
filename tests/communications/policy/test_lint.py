"""What the lint finds in a pack: each fault shown once by a pack that has it, and none in the packs as shipped."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communications.policy.decide import decide
from communications.policy.decision import VERDICTS
from communications.policy.facts import ELEMENTS, OUTBOUND_PURPOSES, REACHES
from communications.policy.lint.looser import differences
from communications.policy.lint.overlaps import shadowed
from communications.policy.lint.reach import can_speak
from communications.policy.pack import ACTIONS, EMERGENCY_STOP, Pack, PackSet, Rule
from communications.policy.rules import KINDS
from communications.policy.rules.hours import DAYS
from communications.policy.shipped import CODES, shipped_pack, shipped_packs
from communications.policy.wording import words
from tests.support.faulty_packs import CASES, ON, changed, every_day, flaws, hours, others, with_more
from tests.support.made_up_contacts import made_up_contacts
from tests.support.policy_facts import account, at, contact, only, party, passes

PLACES = {"UK": "Europe/London", "US": "America/New_York", "MX": "America/Monterrey", "AU": "Australia/Sydney"}
FAULTY = [(code, number) for code, cases in CASES.items() for number in range(len(cases))]
LAW = [r for pack in shipped_packs().packs for r in pack.rules if r.legal_force != "policy"]
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
thorough = settings(max_examples=50, deadline=None, suppress_health_check=SLOW)


@pytest.mark.parametrize(("code", "number"), FAULTY, ids=lambda part: str(part))
def test_the_fault_is_found_and_its_rule_named(code, number):
    pack, beside, rule = CASES[code][number]

    found = flaws(pack, beside)

    assert (code, rule) in {(flaw.code, flaw.rule) for flaw in found}


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_found_in_a_pack_as_it_is_shipped(code):
    assert flaws(shipped_pack(code)) == []


def test_a_stricter_draft_is_no_fault():
    stricter = [
        changed("US", "us-regf-7in7", params={"limit": 3, "days": 14, "consent_days": 0, "exclusions": []}),
        changed("US", "us-regf-hours", params=every_day("10:00-18:00")),
        changed("US", "us-regf-sms-basis", params={"fresh_days": 30, "bases": ["given"]}),
        changed("US", "us-regf-validation-3d", params={"within_days": 2}, action="override"),
        changed("US", "us-nyc-3in7", effective_from="2026-01-01"),
        changed("AU", "au-freq-week", params={"window": "rolling", "days": 31, "limit": 2}, action="refuse"),
    ]

    found = [flaw for pack in stricter for flaw in flaws(pack)]

    assert [flaw.code for flaw in found if flaw.code.startswith("looser")] == []


def test_both_numbers_are_named_where_a_draft_is_looser_than_the_law():
    (flaw,) = flaws(changed("US", "us-ma-2in7", params={"limit": 5}))

    assert (flaw.values["field"], flaw.values["before"], flaw.values["after"]) == ("limit", 2, 5)


def test_relabelling_law_as_policy_hides_nothing():
    found = flaws(changed("US", "us-regf-cease", legal_force="policy", action="warn"))

    assert {flaw.values["field"] for flaw in found} == {"legal_force", "action"}


def test_hours_said_to_have_no_common_time_are_closed_at_every_quarter_of_an_hour_of_a_week():
    pack = with_more("UK", hours("x", "05:00-07:30", scope={"channels": ["call"]}))
    facts = contact(at("2026-08-10 00:00", PLACES["UK"]), account("UK"), party=party(PLACES["UK"]))

    moments = [facts.at + timedelta(minutes=15) * step for step in range(7 * 96)]
    packs = PackSet([pack, *others("UK")])

    assert {flaw.code for flaw in flaws(pack)} == {"never_open"}
    assert not any(passes(replace(facts, at=moment), packs) for moment in moments)


def test_a_rule_that_warns_closes_nothing():
    assert flaws(with_more("UK", hours("x", "05:00-07:30", action="warn"))) == []


def test_a_weekend_left_out_is_no_forgotten_day():
    assert flaws(changed("UK", "uk-policy-hours", params={"sat": "", "sun": ""})) == []


def milder(own: Rule, law: Rule, facts) -> bool:
    place = law.jurisdiction
    answers = [decide(facts, PackSet([Pack("t", 1, place, "UTC", "", "", (rule,))])) for rule in (own, law)]
    return VERDICTS.index(answers[0].verdict) < VERDICTS.index(answers[1].verdict)


@st.composite
def redrafted(draw, rule: Rule) -> Rule:
    """A rule with one or two of its values changed to anything that makes sense."""
    params, scope, differs = dict(rule.params), rule.scope, {}
    for _ in range(draw(st.integers(1, 2))):
        what = draw(st.sampled_from(["params", "params", "params", "scope", "action"]))
        names = list(rule.prepared.__dataclass_fields__)
        if what == "params" and names:
            name = draw(st.sampled_from(names))
            params[name] = draw(value_of(name, getattr(rule.prepared, name)))
        elif what == "scope":
            name = draw(st.sampled_from(["channels", "purposes", "party_kinds", "debt_purposes", "regulated_only"]))
            scope = replace(scope, **{name: draw(value_of(name, getattr(scope, name)))})
        else:
            differs["action"] = draw(st.sampled_from(ACTIONS))
    try:
        return replace(rule, params=params, scope=scope, **differs)
    except ValueError:
        return rule


WORDS = {
    "channels": ["call", "text", "email", "whatsapp", "post"], "purposes": list(OUTBOUND_PURPOSES),
    "counted_purposes": list(OUTBOUND_PURPOSES), "permitted": list(OUTBOUND_PURPOSES),
    "other_purposes": list(OUTBOUND_PURPOSES), "kinds": words("hold"), "except_kinds": words("hold"),
    "roles": ["primary", "guarantor", "representative", "third_party"], "exempt_roles": ["primary", "representative"],
    "exclusions": ["unconnected", "consented", "requested", "professional"], "bases": ["given", "used", "creditor"],
    "point_statuses": ["verified", "unverified"], "standings": ["paid", "placed_out"], "statuses": ["dead"],
    "party_kinds": ["consumer", "sole_trader", "guarantor", "entity"], "debt_purposes": ["consumer", "commercial"],
    "no_text_kinds": ["toll_free"], "extra": ["2026-04-08"],
    "elements": list(ELEMENTS), "once": list(OUTBOUND_PURPOSES), "as_one": ["call", "text", "email"],
}  # fmt: skip
PLAIN = {
    "count_what": REACHES, "count_key": ["person", "account", "person_account", "address"],
    "window": ["rolling", "week", "month"], "country": ["GB", "US", "MX", "AU"], "subdivision": [""],
    "notice": ["validation", "default"], "required": ["", "en", "es"],
    "place": ["", "work", "elsewhere"], "unanswered_attribution": ["all", "one"],
    "other_key": ["person", "account", "person_account", "address"], "asked": ["dispute_received"],
    "answered": ["verification_sent"], "within_notice": ["", "validation"],
    "withdrawn": ["", "dispute_withdrawn"],
}  # fmt: skip


def value_of(name: str, present):
    if isinstance(present, bool):
        return st.booleans()
    if isinstance(present, int):
        return st.integers(0, 12)
    if name in DAYS:
        return st.sampled_from(["", "00:00-24:00", "07:00-22:00", "09:00-20:00", present])
    if name in WORDS:
        return st.lists(st.sampled_from(WORDS[name]), max_size=4, unique=True).map(tuple)
    return st.sampled_from(PLAIN[name])


@settings(thorough, max_examples=60)
@given(st.data())
def test_whatever_a_draft_lets_through_that_the_law_does_not_is_named(data):
    """The gate is asked under the law and under the draft: a milder answer without a word of the lint is its fault."""
    law = data.draw(st.sampled_from(LAW))
    law = replace(law, effective_from=None)
    own = data.draw(redrafted(law))
    facts = data.draw(made_up_contacts(jurisdictions=[law.jurisdiction]))

    if milder(own, law, facts):
        assert list(differences(law, own, ON)), (law.id, own.params, own.scope, own.action)


@st.composite
def limits(draw) -> dict:
    window = draw(st.sampled_from(["rolling", "rolling", "week", "month"]))
    return {
        "limit": draw(st.integers(1, 4)),
        "window": window,
        "days": draw(st.integers(1, 9)),
        "count_what": draw(st.sampled_from(["attempt", "connected"])),
        "count_key": draw(st.sampled_from(["person", "account", "person_account"])),
        "channels": draw(st.sampled_from([(), ("call",), ("call", "text")])),
        "exclusions": draw(st.sampled_from([(), ("unconnected",)])),
    }


@thorough
@given(limits(), limits(), made_up_contacts(jurisdictions=["US"]))
def test_a_limit_said_to_be_reached_later_never_speaks_alone(one, other, facts):
    packs = only({"kind": "frequency", "params": one}, {"kind": "frequency", "params": other})

    for flaw in shadowed(packs.packs[0]):
        if flaw.rule in decide(facts, packs).rules:
            assert set(flaw.values["others"]) <= set(decide(facts, packs).rules)


def test_every_rule_that_is_shipped_can_speak_and_every_kind_is_tried():
    rules = [EMERGENCY_STOP, *(rule for pack in shipped_packs().packs for rule in pack.rules)]

    assert [rule.id for rule in rules if not can_speak(rule)] == []
    assert {rule.kind for rule in rules} == set(KINDS)
