"""Verification: the debt is named only to somebody who has been verified, or at an address known to be theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts


@dataclass(frozen=True, slots=True)
class Params:
    """`point_statuses`: in writing, the address must have one of these; spoken, the person must have passed."""

    point_statuses: tuple[str, ...] = ("verified",)


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    if not facts.disclosing or facts.verified:
        return
    if facts.channel == "call" or facts.point is None:
        yield Finding(code="not_verified", facts={"party": facts.party.id}, accounts=tuple(a.id for a in accounts))
    elif facts.point.status not in params.point_statuses:
        yield Finding(
            code="address_not_verified",
            params={"status": facts.point.status},
            facts={"point": facts.point.id},
            accounts=tuple(account.id for account in accounts),
        )
