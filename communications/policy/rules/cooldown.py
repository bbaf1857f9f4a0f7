"""Cool-down: after a conversation, silence for some civil days, the day of the conversation being the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from communications.policy import civil
from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts
from communications.policy.rules.counting import COUNT_KEYS, counted_contacts, days_of, live_consent, told_once


@dataclass(frozen=True, slots=True)
class Params:
    """`days` of silence: a talk on the 14th with 7 days lets the next call through on the 21st.

    Talks in either direction count, on the given channels (empty: all). `consent_days` as for a frequency.
    """

    days: int
    count_key: str = "person_account"
    channels: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    consent_days: int = 0

    def __post_init__(self) -> None:
        if self.days < 1 or self.consent_days < 0 or self.count_key not in COUNT_KEYS:
            raise ValueError("a cool-down has at least one day and a known count_key")


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    return told_once(_cooling(params, facts, accounts, moment), params.count_key)


def _cooling(
    params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment
) -> Iterator[Finding]:
    for account in accounts:
        talked_on = _last_talk(params, facts, account)
        if talked_on is None:
            continue
        free_on = talked_on + timedelta(days=params.days)
        early = [zone for zone, day in moment.days() if day < free_on and not _agreed(params, facts, account, day)]
        if early:
            yield Finding(
                code="cooling_down",
                params={"talked_on": talked_on.isoformat(), "free_on": free_on.isoformat(), "days": params.days},
                facts={"zones": early},
                accounts=(account.id,),
                retry_at=max(civil.start_of(free_on, zone) for zone in early),
            )


def _last_talk(params: Params, facts: ContactFacts, account: AccountFact) -> date | None:
    days = days_of(
        counted_contacts(
            facts,
            account,
            reach="conversation",
            key=params.count_key,
            channels=params.channels,
            exclusions=params.exclusions,
            directions=("out", "in"),
        )
    )
    return days[-1] if days else None


def _agreed(params: Params, facts: ContactFacts, account: AccountFact, day: date) -> bool:
    return bool(params.consent_days) and live_consent(facts, account.id, day, params.consent_days)
