"""Notice: one must have been sent before contact, or within some days of the first; and its time must be over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.foundation.days import add_business_days
from communications.policy import civil
from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts
from communications.policy.rules.periods import Period, latest, period


@dataclass(frozen=True, slots=True)
class Params:
    """`notice` must be recorded: before any contact (`within_days` 0), or the rule speaks from so many days after the
    first contact on (`within_business_days`: business days of `country`), its day being day 0.

    One that was sent is waited out: `wait_business_days` of `country` until it counts as received, then `wait_days`;
    with `day_counts` its day is the first of them. The last one sent counts. `only_if_sent`: where none was sent, the
    rule has nothing to say.
    """

    notice: str
    within_days: int = 0
    within_business_days: int = 0
    wait_business_days: int = 0
    wait_days: int = 0
    day_counts: bool = False
    country: str = ""
    only_if_sent: bool = False

    def __post_init__(self) -> None:
        period(self.wait_business_days + self.within_business_days, self.wait_days, self.country)

    @property
    def wait(self) -> Period:
        return period(self.wait_business_days, self.wait_days, self.country, self.day_counts)


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    for account in accounts:
        sent_on = latest(account, params.notice)
        if sent_on is not None:
            yield from _running(params, account, sent_on, moment)
        elif not params.only_if_sent and _is_due(params, account, moment):
            yield _missing(params, account)


def _missing(params: Params, account: AccountFact) -> Finding:
    first = account.first_contact_on
    return Finding(
        code="notice_missing",
        params={"notice": params.notice, "days": params.within_days or params.within_business_days or params.wait_days},
        facts={"first_contact_on": first.isoformat() if first else None},
        accounts=(account.id,),
    )


def _is_due(params: Params, account: AccountFact, moment: Moment) -> bool:
    if not (params.within_days or params.within_business_days):
        return True
    if account.first_contact_on is None:
        return False
    due_on = add_business_days(account.first_contact_on, params.within_business_days, params.country)
    return any(day >= due_on + timedelta(days=params.within_days) for _, day in moment.days())


def _running(params: Params, account: AccountFact, sent_on: date, moment: Moment) -> Iterator[Finding]:
    if not params.wait:
        return
    free_on = params.wait.last_day(sent_on) + timedelta(days=1)
    early = [zone for zone, day in moment.days() if day < free_on]
    if early:
        yield Finding(
            code="notice_running",
            params={"notice": params.notice, "days": params.wait_days, "free_on": free_on.isoformat()},
            facts={"sent_on": sent_on.isoformat(), "zones": early},
            accounts=(account.id,),
            retry_at=max(civil.start_of(free_on, zone) for zone in early),
        )
