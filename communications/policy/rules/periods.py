"""Periods that a dated paper opens: which paper counts, and the last day of its time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from accounts.foundation.days import add_business_days
from communications.policy.facts import AccountFact


@dataclass(frozen=True, slots=True)
class Period:
    """So many business days of a country, then so many civil days; `day_counts`: the day it begins on is day 1."""

    business_days: int = 0
    days: int = 0
    country: str = ""
    day_counts: bool = False

    def __post_init__(self) -> None:
        if self.business_days < 0 or self.days < 0:
            raise ValueError("a period has no negative days")
        if self.business_days and not self.country:
            raise ValueError("business days are those of a country")
        if self.country:
            _refuse_unknown(self.country)

    def __bool__(self) -> bool:
        return bool(self.business_days or self.days)

    def last_day(self, begun_on: date) -> date:
        received_on = add_business_days(begun_on, self.business_days, self.country)
        return received_on + timedelta(days=self.days - (1 if self.day_counts and self.days else 0))


@lru_cache(maxsize=500)
def period(business_days: int = 0, days: int = 0, country: str = "", day_counts: bool = False) -> Period:
    return Period(business_days, days, country, day_counts)


def _refuse_unknown(country: str) -> None:
    try:
        add_business_days(date(2026, 1, 1), 1, country)
    except NotImplementedError:
        raise ValueError(f"no calendar of {country}") from None


def days_of(account: AccountFact, kind: str) -> list[date]:
    """The days of the account's papers of a kind, oldest first."""
    return sorted(notice.on for notice in account.notices if notice.kind == kind)


def latest(account: AccountFact, kind: str) -> date | None:
    """The day of the last paper of a kind: one that is sent again begins its time anew."""
    return next(reversed(days_of(account, kind)), None)
