"""Hours of a week as a person states them: a window a day, which may run past midnight, open by the clock of a zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from accounts.foundation.week_hours import DAYS, bounds_of, read_week
from communications.policy import civil
from communications.policy.civil import DAY

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Week:
    """The spans of minutes that are open on each weekday, Monday first. Both ends of a span are within."""

    spans: tuple[tuple[Span, ...], ...]

    def is_open(self, local: datetime) -> bool:
        minute = civil.minute_of(local)
        return any(opens <= minute <= closes for opens, closes in self.spans[local.weekday()])

    def opens_next(self, local: datetime, zone: str, after: datetime) -> datetime | None:
        """The first opening after an instant at which the zone is closed; None when no day opens."""
        for day in (local.date() + timedelta(days=ahead) for ahead in range(9)):
            later = [opening for opening in self._openings(day, zone) if opening > after]
            if later:
                return min(later)
        return None

    def closes_at(self, local: datetime, zone: str, at: datetime) -> datetime | None:
        """The last instant of the present span in a zone that is open now; None when it lasts until midnight."""
        minute = civil.minute_of(local)
        ends = [closes for opens, closes in self.spans[local.weekday()] if opens <= minute <= closes]
        if not ends or max(ends) == DAY:
            return None
        return min(end for end in civil.instants_of(local.date(), max(ends), zone) if end >= at)

    def _openings(self, day: date, zone: str) -> Iterator[datetime]:
        """When the clock reaches the beginning of a span, and when it is set back into one that had ended."""
        for opens, _closes in self.spans[day.weekday()]:
            yield from civil.instants_of(day, opens, zone)
        set_back = civil.set_back_on(day, zone)
        if set_back and self.is_open(set_back.astimezone(ZoneInfo(zone))):
            yield set_back


@lru_cache(maxsize=2000)
def week_of(hours: tuple[str, ...]) -> Week:
    """The week of seven windows, Monday first: `17:00-20:00`, `22:00-06:00` into the next day, empty for a closed day.

    ValueError when they aren't seven, or one of them says no window.
    """
    spans: list[list[Span]] = [[] for _day in DAYS]
    for index, window in enumerate(read_week(hours)):
        if not window:
            continue
        opens, closes = bounds_of(window)
        if opens < closes:
            spans[index].append((opens, closes))
        else:
            spans[index].append((opens, DAY))
            spans[(index + 1) % len(DAYS)].append((0, closes))
    return Week(tuple(tuple(sorted(day)) for day in spans))
