"""The days and amounts of expected remittances, and the day on which the last of them is expected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from itertools import islice

from accounts.foundation.days import ONE_DAY, is_business_day

WEEK = 7
# Five years of business days. What is expected even later is estimated anew long before.
MOST_REMITTANCES = 1_300


class Rhythm(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True)
class Calendar:
    """The open business days of a country (ISO 3166 code) and its subdivision."""

    country: str
    subdivision: str = ""

    def is_open(self, day: date) -> bool:
        return is_business_day(day, self.country, self.subdivision)

    def open_from(self, day: date) -> date:
        """The day itself when it is open, else the next open one."""
        while not self.is_open(day):
            day += ONE_DAY
        return day

    def open_days(self, first: date, last: date) -> list[date]:
        days = (first + ONE_DAY * step for step in range((last - first).days + 1))
        return [day for day in days if self.is_open(day)]


def remittance_days(first: date, rhythm: str, calendar: Calendar) -> Iterator[date]:
    """Every open day from `first` on; or the same day of each week, moved to the next open one where it is closed.

    Weeks are counted from the first day, never from the one before. No day comes twice.
    """
    step = ONE_DAY if rhythm == Rhythm.DAILY else ONE_DAY * WEEK
    day, said = first, None
    while True:
        opened = calendar.open_from(day)
        if opened != said:
            yield opened
        said, day = opened, day + step


def remittances(
    total: Decimal, each: Decimal, first: date, rhythm: str, calendar: Calendar
) -> list[tuple[date, Decimal]]:
    """Equal remittances from `first` on until they add up to `total`; the last one is what is left.

    Nothing is expected while the estimate is nothing, and never more than `MOST_REMITTANCES`.
    """
    if each <= 0 or total <= 0:
        return []
    number = _number(total, each)
    days = islice(remittance_days(first, rhythm, calendar), min(number, MOST_REMITTANCES))
    return [(day, min(each, total - each * place)) for place, day in enumerate(days)]


def expected_end(remaining: Decimal, each: Decimal, first: date, rhythm: str, calendar: Calendar) -> date | None:
    """The civil day of the last remittance when each one from `first` on is what is estimated. None: at this pace
    there is no end in sight."""
    if each <= 0 or remaining <= 0 or (number := _number(remaining, each)) > MOST_REMITTANCES:
        return None
    return next(islice(remittance_days(first, rhythm, calendar), number - 1, None))


def remittances_in(amount: Decimal, each: Decimal) -> int:
    """How many remittances an amount makes, a part of one counting as one."""
    return _number(amount, each) if each > 0 and amount > 0 else 0


def _number(total: Decimal, each: Decimal) -> int:
    return int((total / each).to_integral_value(ROUND_CEILING))
