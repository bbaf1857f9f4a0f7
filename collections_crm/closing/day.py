"""Which civil day of a portfolio is closed, and the instant that it counts as closed at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from accounts.foundation.days import ONE_DAY
from accounts.models import Portfolio


@dataclass(frozen=True)
class ClosingDay:
    """A civil day of a portfolio being closed.

    `at` is what everything written by the closing is dated with: the cash cut-off on the next day. It depends on the
    day alone, so that a day closed late leaves the same rows as one closed in time; `Run` says when it really ran.
    """

    portfolio: Portfolio
    on: date

    @property
    def at(self) -> datetime:
        return closing_instant(self.portfolio, self.on)

    @property
    def next_on(self) -> date:
        """The civil day that begins: what is to be done is to be done on it."""
        return self.on + ONE_DAY


def closing_instant(portfolio: Portfolio, on: date) -> datetime:
    """When the cash of a day is in: the portfolio's cut-off, by its own clocks, on the next day. In UTC."""
    local = datetime.combine(on + ONE_DAY, portfolio.cash_cut_off, tzinfo=ZoneInfo(portfolio.zone))
    return local.astimezone(UTC)


def last_ended(portfolio: Portfolio, now: datetime) -> date:
    """The last civil day of the portfolio that may be closed at an instant."""
    today = now.astimezone(ZoneInfo(portfolio.zone)).date()
    yesterday = today - ONE_DAY
    return yesterday if closing_instant(portfolio, yesterday) <= now else yesterday - ONE_DAY


def days_to_close(portfolio: Portfolio, through: date) -> Iterator[date]:
    """Every day not closed yet up to and with `through`, oldest first. One never closed begins with `through`."""
    day = portfolio.closed_through + ONE_DAY if portfolio.closed_through else through
    while day <= through:
        yield day
        day += ONE_DAY
