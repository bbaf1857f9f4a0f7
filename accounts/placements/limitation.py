"""Limitation: until when a debt may be taken to court, by the place whose law applies.

The periods are data (`limitation.json`: written contracts, each with its source) and need a lawyer's eye before anybody
sues on them. Where the state isn't known, the shortest period of any is taken, so that a doubt holds the account.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Period:
    """How many years, from the default. `restarts_on_payment`: a later part payment begins it anew."""

    years: int
    citation: str
    consumer_years: int | None = None
    restarts_on_payment: bool = False


@cache
def _periods() -> dict[str, dict]:
    return json.loads(Path(__file__).with_name("limitation.json").read_text(encoding="utf-8"))


@cache
def limitation_period(country: str, region: str) -> Period | None:
    """The period of a region of a country (ISO codes), the country's default where the region has none of its own."""
    known = _periods().get(country)
    return Period(**known["regions"].get(region.upper(), known["default"])) if known else None


def limitation_date(
    *, country: str, region: str, consumer: bool, defaulted_on: date | None, last_paid_on: date | None
) -> date | None:
    """The first day on which the period has passed; None where the country or the day of default isn't known."""
    period = limitation_period(country, region)
    if period is None or defaulted_on is None:
        return None
    start = defaulted_on
    if period.restarts_on_payment and last_paid_on:
        start = max(start, last_paid_on)
    years = period.consumer_years if consumer and period.consumer_years else period.years
    return _years_later(start, years)


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)
