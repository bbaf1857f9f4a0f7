"""A stored decision worked out again: from its own facts, under its own versions of the policy and under today's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from communications.models import PolicyDecision, Verdict
from communications.policy.decide import decide
from communications.policy.decision import NEEDS_OVERRIDE, Decision
from communications.policy.facts import ContactFacts, digest_of
from communications.policy.pack import PackSet
from communications.selectors.live_policy import live_packs, packs_by_number


class CannotReplay(LookupError):
    """The facts or a version of the policy behind a decision are not there."""


@dataclass(frozen=True)
class Replay:
    """`then`: what the stored versions answer; `now`: what those in force would answer to the very same facts, judged
    at the same instant. `is_whole`: the facts are those of which the digest was kept."""

    decision: PolicyDecision
    facts: ContactFacts
    is_whole: bool
    then: Decision
    now: Decision

    @property
    def is_same(self) -> bool:
        """The stored answer comes out again: verdict, reasons and the next allowed instant."""
        kept = self.decision
        reasons = sorted((reason["rule"], reason["code"]) for reason in kept.reasons)
        return (
            self.is_whole
            and self.then.verdict == verdict_of_gate(kept)
            and sorted((reason.rule, reason.code) for reason in self.then.reasons) == reasons
            and self.then.next_allowed_at == kept.next_allowed_at
        )

    @property
    def differs_now(self) -> bool:
        return (self.now.verdict, sorted(self.now.rules)) != (self.then.verdict, sorted(self.then.rules))

    def as_dict(self) -> dict[str, Any]:
        return {
            "decision": self.decision.pk,
            "at": self.decision.at.isoformat(),
            "verdict": self.decision.verdict,
            "facts_are_whole": self.is_whole,
            "same": self.is_same,
            "then": self.then.as_dict(),
            "now": self.now.as_dict(),
        }


def verdict_of_gate(decision: PolicyDecision) -> str:
    """What the gate said before an approved exception was used."""
    return NEEDS_OVERRIDE if decision.verdict == Verdict.OVERRIDE else decision.verdict


def replay(decision: PolicyDecision, *, policy_at: datetime) -> Replay:
    """Judge again, at the decision's own instant; `policy_at` says which versions are meant by today's.

    Raises `CannotReplay` for a decision whose facts were not kept, or whose versions are gone.
    """
    if not decision.facts:
        raise CannotReplay(f"the facts of decision {decision.pk} were not kept")
    try:
        versions = packs_by_number(decision.pack_versions)
    except LookupError as missing:
        raise CannotReplay(str(missing)) from None
    facts, key = ContactFacts.from_json(decision.facts), settings.DIGEST_KEY.encode()
    return Replay(
        decision=decision,
        facts=facts,
        is_whole=digest_of(decision.facts, key) == decision.facts_digest,
        then=_answer(facts, versions, key),
        now=_answer(facts, live_packs(policy_at), key),
    )


def _answer(facts: ContactFacts, packs: PackSet, key: bytes) -> Decision:
    return decide(facts, packs, key=key)
