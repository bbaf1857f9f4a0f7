"""The limitation clock: from what day the present period runs, by what, and the first day on which it has passed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.limitation.periods import Period, limitation_period

PAYMENT, ACKNOWLEDGMENT, DEFAULT, GIVEN, STATED = "payment", "acknowledgment", "default", "given", "stated"


@dataclass(frozen=True)
class Restart:
    """A part payment or a written acknowledgment, by its day."""

    on: date
    kind: str


@dataclass(frozen=True)
class Moratorium:
    """A time in which nothing may be begun against the person."""

    begins_on: date
    ends_on: date


@dataclass(frozen=True)
class FixedDate:
    """A date that came with the account or was set by a person, and from which day on restarts count against it."""

    ends_on: date
    kind: str
    since: date


@dataclass(frozen=True)
class Clock:
    """`ends_on` is the first day on which the period has passed. `because` is what began it, on `began_on`; a date that
    was given or stated began with nothing that we know. `years` is the length of the period that ran last."""

    ends_on: date
    because: str
    began_on: date | None
    years: int | None
    prolonged: bool = False


def wind(
    period: Period | None,
    *,
    consumer: bool,
    defaulted_on: date | None,
    restarts: Iterable[Restart] = (),
    moratoria: Sequence[Moratorium] = (),
    fixed: FixedDate | None = None,
) -> Clock | None:
    """Where the clock stands. None where neither the day of default nor a date is known, or the country isn't.

    Each restart begins the period anew while it runs; once it has passed nothing does, unless the law says so. A period
    that would end in a moratorium ends its weeks later.
    """
    clock = _begun(period, consumer, defaulted_on, fixed)
    if clock is None or period is None:
        return clock
    clock = _prolonged(clock, period, moratoria)
    since = fixed.since if fixed else defaulted_on
    for restart in sorted(restarts, key=lambda restart: (restart.on, restart.kind)):
        counts = restart.kind in period.restarts and (since is None or restart.on >= since)
        if counts and (restart.on < clock.ends_on or period.revives):
            clock = _prolonged(_running(period, consumer, restart.on, restart.kind), period, moratoria)
    return clock


def _begun(period: Period | None, consumer: bool, defaulted_on: date | None, fixed: FixedDate | None) -> Clock | None:
    if fixed is not None:
        return Clock(fixed.ends_on, fixed.kind, None, None)
    if period is None or defaulted_on is None:
        return None
    return _running(period, consumer, defaulted_on, DEFAULT)


def _running(period: Period, consumer: bool, began_on: date, because: str) -> Clock:
    years = period.years_for(consumer=consumer)
    return Clock(years_later(began_on, years), because, began_on, years)


def _prolonged(clock: Clock, period: Period, moratoria: Sequence[Moratorium]) -> Clock:
    for moratorium in sorted(moratoria, key=lambda each: each.begins_on):
        if period.moratorium_weeks and moratorium.begins_on <= clock.ends_on <= moratorium.ends_on:
            ends_on = moratorium.ends_on + timedelta(weeks=period.moratorium_weeks)
            clock = Clock(ends_on, clock.because, clock.began_on, clock.years, prolonged=True)
    return clock


def limitation_date(
    *, country: str, region: str, consumer: bool, defaulted_on: date | None, last_paid_on: date | None
) -> date | None:
    """The first day on which the period has passed, as a file of accounts lets it be told.

    What `wind` says, written out for files of a million rows.
    """
    period = limitation_period(country, region)
    if period is None or defaulted_on is None:
        return None
    years = period.years_for(consumer=consumer)
    ends_on = years_later(defaulted_on, years)
    if last_paid_on and PAYMENT in period.restarts and defaulted_on <= last_paid_on < ends_on:
        return years_later(last_paid_on, years)
    return ends_on


def years_later(day: date, years: int) -> date:
    """The same day so many years later; the 1st of March for a 29th of February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
