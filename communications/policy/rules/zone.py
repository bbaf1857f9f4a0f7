"""Zone: without any idea where the person is, no contact that arrives at once is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts


@dataclass(frozen=True, slots=True)
class Params:
    """Nothing to set."""


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    if not facts.party.zones:
        yield Finding(code="no_zone", facts={"party": facts.party.id}, accounts=tuple(a.id for a in accounts))
