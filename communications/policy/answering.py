"""Whether something that the person asked of us still waits for its answer, by the rules of kind `reply` alone."""

from __future__ import annotations

from dataclasses import replace

from communications.policy.civil import Moment
from communications.policy.decide import reasons_at, zones_of
from communications.policy.facts import ContactFacts
from communications.policy.pack import PackSet


def awaits_reply(facts: ContactFacts, packs: PackSet) -> bool:
    """True when a contact at this instant would be a reply. Without a rule that says when one is due, none is."""
    asked = replace(facts, purpose="reply")
    rules = [(rule, accounts) for rule, accounts in packs.applicable(asked) if rule.kind == "reply"]
    in_force = [rule for rule, _accounts in rules if rule.in_force(asked.at)]
    return bool(in_force) and not reasons_at(rules, asked, Moment(asked.at, zones_of(asked)))
