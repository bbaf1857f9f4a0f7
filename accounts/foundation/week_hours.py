"""Hours of a week as people state them: seven windows, Monday first. Plain Python: the gate reads them too.

`17:00-20:00` is a window of one day, `22:00-06:00` runs into the next, `00:00-24:00` is the whole day, and an empty one
says that the day is closed.
"""

from __future__ import annotations

from collections.abc import Sequence

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALL_DAY = "00:00-24:00"
MINUTES = 24 * 60


def bounds_of(window: str) -> tuple[int, int]:
    """First and last minute of a window. ValueError for one that never begins, or ends when it begins."""
    opens, dash, closes = window.partition("-")
    first, last = _minute(opens), _minute(closes)
    if not dash or first in (last, MINUTES):
        raise ValueError(f"{window} is no window of a day")
    return first, last


def read_week(hours: Sequence[str]) -> tuple[str, ...]:
    """The windows of a week that may be kept: seven that can be read, or none. ValueError for anything else."""
    if hours and len(hours) != len(DAYS):
        raise ValueError(f"a week has seven days, not {len(hours)}")
    for window in filter(None, hours):
        bounds_of(window)
    return tuple(hours)


def _minute(clock: str) -> int:
    hour, colon, minute = clock.strip().partition(":")
    if not (colon and hour.isdigit() and minute.isdigit() and len(minute) == 2):
        raise ValueError(f"{clock} is no time of day")
    total = int(hour) * 60 + int(minute)
    if int(minute) > 59 or total > MINUTES:
        raise ValueError(f"{clock} is no time of day")
    return total
