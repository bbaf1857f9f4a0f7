"""What a badge shows beside a verdict: until when it may be used today, and how far each limit is used up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from communications.policy.civil import Moment
from communications.policy.decide import zones_of
from communications.policy.decision import ALLOW, VERDICT_OF_ACTION
from communications.policy.facts import ContactFacts
from communications.policy.pack import Pack, PackSet, Rule
from communications.policy.rules import frequency, hours, preference
from communications.policy.rules.frequency import Usage
from communications.policy.weekly import week_of


@dataclass(frozen=True, slots=True)
class Closing:
    """The instant at which the first window closes, the zone in which it does, and the rule that says so."""

    at: datetime
    zone: str
    rule: str
    legal_force: str


@dataclass(frozen=True, slots=True)
class Limit:
    """How far a frequency rule is used up."""

    rule: str
    legal_force: str
    usage: Usage


@dataclass(frozen=True, slots=True)
class Outlook:
    """`closing` is None when nothing closes today; `limits` has one entry for a limit and account, tightest first."""

    closing: Closing | None
    limits: tuple[Limit, ...]


def outlook(facts: ContactFacts, packs: Sequence[Pack] | PackSet) -> Outlook:
    """Until when the contact stays allowed by the hours, and how far each limit is used up."""
    packset = packs if isinstance(packs, PackSet) else PackSet(packs)
    moment = Moment(facts.at, zones_of(facts))
    closings: list[Closing] = []
    limits: list[Limit] = []
    for rule, accounts in packset.applicable(facts):
        if not rule.in_force(facts.at) or VERDICT_OF_ACTION[rule.action] == ALLOW:
            continue
        if rule.kind in ("hours", "preference"):
            closings += _closings(rule, facts, moment)
        elif rule.kind == "frequency":
            uses = frequency.usage(rule.prepared, facts, accounts, moment)
            limits += [Limit(rule.id, rule.legal_force, use) for use in uses]
    limits.sort(key=lambda limit: limit.usage.limit - limit.usage.used)
    return Outlook(min(closings, key=lambda closing: closing.at, default=None), tuple(limits))


def _closings(rule: Rule, facts: ContactFacts, moment: Moment) -> list[Closing]:
    if rule.kind == "preference":
        ends = preference.closings(rule.prepared, facts, moment)
        return [Closing(at, zone, rule.id, rule.legal_force) for zone, at in ends]
    bound = hours.hours_for(rule.prepared, facts)
    if bound is None:
        return []
    week = week_of(bound)
    today = ((zone, week.closes_at(local, zone, moment.at)) for zone, local in moment.locals)
    return [Closing(at, zone, rule.id, rule.legal_force) for zone, at in today if at]
