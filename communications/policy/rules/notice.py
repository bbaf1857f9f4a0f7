"""Notice: a first notice must have been recorded before contact, or within some days of the first contact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts


@dataclass(frozen=True, slots=True)
class Params:
    """`notice` must be recorded: before any contact (`within_days` 0), or the rule speaks from so many days after the
    first contact on, its day being day 0."""

    notice: str
    within_days: int = 0


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    for account in accounts:
        if any(notice.kind == params.notice for notice in account.notices):
            continue
        if params.within_days and not _overdue(params, account, moment):
            continue
        first = account.first_contact_on
        yield Finding(
            code="notice_missing",
            params={"notice": params.notice, "days": params.within_days},
            facts={"first_contact_on": first.isoformat() if first else None},
            accounts=(account.id,),
        )


def _overdue(params: Params, account: AccountFact, moment: Moment) -> bool:
    if account.first_contact_on is None:
        return False
    due_on = account.first_contact_on + timedelta(days=params.within_days)
    return any(day >= due_on for _, day in moment.days())
