"""Worked examples of a rule. Each is answered by the gate itself with this rule alone in it, so that it can't drift."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from communications.policy.examples import asked, cases, counted
from communications.policy.examples.example import Example
from communications.policy.pack import Rule
from communications.policy.trial import OutOfScope, Trial

OF_KIND: dict[str, Callable[[Trial], Iterator[Example]]] = {
    "consent": counted.consent_examples,
    "contact_point": cases.contact_point_examples,
    "cool_down": counted.cool_down_examples,
    "disclosure": cases.disclosure_examples,
    "frequency": counted.frequency_examples,
    "hold": cases.hold_examples,
    "holidays": counted.holidays_examples,
    "hours": counted.hours_examples,
    "language": cases.language_examples,
    "limitation": cases.limitation_examples,
    "notice": counted.notice_examples,
    "opt_out": cases.opt_out_examples,
    "place": cases.place_examples,
    "preference": asked.preference_examples,
    "reply": counted.reply_examples,
    "representation": asked.representation_examples,
    "request": asked.request_examples,
    "spacing": counted.spacing_examples,
    "standing": cases.standing_examples,
    "stop": cases.stop_examples,
    "third_party": cases.third_party_examples,
    "verification": cases.verification_examples,
    "zone": cases.zone_examples,
}


def examples_of(rule: Rule) -> tuple[Example, ...]:
    """What the rule answers to the cases that its numbers are about; none when no contact can fall under it."""
    key = (rule.kind, rule.action, rule.jurisdiction, rule.prepared, rule.scope)
    if key not in _asked:
        if len(_asked) >= MOST_KEPT:
            _asked.clear()
        _asked[key] = _ask(rule)
    return _asked[key]


# The gate answers the same rule alike however often it is asked: a page of thirty rules is drawn at once.
_asked: dict[tuple[Any, ...], tuple[Example, ...]] = {}
MOST_KEPT = 500


def _ask(rule: Rule) -> tuple[Example, ...]:
    try:
        trial = Trial(rule)
    except OutOfScope:
        return ()
    return tuple(OF_KIND[rule.kind](trial))
