"""Breathing space and its kin: whom they protect, from what, and what is still said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from communications.policy.facts import HoldFact
from tests.support.policy_facts import account, at, contact, judged, party, past

LONDON = "Europe/London"
PERMITTED = ("reply", "confirmation", "statutory_notice")
RULE_OF = {
    "breathing_space": "uk-bs-no-contact",
    "mental_health_crisis": "uk-bs-mental-health",
    "scottish_moratorium": "uk-scot-moratorium",
}


def held(kind: str, purpose: str = "demand", **differs):
    hold = HoldFact(1, kind, "person", 7, permitted=PERMITTED, since=date(2026, 1, 5))
    ordinary = {"party": party(LONDON), "holds": (hold,), "purpose": purpose}
    return contact(at("2026-04-08 12:00", LONDON), account("UK"), **{**ordinary, **differs})


@pytest.mark.parametrize("kind", sorted(RULE_OF))
@pytest.mark.parametrize("purpose", ["demand", "reminder", "trace", "enforcement"])
def test_nothing_is_asked_while_it_lasts_and_no_day_ends_it(kind, purpose):
    decision = judged(held(kind, purpose))

    assert RULE_OF[kind] in decision.rules
    assert (decision.verdict, decision.next_allowed_at) == ("refuse", None)


@pytest.mark.parametrize("kind", sorted(RULE_OF))
def test_notices_that_the_law_asks_for_and_answers_still_go_out(kind):
    asked = (past("2026-04-07", direction="in", marks=("asks",)),)

    assert judged(held(kind, "statutory_notice")).verdict == "allow"
    assert judged(held(kind, "reply", history=asked)).verdict == "allow"


def test_a_company_has_no_breathing_space_of_its_own():
    facts = held("breathing_space", party=party(LONDON, kind="entity"))

    assert "uk-bs-no-contact" not in judged(facts).rules


@pytest.mark.parametrize("kind", ["breathing_space", "mental_health_crisis"])
@pytest.mark.parametrize(
    ("purpose", "joint", "refused"),
    [
        ("enforcement", (100,), True),
        ("enforcement", (101,), False),  # they owe another account together
        ("demand", (100,), False),
        ("reminder", (100,), False),
        ("enforcement", (100, 101), True),
    ],
)
def test_who_owes_the_debt_too_is_protected_from_enforcement_and_from_nothing_else(kind, purpose, joint, refused):
    of_the_other = HoldFact(1, kind, "person", 8, permitted=PERMITTED, joint_accounts=joint)

    decision = judged(held(kind, purpose, holds=(of_the_other,)))

    assert ("uk-bs-enforcement" in decision.rules) == refused
    assert RULE_OF[kind] not in decision.rules
    assert "firm-holds" not in decision.rules


def test_the_moratorium_of_the_person_is_told_as_theirs_and_not_as_anothers():
    assert "uk-bs-enforcement" not in judged(held("breathing_space", "enforcement")).rules


def test_a_joint_hold_of_another_kind_protects_nobody_else():
    of_the_other = HoldFact(1, "insolvency", "person", 8, joint_accounts=(100,))
    facts = held("breathing_space", "enforcement")

    assert "uk-insolvency" not in judged(replace(facts, holds=(of_the_other,))).rules
