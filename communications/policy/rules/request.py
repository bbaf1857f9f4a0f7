"""Request: what the person asked for in writing must be sent before anything more is asked of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts
from communications.policy.rules.periods import Period, latest, period


@dataclass(frozen=True, slots=True)
class Params:
    """`asked` is the paper that came, `answered` the one that has to be sent after it.

    With `within_notice`, only a request counts that came in time: on a day no later than the last of that notice's
    period (`wait_business_days` of `country`, then `wait_days`). Where the notice was never sent, every request is.
    Whoever takes it back (the paper `withdrawn`) waits for nothing any more.
    """

    asked: str
    answered: str
    within_notice: str = ""
    withdrawn: str = ""
    wait_business_days: int = 0
    wait_days: int = 0
    country: str = ""

    def __post_init__(self) -> None:
        period(self.wait_business_days, self.wait_days, self.country)

    @property
    def wait(self) -> Period:
        return period(self.wait_business_days, self.wait_days, self.country)


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    for account in accounts:
        asked_on = latest(account, params.asked)
        if asked_on is None or not _in_time(params, account, asked_on):
            continue
        if not any(_ended(account, kind, asked_on) for kind in (params.answered, params.withdrawn) if kind):
            yield Finding(
                code="request_open",
                params={"since": asked_on.isoformat()},
                facts={"asked_on": asked_on.isoformat()},
                accounts=(account.id,),
            )


def _ended(account: AccountFact, kind: str, asked_on: date) -> bool:
    on = latest(account, kind)
    return on is not None and on >= asked_on


def _in_time(params: Params, account: AccountFact, asked_on: date) -> bool:
    sent_on = latest(account, params.within_notice) if params.within_notice else None
    return sent_on is None or asked_on <= params.wait.last_day(sent_on)
