"""What every provider of traces promises."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from accounts.models import ContactPoint, Party

# What is known about a number that we have already: read by people, nothing to accept.
NUMBER_FACTS = "number"


@dataclass(frozen=True)
class Finding:
    """A way to reach the person, or facts about a number. `confidence` is 0 to 100, `evidence` codes of what agreed."""

    kind: str
    value: str
    confidence: int
    evidence: list[str] = field(default_factory=list)
    contact_point: ContactPoint | None = None
    other_party_id: int | None = None


class Provider(Protocol):
    """Looks a party up and answers what it found, nothing when it found nothing. Writes nothing."""

    name: str

    def look_up(self, party: Party) -> list[Finding]: ...
