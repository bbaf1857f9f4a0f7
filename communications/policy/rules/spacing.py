"""Spacing: some time passes after a contact before the next one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import REACHES, AccountFact, ContactFacts
from communications.policy.rules.counting import COUNT_KEYS, counted_contacts, keyed_accounts


@dataclass(frozen=True, slots=True)
class Params:
    """`minutes` after a contact that reached `count_what` at least, on one of the `channels` (empty: any)."""

    minutes: int
    count_what: str = "connected"
    count_key: str = "person"
    channels: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.minutes < 1 or self.count_what not in REACHES or self.count_key not in COUNT_KEYS:
            raise ValueError("a spacing has at least a minute, and a known count_what and count_key")


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    for account in keyed_accounts(accounts, params.count_key):
        counted = counted_contacts(
            facts,
            account,
            reach=params.count_what,
            key=params.count_key,
            channels=params.channels,
            exclusions=params.exclusions,
        )
        last = max((past.at for past in counted if past.at), default=None)
        if last and moment.at < last + timedelta(minutes=params.minutes):
            yield Finding(
                code="too_soon",
                params={"minutes": params.minutes},
                facts={"last_at": last.isoformat()},
                accounts=(account.id,),
                retry_at=last + timedelta(minutes=params.minutes),
            )
