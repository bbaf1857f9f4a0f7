"""Limitation: what may no longer be asked for, or threatened, once the debt is out of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts


@dataclass(frozen=True, slots=True)
class Params:
    """`unknown_forbids`: an account whose date isn't known counts as out of time (a missing fact is no permission)."""

    unknown_forbids: bool = False


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    for account in accounts:
        barred_on = account.limitation_on
        if barred_on is None and params.unknown_forbids:
            yield Finding(code="limitation_unknown", facts={"account": account.id}, accounts=(account.id,))
        elif barred_on and any(day >= barred_on for _, day in moment.days()):
            yield Finding(
                code="out_of_time",
                params={"barred_on": barred_on.isoformat()},
                facts={"account": account.id},
                accounts=(account.id,),
            )
