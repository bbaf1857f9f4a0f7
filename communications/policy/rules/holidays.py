"""Holidays: no contact on a public holiday of the country, by the calendar of every zone in which the person may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays as calendars

from communications.policy import civil
from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts


@dataclass(frozen=True, slots=True)
class Params:
    """Country of the calendar (ISO alpha-2), a subdivision (empty: national days only), days added by hand."""

    country: str
    subdivision: str = ""
    extra: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        calendars.country_holidays(self.country, subdiv=self.subdivision or None, years=2026)
        for day in self.extra:
            date.fromisoformat(day)


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    kept = [(zone, day) for zone, day in moment.days() if is_holiday(params, day)]
    if kept:
        zone, day = kept[0]
        yield Finding(
            code="public_holiday",
            params={"day": day.isoformat(), "zone": zone, "country": params.country},
            facts={"zones": [name for name, _ in kept]},
            accounts=tuple(account.id for account in accounts),
            retry_at=max(civil.start_of(_next_working(params, on), name) for name, on in kept),
        )


def is_holiday(params: Params, day: date) -> bool:
    return day in _days(params.country, params.subdivision, day.year) or day.isoformat() in params.extra


def _next_working(params: Params, day: date) -> date:
    while is_holiday(params, day):
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=200)
def _days(country: str, subdivision: str, year: int) -> frozenset[date]:
    return frozenset(calendars.country_holidays(country, subdiv=subdivision or None, years=year))
