"""Place: contact at work, where the employer or the rules don't want it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts


@dataclass(frozen=True, slots=True)
class Params:
    """`only_if_forbidden`: refuse at work only where the employer is known to forbid it, else always."""

    only_if_forbidden: bool = False


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    point = facts.point
    if point and point.work and (point.employer_forbids or not params.only_if_forbidden):
        yield Finding(
            code="at_work",
            params={"channel": facts.channel},
            facts={"point": point.id, "employer_forbids": point.employer_forbids},
            accounts=tuple(account.id for account in accounts),
        )
