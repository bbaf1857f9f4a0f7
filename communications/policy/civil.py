"""Civil days and clock times in a zone, right across changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = 24 * 60


class Moment:
    """One instant as the clocks show it in each of the person's zones; worked out once and read by every rule."""

    __slots__ = ("at", "locals")

    def __init__(self, at: datetime, zones: tuple[str, ...]) -> None:
        self.at = at
        self.locals = tuple((zone, at.astimezone(_zone(zone))) for zone in zones)

    def days(self) -> tuple[tuple[str, date], ...]:
        """The civil day in each zone; without any zone, the day of UTC."""
        return tuple((zone, local.date()) for zone, local in self.locals) or (("UTC", self.at.date()),)


def minute_of(local: datetime) -> float:
    return local.hour * 60 + local.minute + local.second / 60 + local.microsecond / 60_000_000


@lru_cache(maxsize=20_000)
def instants_of(day: date, minute: int, zone: str) -> tuple[datetime, ...]:
    """The instants at which the clock of `zone` reaches `minute` of `day`: two when it is set back over it.

    When the clock is set forward over it, the instant of the change, from which on it is later than that.
    """
    wall = datetime.combine(day + timedelta(days=minute // DAY), time(minute % DAY // 60, minute % 60))
    tz = _zone(zone)
    found = [wall.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (0, 1)]
    real = sorted({instant for instant in found if instant.astimezone(tz).replace(tzinfo=None) == wall})
    return tuple(real) or (_change_between(min(found), max(found), tz),)


def start_of(day: date, zone: str) -> datetime:
    """The first instant of a civil day."""
    return instants_of(day, 0, zone)[0]


@lru_cache(maxsize=20_000)
def set_back_on(day: date, zone: str) -> datetime | None:
    """The instant on a civil day at which the clock of `zone` is set back; None on all other days."""
    tz, begins, ends = _zone(zone), start_of(day, zone), start_of(day + timedelta(days=1), zone)
    if ends - begins <= timedelta(days=1):
        return None
    return _change_between(begins, ends, tz)


def _change_between(early: datetime, late: datetime, tz: ZoneInfo) -> datetime:
    before = early.astimezone(tz).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(tz).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


@lru_cache(maxsize=600)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
