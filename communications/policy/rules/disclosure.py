"""Disclosure: a written message carries what the law wants every such message to say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import ELEMENTS, AccountFact, ContactFacts


@dataclass(frozen=True, slots=True)
class Params:
    """`elements` that the words must carry. Where there are no words yet, or they are spoken, nothing is judged."""

    elements: tuple[str, ...]

    def __post_init__(self) -> None:
        if unknown := set(self.elements) - set(ELEMENTS):
            raise ValueError(f"no message carries {', '.join(sorted(unknown))}")


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    if facts.elements is None:
        return
    for element in params.elements:
        if element not in facts.elements:
            yield Finding(
                code="element_missing",
                params={"element": element, "channel": facts.channel},
                accounts=tuple(account.id for account in accounts),
            )
