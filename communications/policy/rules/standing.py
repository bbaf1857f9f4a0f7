"""Standing: what may no longer be asked of a debt that is closed, or that somebody else collects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts


@dataclass(frozen=True, slots=True)
class Params:
    """`standings` of an account about which nobody is contacted for the purposes in the rule's scope."""

    standings: tuple[str, ...]


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    for account in accounts:
        if account.standing in params.standings:
            yield Finding(
                code="not_ours_to_ask",
                params={"standing": account.standing, "purpose": facts.purpose},
                facts={"account": account.id},
                accounts=(account.id,),
            )
