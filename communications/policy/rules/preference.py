"""Preference: what the person asked for themselves, when, where and by which way they want to be contacted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.foundation.week_hours import DAYS
from communications.policy import civil
from communications.policy.civil import Moment
from communications.policy.decision import Finding
from communications.policy.facts import AccountFact, ContactFacts, PreferenceFact
from communications.policy.weekly import week_of

Local = tuple[str, datetime]


@dataclass(frozen=True, slots=True)
class Params:
    """Which wishes bind: of time, of place, of medium. `permitted` purposes still go through.

    `reply_same_medium`: an answer goes through only by the way on which the person asked last.
    """

    times: bool = True
    places: bool = True
    media: bool = True
    permitted: tuple[str, ...] = ()
    reply_same_medium: bool = False


def judge(params: Params, facts: ContactFacts, accounts: tuple[AccountFact, ...], moment: Moment) -> Iterator[Finding]:
    if not facts.preferences or _goes_through(params, facts):
        return
    ids = tuple(account.id for account in accounts)
    for wish in facts.preferences:
        binding = [(zone, local) for zone, local in moment.locals if _lasts(wish, local)]
        if not binding or not covers(wish, facts):
            continue
        if params.places and wish.not_at_work and facts.point and facts.point.work:
            yield _against("preferred_place", wish, facts, ids, _gone(wish, binding))
        if params.media and wish.media and facts.channel not in wish.media:
            given = {"media": list(wish.media)}
            yield _against("preferred_medium", wish, facts, ids, _gone(wish, binding), **given)
        if params.times and wish.hours and facts.channel != "post":  # a letter has no hour
            yield from _outside_hours(wish, facts, ids, moment, binding)


def covers(wish: PreferenceFact, facts: ContactFacts) -> bool:
    """True when the wish speaks of this way: of all, of the channel, or of the one address or number."""
    at_point = wish.point_id is None or (bool(facts.point) and wish.point_id == facts.point.id)
    return at_point and wish.channel in ("", facts.channel)


def closings(params: Params, facts: ContactFacts, moment: Moment) -> Iterator[tuple[str, datetime]]:
    """(zone, instant) at which hours that the person gave end, of those that are open now."""
    if not params.times or _goes_through(params, facts):
        return
    for wish in facts.preferences:
        if not wish.hours or not covers(wish, facts):
            continue
        for zone, local in moment.locals:
            at = week_of(wish.hours).closes_at(local, zone, moment.at) if _lasts(wish, local) else None
            if at:
                yield zone, at


def _goes_through(params: Params, facts: ContactFacts) -> bool:
    if facts.purpose not in params.permitted:
        return False
    return facts.purpose != "reply" or not params.reply_same_medium or facts.channel in _asked_by(facts)


def _asked_by(facts: ContactFacts) -> set[str]:
    """The ways by which the person asked what is still unanswered: their last question, or a call they asked for."""
    own = [past for past in facts.history if past.person_id == facts.party.person_id and "asks" in past.marks]
    asked = {own[-1].channel} if own else set()
    return asked | {"call" for account in facts.accounts if account.callback_at}


def _lasts(wish: PreferenceFact, local: datetime) -> bool:
    day = local.date()
    return (wish.from_on is None or day >= wish.from_on) and (wish.until_on is None or day <= wish.until_on)


def _gone(wish: PreferenceFact, binding: list[Local]) -> datetime | None:
    """The first instant at which the wish lasts in none of these zones."""
    if wish.until_on is None:
        return None
    return max(civil.start_of(wish.until_on + timedelta(days=1), zone) for zone, _local in binding)


def _outside_hours(
    wish: PreferenceFact, facts: ContactFacts, ids: tuple[int, ...], moment: Moment, binding: list[Local]
) -> Iterator[Finding]:
    week = week_of(wish.hours)
    closed = [(zone, local) for zone, local in binding if not week.is_open(local)]
    if not closed:
        return
    opening = {
        zone: _earlier(week.opens_next(local, zone, moment.at), _gone(wish, [(zone, local)])) for zone, local in closed
    }
    zone, local = max(closed, key=lambda pair: opening[pair[0]] or datetime.max.replace(tzinfo=moment.at.tzinfo))
    retry_at = None if None in opening.values() else max(filter(None, opening.values()))
    given = {"weekday": DAYS[local.weekday()], "zone": zone, "local_time": local.strftime("%H:%M")}
    window = wish.hours[local.weekday()].replace("-", " - ")
    if window:
        yield _against("preferred_times", wish, facts, ids, retry_at, hours=window, **given)
    else:
        yield _against("preferred_day", wish, facts, ids, retry_at, **given)


def _against(
    code: str,
    wish: PreferenceFact,
    facts: ContactFacts,
    accounts: tuple[int, ...],
    retry_at: datetime | None,
    **params: Any,
) -> Finding:
    return Finding(
        code=code,
        params={"channel": facts.channel, **params},
        facts={"preference": wish.id},
        accounts=accounts,
        retry_at=retry_at,
    )


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(filter(None, (one, other)), default=None)
