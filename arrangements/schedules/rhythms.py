"""On which days payments of a rhythm fall.

Every day is counted from the first one, never from the one before, so that a month of 28 days or a holiday moves one
payment and leaves the others where they were.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import count as count_up
from itertools import islice

from accounts.foundation.days import add_months

LAST_OF_MONTH = 31


class Rhythm(StrEnum):
    ONCE = "once"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    PAY_DAYS = "pay_days"


STEP = {Rhythm.ONCE: timedelta(0), Rhythm.WEEKLY: timedelta(days=7), Rhythm.FORTNIGHTLY: timedelta(days=14)}


def nominal_days(rhythm: Rhythm, first: date, count: int, pay_days: Sequence[int] = ()) -> list[date]:
    """The civil days of `count` payments from `first` on, before any of them is moved off a closed day.

    `pay_days` are days of the month (31: the last one, whatever it is), for that rhythm only; its first payment falls
    on the first pay day that isn't before `first`. Raises ValueError for no pay day, or for a second payment of `once`.
    """
    if rhythm == Rhythm.ONCE and count > 1:
        raise ValueError("one payment cannot be several")
    if rhythm == Rhythm.MONTHLY:
        return [add_months(first, number) for number in range(count)]
    if rhythm == Rhythm.PAY_DAYS:
        return _pay_days(first, count, pay_days)
    return [first + number * STEP[rhythm] for number in range(count)]


def _day_of(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _pay_days(first: date, count: int, pay_days: Sequence[int]) -> list[date]:
    if not pay_days or not all(1 <= day <= LAST_OF_MONTH for day in pay_days):
        raise ValueError("pay days are days of the month")
    # The 30th and the last are one day in a month that ends there.
    months = (sorted({_day_of(*_month(first, ahead), day) for day in pay_days}) for ahead in count_up())
    return list(islice((day for month in months for day in month if day >= first), count))


def _month(first: date, ahead: int) -> tuple[int, int]:
    year, month = divmod(first.year * 12 + first.month - 1 + ahead, 12)
    return year, month + 1


def open_days(days: Sequence[date], is_open: Callable[[date], bool]) -> list[date]:
    """Each day, or the next open one where it is closed; two payments never meet on one day.

    Where moving one would reach the next, the next moves on too.
    """
    moved: list[date] = []
    for day in days:
        while not is_open(day) or (moved and day <= moved[-1]):
            day += timedelta(days=1)
        moved.append(day)
    return moved
