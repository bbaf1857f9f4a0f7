"""The decision: every rule that applies is judged, the strictest wins, every reason is told.

Nothing here knows a number: the numbers are in the packs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from communications.policy.civil import Moment
from communications.policy.decision import PASSING, VERDICT_OF_ACTION, Decision, Finding, Reason, strictest
from communications.policy.facts import AccountFact, ContactFacts, ZoneFact
from communications.policy.pack import Pack, PackSet, Rule
from communications.policy.rules import KINDS
from communications.policy.rules.counting import live_consent

# A contact that no instant within this time would allow is not a matter of waiting.
HORIZON = timedelta(days=400)
LONGEST_SEARCH = 400
SUREST_FIRST = {"statement": 0, "address": 1, "number": 2, "country": 3, "record": 4}
Applicable = list[tuple[Rule, tuple[AccountFact, ...]]]


@dataclass(frozen=True, slots=True)
class Stance:
    """The verdict on a contact without the telling of it: which rules speak, and what each of them does."""

    standing: frozenset[tuple[str, str]]

    @property
    def verdict(self) -> str:
        return strictest(VERDICT_OF_ACTION[action] for _rule, action in self.standing)

    @property
    def rules(self) -> frozenset[str]:
        return frozenset(rule for rule, _action in self.standing)


def decide(facts: ContactFacts, packs: Sequence[Pack] | PackSet, *, key: bytes = b"") -> Decision:
    """Judge one contact at `facts.at`. Inbound contacts are never refused.

    `next_allowed_at` is exact: the first instant after `facts.at` at which the same facts would pass, across all rules,
    zones and changes of the clock. It is None when the contact passes now or when waiting does not help.
    """
    packset = packs if isinstance(packs, PackSet) else PackSet(packs)
    applicable = packset.applicable(facts)
    zones = zones_of(facts)
    moment = Moment(facts.at, zones)
    reasons = reasons_at(applicable, facts, moment)
    verdict = strictest(VERDICT_OF_ACTION[reason.action] for reason in reasons)
    return Decision(
        verdict=verdict,
        reasons=tuple(reasons),
        next_allowed_at=None if verdict in PASSING else _next_allowed(applicable, facts, zones, reasons),
        pack_versions=packset.versions,
        facts_digest=facts.digest(key),
        marks=("consented",) if _consented(applicable, facts, moment) else (),
    )


def zones_of(facts: ContactFacts) -> tuple[str, ...]:
    """The names of the zones in which the contact is judged, the surest first, in whatever order they were found."""
    if len(facts.party.zones) < 2:
        return tuple(fact.zone for fact in facts.party.zones)
    surest = sorted(facts.party.zones, key=_surest)
    return tuple(fact.zone for fact in surest)


def _surest(fact: ZoneFact) -> tuple[int, str]:
    return SUREST_FIRST.get(fact.source, len(SUREST_FIRST)), fact.zone


def reasons_at(applicable: Applicable, facts: ContactFacts, moment: Moment) -> list[Reason]:
    """Every reason that the rules in force at the moment have against the contact."""
    return [
        _reason(rule, finding)
        for rule, accounts in applicable
        if rule.in_force(moment.at)
        for finding in KINDS[rule.kind].judge(rule.prepared, facts, accounts, moment)
    ]


def stance(facts: ContactFacts, packs: PackSet) -> Stance:
    """The verdict that `decide` gives and the rules behind it, without looking for when it would be another."""
    return Stance(speaking_at(packs.applicable(facts), facts, Moment(facts.at, zones_of(facts))))


def speaking_at(applicable: Applicable, facts: ContactFacts, moment: Moment) -> frozenset[tuple[str, str]]:
    """The rules in force at the moment that have anything against the contact, each with what it does."""
    return frozenset(
        (rule.id, rule.action)
        for rule, accounts in applicable
        if rule.in_force(moment.at)
        and any(True for _ in KINDS[rule.kind].judge(rule.prepared, facts, accounts, moment))
    )


def _reason(rule: Rule, finding: Finding) -> Reason:
    return Reason(
        rule=rule.id,
        pack=rule.pack,
        kind=rule.kind,
        action=rule.action,
        legal_force=rule.legal_force,
        citation=rule.citation,
        code=finding.code,
        params=finding.params,
        facts=finding.facts,
        accounts=finding.accounts,
        retry_at=_earlier(finding.retry_at, rule.ends_at),
    )


def _next_allowed(
    applicable: Applicable, facts: ContactFacts, zones: tuple[str, ...], reasons: list[Reason]
) -> datetime | None:
    """Jump from one instant to the next at which the last of the present reasons ends, until none is left.

    No allowed instant is jumped over: until its own retry instant, each reason stands.
    """
    at = facts.at
    for _ in range(LONGEST_SEARCH):
        standing = [reason.retry_at for reason in reasons if VERDICT_OF_ACTION[reason.action] not in PASSING]
        if not standing:
            return at
        if any(retry is None for retry in standing):
            return None
        at = max(retry for retry in standing if retry)
        if at - facts.at > HORIZON:
            return None
        reasons = reasons_at(applicable, facts, Moment(at, zones))
    return None


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(filter(None, (one, other)), default=None)


def _consented(applicable: Applicable, facts: ContactFacts, moment: Moment) -> bool:
    """True when each account has consent on every day it may be for the person that is fresh enough for the strictest
    of the rules that leave such contacts uncounted."""
    fresh = [days for rule, _accounts in applicable if (days := getattr(rule.prepared, "consent_days", 0))]
    return bool(facts.consents and fresh) and all(
        live_consent(facts, account.id, day, min(fresh)) for account in facts.accounts for _, day in moment.days()
    )
