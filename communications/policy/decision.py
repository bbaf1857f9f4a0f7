"""What the gate answers: a verdict with every reason, and the instant from which it would be another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

ALLOW, WARN, NEEDS_OVERRIDE, REFUSE = "allow", "warn", "needs_override", "refuse"
VERDICTS = (ALLOW, WARN, NEEDS_OVERRIDE, REFUSE)
VERDICT_OF_ACTION = {"warn": WARN, "override": NEEDS_OVERRIDE, "refuse": REFUSE}
PASSING = frozenset({ALLOW, WARN})


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule kind has against a contact.

    `params` fill the sentence, `facts` name what was looked at (ids, codes and days only), `accounts` whom it concerns.
    `retry_at` is the first instant at which this finding alone would be gone; None when time does not lift it.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    accounts: tuple[int, ...] = ()
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A finding with the rule behind it: its id, pack, what it does, its legal force and its source."""

    rule: str
    pack: str
    kind: str
    action: str
    legal_force: str
    citation: str
    code: str
    params: Mapping[str, Any]
    facts: Mapping[str, Any]
    accounts: tuple[int, ...]
    retry_at: datetime | None

    def as_dict(self) -> dict[str, Any]:
        """Codes, parameters and ids, fit for JSON and for keeping for good."""
        values = asdict(self)
        values["retry_at"] = self.retry_at.isoformat() if self.retry_at else None
        return values


@dataclass(frozen=True, slots=True)
class Decision:
    """The gate's answer. `next_allowed_at` is None when the contact may be made now, or when waiting won't help."""

    verdict: str
    reasons: tuple[Reason, ...]
    next_allowed_at: datetime | None
    pack_versions: Mapping[str, int]
    facts_digest: str
    marks: tuple[str, ...] = ()

    @property
    def passes(self) -> bool:
        return self.verdict in PASSING

    @property
    def rules(self) -> tuple[str, ...]:
        return tuple(reason.rule for reason in self.reasons)

    def as_dict(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict,
            "reasons": [reason.as_dict() for reason in self.reasons],
            "next_allowed_at": self.next_allowed_at.isoformat() if self.next_allowed_at else None,
            "pack_versions": dict(self.pack_versions),
            "facts_digest": self.facts_digest,
        }


def strictest(verdicts: Iterable[str]) -> str:
    """The strictest of several verdicts; with none, allow."""
    return max(verdicts, key=VERDICTS.index, default=ALLOW)
