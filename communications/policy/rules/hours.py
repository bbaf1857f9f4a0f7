"""Hours: contact only within the given hours of the day, by the clock of every zone in which the person may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from accounts.foundation.week_hours import DAYS, bounds_of
from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts
from communications.policy.rules.reply import asked_by
from communications.policy.weekly import week_of

Hours = tuple[str, ...]
NO_HOURS = "–"  # what a sentence shows on a day that is closed altogether


@dataclass(frozen=True, slots=True)
class Params:
    """Opening and closing time of each weekday, "08:00-21:00"; empty means closed all day, "00:00-24:00" open all day.

    Both ends are within: at 21:00:00 contact is still allowed, a second later it is not. `only_at_work`: the hours bind
    only a number or address at work, and give way to the person's own working hours where these are known.
    `unless_same_medium`: an answer by the medium by which the person asked is free.
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
        for window in filter(None, self.hours):
            opens, closes = bounds_of(window)
            if opens > closes:
                raise ValueError(f"hours {window} don't open before they close")

    @property
    def hours(self) -> Hours:
        """The windows of the week, Monday first."""
        return (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)

    def window(self, weekday: int) -> tuple[int, int] | None:
        """The minutes of the day at which a weekday opens and closes; None when it is closed all day."""
        window = self.hours[weekday]
        return bounds_of(window) if window else None


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    hours = hours_for(params, facts)
    if hours is None:
        return
    if params.unless_same_medium and asked_by(facts) == facts.channel:
        return
    week = week_of(hours)
    closed = [(zone, local) for zone, local in moment.locals if not week.is_open(local)]
    if closed:
        yield _closed(hours, moment, closed, accounts)


def hours_for(params: Params, facts: ContactFacts) -> Hours | None:
    """The windows that bind this contact, Monday first; None when the rule doesn't."""
    if not params.only_at_work:
        return params.hours
    if not (facts.point and facts.point.work):
        return None
    return facts.point.work_hours or params.hours


def _closed(
    hours: Hours, moment: Moment, closed: list[tuple[str, datetime]], accounts: tuple[AccountFact, ...]
) -> Finding:
    week = week_of(hours)
    openings = {zone: week.opens_next(local, zone, moment.at) for zone, local in closed}
    zone, local = max(closed, key=lambda pair: openings[pair[0]] or datetime.max.replace(tzinfo=moment.at.tzinfo))
    return Finding(
        code="outside_hours" if week.spans[local.weekday()] else "closed_today",
        params={
            "hours": hours[local.weekday()].replace("-", " - ") or NO_HOURS,
            "zone": zone,
            "local_time": local.strftime("%H:%M"),
            "weekday": DAYS[local.weekday()],
        },
        facts={"zones": [name for name, _ in closed]},
        accounts=tuple(account.id for account in accounts),
        retry_at=None if None in openings.values() else max(filter(None, openings.values())),
    )
