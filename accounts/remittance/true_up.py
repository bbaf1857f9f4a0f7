"""The true-up: what the specified percentage of a period's receipts was, against what was remitted in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.foundation.money import ZERO, rounded
from accounts.remittance.schedule import WEEK, Calendar, Rhythm

# Fewer open days say too little about what a merchant takes in.
LEAST_OPEN_DAYS = 5


@dataclass(frozen=True)
class Period:
    """Civil days from the first to the last, both in it."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def remittances(self, rhythm: str, calendar: Calendar) -> Decimal:
        """How many remittances fall into it: its open days, or its weeks and the part of one that is left."""
        if rhythm == Rhythm.DAILY:
            return Decimal(len(calendar.open_days(self.first, self.last)))
        return Decimal(self.days) / WEEK


@dataclass(frozen=True)
class TrueUp:
    """`due` is the share of the receipts, `remittance` the estimate from now on. `over` and `under` are what was
    remitted beyond the share, or is missing from it; one of them is nothing."""

    receipts: Decimal
    due: Decimal
    remitted: Decimal
    remittance: Decimal

    @property
    def over(self) -> Decimal:
        return max(ZERO, self.remitted - self.due)

    @property
    def under(self) -> Decimal:
        return max(ZERO, self.due - self.remitted)


def true_up(
    *,
    receipts: Decimal,
    share: Decimal,
    remitted: Decimal,
    period: Period,
    rhythm: str,
    calendar: Calendar,
    currency: str,
) -> TrueUp:
    """Each amount is rounded once, half to even: the share of all receipts, and the share of the average receipts of
    one remittance. A period without an open day is a ZeroDivisionError: callers refuse it first."""
    taken = receipts * share
    return TrueUp(
        receipts=receipts,
        due=rounded(taken, currency),
        remitted=remitted,
        remittance=rounded(taken / period.remittances(rhythm, calendar), currency),
    )


def gaps(period: Period, said: set[date], calendar: Calendar) -> list[Period]:
    """Open days of the period of which no statement says anything, together with their neighbours."""
    missing = [day for day in calendar.open_days(period.first, period.last) if day not in said]
    found: list[Period] = []
    for day in missing:
        joined = found and not any(each in said for each in calendar.open_days(found[-1].last, day))
        if joined:
            found[-1] = Period(found[-1].first, day)
        else:
            found.append(Period(day, day))
    return found
