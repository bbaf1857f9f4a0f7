"""Language: the contact is in the language the person reads and speaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts


@dataclass(frozen=True, slots=True)
class Params:
    """`required`: this language whatever the person's is; empty: the person's own, where it is known."""

    required: str = ""


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    wanted = params.required or facts.party.language
    if wanted and facts.language and _root(wanted) != _root(facts.language):
        yield Finding(
            code="other_language",
            params={"wanted": wanted, "used": facts.language},
            facts={"party": facts.party.id},
            accounts=tuple(account.id for account in accounts),
        )


def _root(language: str) -> str:
    return language.lower().split("-")[0]
