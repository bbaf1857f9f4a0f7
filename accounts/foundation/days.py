"""Civil days: which day it is somewhere, and which days are business days there.

A civil day always belongs to a named zone. "N business days after D" never counts D itself.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import holidays

ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=600)
def zone_named(name: str) -> ZoneInfo:
    """`ZoneInfo` by itself remembers eight zones only and reads the others from their files again and again."""
    return ZoneInfo(name)


@lru_cache(maxsize=1)
def zones_known() -> frozenset[str]:
    """The names of all zones: asking for them looks through hundreds of files."""
    return frozenset(available_timezones())


def civil_day(instant: datetime, zone: str) -> date:
    return instant.astimezone(zone_named(zone)).date()


def start_of(day: date, zone: str) -> datetime:
    """The first instant of a civil day, in UTC. Right on days when the clocks change."""
    return datetime.combine(day, time.min, tzinfo=zone_named(zone)).astimezone(UTC)


@lru_cache(maxsize=256)
def _holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    calendar = holidays.country_holidays(country, subdiv=subdivision or None, years=year)
    return frozenset(calendar)


def is_holiday(day: date, country: str, subdivision: str = "") -> bool:
    """True on a public holiday of the country (ISO 3166 code) or its subdivision, as the `holidays` library has it."""
    return day in _holidays(country, subdivision, day.year)


def is_business_day(day: date, country: str, subdivision: str = "") -> bool:
    return day.weekday() < 5 and not is_holiday(day, country, subdivision)


def add_business_days(day: date, count: int, country: str, subdivision: str = "") -> date:
    """The count-th business day after `day`; with 0 the day itself, even when it isn't a business day."""
    while count > 0:
        day += timedelta(days=1)
        if is_business_day(day, country, subdivision):
            count -= 1
    return day


def add_months(day: date, months: int) -> date:
    """The same day so many calendar months on, or back where `months` is below zero; of a month that has no such day
    its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
