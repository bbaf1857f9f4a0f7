"""Hours: contact only within the given hours of the day, by the clock of every zone in which the person may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from communications.policy import civil
from communications.policy.civil import DAY, Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts
from communications.policy.rules.reply import asked_by

NO_HOURS = "–"  # what a sentence shows on a day that is closed altogether
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Params:
    """Opening and closing time of each weekday, "08:00-21:00"; empty means closed all day, "00:00-24:00" open all day.

    Both ends are within: at 21:00:00 contact is still allowed, a second later it is not. `only_at_work`: the hours bind
    only a number or address at work. `unless_same_medium`: an answer by the medium by which the person asked is free.
    """

    mon: str = ""
    tue: str = ""
    wed: str = ""
    thu: str = ""
    fri: str = ""
    sat: str = ""
    sun: str = ""
    only_at_work: bool = False
    unless_same_medium: bool = False

    def __post_init__(self) -> None:
        for day in range(7):
            self.window(day)

    def window(self, weekday: int) -> tuple[int, int] | None:
        """Opening and closing minute of a weekday (Monday is 0), or None when closed."""
        return _window(getattr(self, DAYS[weekday]))


@lru_cache(maxsize=500)
def _window(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    opens, closes = (_minutes(part) for part in text.split("-"))
    if not 0 <= opens < closes <= DAY:
        raise ValueError(f"hours {text} don't open before they close")
    return opens, closes


def _minutes(clock: str) -> int:
    hour, minute = clock.strip().split(":")
    if not (0 <= int(hour) <= 24 and 0 <= int(minute) < 60):
        raise ValueError(f"{clock} is no time of day")
    return int(hour) * 60 + int(minute)


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    if params.only_at_work and not (facts.point and facts.point.work):
        return
    if params.unless_same_medium and asked_by(facts) == facts.channel:
        return
    closed = [(zone, local) for zone, local in moment.locals if not is_open(params, local)]
    if closed:
        yield _closed(params, moment, closed, accounts)


def is_open(params: Params, local: datetime) -> bool:
    """True when the clock shows a time within the hours of its day, both ends included."""
    window = params.window(local.weekday())
    return window is not None and window[0] <= civil.minute_of(local) <= window[1]


def opens_next(params: Params, local: datetime, zone: str, after: datetime) -> datetime | None:
    """The first opening after an instant at which the zone is closed; None when no day opens."""
    for day in (local.date() + timedelta(days=ahead) for ahead in range(9)):
        later = [opening for opening in _openings(params, day, zone) if opening > after]
        if later:
            return min(later)
    return None


def closes_at(params: Params, local: datetime, zone: str) -> datetime | None:
    """The last instant of the present window in a zone that is open now; None when it does not close today."""
    window = params.window(local.weekday())
    if window is None or window[1] == DAY:
        return None
    return civil.instants_of(local.date(), window[1], zone)[-1]


def _openings(params: Params, day: date, zone: str) -> tuple[datetime, ...]:
    """When the clock reaches the opening minute of a day, and when it is set back into the hours after they ended."""
    window = params.window(day.weekday())
    if window is None:
        return ()
    set_back = civil.set_back_on(day, zone)
    reopens = set_back is not None and is_open(params, set_back.astimezone(ZoneInfo(zone)))
    return civil.instants_of(day, window[0], zone) + ((set_back,) if set_back and reopens else ())


def _closed(
    params: Params, moment: Moment, closed: list[tuple[str, datetime]], accounts: tuple[AccountFact, ...]
) -> Finding:
    openings = {zone: opens_next(params, local, zone, moment.at) for zone, local in closed}
    zone, local = max(closed, key=lambda pair: openings[pair[0]] or datetime.max.replace(tzinfo=moment.at.tzinfo))
    return Finding(
        code="closed_today" if params.window(local.weekday()) is None else "outside_hours",
        params={
            "hours": getattr(params, DAYS[local.weekday()]).replace("-", " - ") or NO_HOURS,
            "zone": zone,
            "local_time": local.strftime("%H:%M"),
            "weekday": DAYS[local.weekday()],
        },
        facts={"zones": [name for name, _ in closed]},
        accounts=tuple(account.id for account in accounts),
        retry_at=None if None in openings.values() else max(filter(None, openings.values())),
    )
