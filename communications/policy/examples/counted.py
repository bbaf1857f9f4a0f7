"""Examples of what is counted in days or kept by the clock: through which day it stands, and from when on no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from communications.policy import civil
from communications.policy.examples.cases import same_medium_examples
from communications.policy.examples.example import Example
from communications.policy.facts import ConsentFact, ContactFacts, NoticeFact
from communications.policy.trial import AHEAD, DAY, LONG_AHEAD, NOON, ONE_DAY, Trial

ONE_SECOND = timedelta(seconds=1)
MONDAY = DAY - timedelta(days=DAY.weekday())


def hours_examples(trial: Trial) -> Iterator[Example]:
    if trial.rule.prepared.only_at_work:
        trial.usual = replace(trial.usual, point=replace(trial.usual.point, work=True))
    days = [(trial.rule.prepared.window(weekday), weekday) for weekday in range(7)]
    for window, group in groupby(days, key=lambda day: day[0]):
        weekdays = [weekday for _, weekday in group]
        yield _window(trial, window, weekdays)
    closed = next(
        (at for hour in range(24) if trial.speaks(replace(trial.usual, at=(at := trial.at(DAY, time(hour)))))), None
    )
    if trial.rule.prepared.unless_same_medium and closed:
        yield from same_medium_examples(trial, at=closed)


def _window(trial: Trial, window: tuple[int, int] | None, weekdays: list[int]) -> Example:
    """The edges of one window, asked on its first weekday, to the second."""
    day = MONDAY + timedelta(days=weekdays[0])
    shown: dict[str, Any] = {"days": weekdays}
    if window is None:
        facts = trial.on(day)
        return Example("hours_closed", {**shown, "verdict_noon": trial.verdict(facts), "free_on": trial.free_on(facts)})
    if window == (0, civil.DAY):
        return Example("hours_open", {**shown, "verdict_noon": trial.verdict(trial.on(day))})
    opens, closes = (trial.at(day, time()) + timedelta(minutes=minute) for minute in window)
    edges = {"before": opens - ONE_SECOND, "opens": opens, "closes": closes, "after": closes + ONE_SECOND}
    for name, instant in edges.items():
        shown[name] = instant.astimezone(ZoneInfo(trial.zone)).time()
        shown[f"verdict_{name}"] = trial.verdict(replace(trial.usual, at=instant))
    answers = [shown[f"verdict_{name}"] for name in edges]
    both_ends = answers[0] == answers[3] != answers[1] == answers[2] and window[0] > 0 and window[1] < civil.DAY
    return Example("hours_both_ends" if both_ends else "hours", shown)


def holidays_examples(trial: Trial) -> Iterator[Example]:
    day = trial.first_day(date(DAY.year, 1, 1), 366, trial.on, speaks=True)
    if day:
        yield Example("holidays", {"day": day, **let_go(trial, day, trial.on(day))})


def frequency_examples(trial: Trial) -> Iterator[Example]:
    params = trial.rule.prepared
    marks = ("work",) if params.place == "work" else ()
    if marks:
        trial.usual = replace(trial.usual, point=replace(trial.usual.point, work=True))

    def used_up(on: date, times: int = params.limit, counted_on: date | None = None) -> ContactFacts:
        counted = {"channel": (params.channels or (trial.usual.channel,))[0], "reach": params.count_what,
                   "marks": marks}  # fmt: skip
        purpose = (params.counted_purposes or (trial.usual.purpose,))[0]
        return trial.on(on, history=trial.past(counted_on or on, times, purpose=purpose, **counted))

    ends = let_go(trial, DAY, used_up(DAY))
    yield Example(params.window, {"limit": params.limit, "day": DAY, **ends})
    less = params.limit - 1
    yield Example("one_less", {"limit": params.limit, "less": less, "verdict": trial.verdict(used_up(DAY, less))})
    if params.consent_days:
        yield from _consent_lifts(trial, used_up)


def cool_down_examples(trial: Trial) -> Iterator[Example]:
    params = trial.rule.prepared
    talk = trial.past(DAY, reach="conversation", channel=(params.channels or (trial.usual.channel,))[0])
    talked = trial.on(DAY, history=talk)
    yield Example("cool_down", {"day": DAY, **let_go(trial, DAY, talked)})
    if params.consent_days:
        yield from _consent_lifts(trial, lambda on: trial.on(on, history=talk))


def _consent_lifts(trial: Trial, bound_on: Callable[[date], ContactFacts]) -> Iterator[Example]:
    """Through which day consent lets through what would else be stopped."""
    consents = (ConsentFact(trial.usual.channel, DAY),)
    day = DAY
    while trial.speaks(bound_on(day)) and not trial.speaks(replace(bound_on(day), consents=consents)):
        day += ONE_DAY
    if day > DAY:
        yield Example("consent_lifts", {"day": DAY, "last_on": day - ONE_DAY, "last_day": (day - DAY).days})


def let_go(trial: Trial, day: date, facts: ContactFacts) -> dict[str, Any]:
    """Through which day a contact stays stopped, from which it is let through, counted with `day` as day 1."""
    free_on = trial.free_on(facts)
    if free_on is None:
        return {"verdict": trial.verdict(facts), **dict.fromkeys(ENDS)}
    return {
        "verdict": trial.verdict(facts),
        "last_on": free_on - ONE_DAY,
        "last_day": (free_on - day).days,
        "free_on": free_on,
        "free_day": (free_on - day).days + 1,
        "verdict_free": trial.verdict(replace(facts, at=trial.at(free_on))),
    }


ENDS = ("last_on", "last_day", "free_on", "free_day", "verdict_free")


def consent_examples(trial: Trial) -> Iterator[Example]:
    yield Example("no_consent", {"verdict": trial.verdict(trial.on(DAY))})
    if not trial.rule.prepared.bases:
        return
    consents = (ConsentFact(trial.usual.channel, DAY, basis=trial.rule.prepared.bases[0]),)
    stale_on = _end_of(trial, lambda on: trial.on(on, consents=consents))
    fresh = trial.verdict(trial.on(DAY, consents=consents))
    if stale_on is None:
        yield Example("consent_lasting", {"day": DAY, "verdict_free": fresh, "later_on": DAY + ONE_DAY * LONG_AHEAD})
        return
    last = stale_on - ONE_DAY
    verdict = trial.verdict(trial.on(stale_on, consents=consents))
    ends = {"last_on": last, "days_later": (last - DAY).days, "stale_on": stale_on, "verdict": verdict}
    yield Example("consent_fresh", {"day": DAY, "verdict_free": fresh, **ends})


def _end_of(trial: Trial, contact_on: Callable[[date], ContactFacts]) -> date | None:
    """The first day on which the rule is against what it lets through on DAY; None when it never will be."""
    if not trial.speaks(contact_on(DAY + ONE_DAY * LONG_AHEAD)):
        return None
    return trial.first_day(DAY, LONG_AHEAD, contact_on, speaks=True)


def notice_examples(trial: Trial) -> Iterator[Example]:
    begun = trial.about(first_contact_on=DAY)
    speaks_on = trial.first_day(DAY, AHEAD, lambda on: trial.on(on, accounts=begun), speaks=True)
    if speaks_on == DAY:
        yield Example("notice_at_once", {"verdict": trial.verdict(trial.on(DAY, accounts=begun))})
    elif speaks_on:
        verdict, free = (trial.verdict(trial.on(on, accounts=begun)) for on in (speaks_on, DAY))
        late = {"last_on": speaks_on - ONE_DAY, "speaks_on": speaks_on, "days_later": (speaks_on - DAY).days}
        yield Example("notice_late", {"day": DAY, "verdict": verdict, "verdict_free": free, **late})
    elif trial.rule.prepared.only_if_sent:
        yield Example("notice_none", {"verdict": trial.verdict(trial.on(DAY, accounts=begun))})
    sent = trial.about(first_contact_on=DAY, notices=(NoticeFact(trial.rule.prepared.notice, DAY),))
    if trial.speaks(trial.on(DAY, accounts=sent)):
        ends = let_go(trial, DAY, trial.on(DAY, accounts=sent))
        yield Example("notice_waits", {"day": DAY, "days_later": ends["last_day"], **ends})
        return
    yield Example(
        "notice_recorded", {"day": DAY, "verdict": trial.verdict(trial.on(DAY + ONE_DAY * AHEAD, accounts=sent))}
    )


def spacing_examples(trial: Trial) -> Iterator[Example]:
    params = trial.rule.prepared
    channel = (params.channels or (trial.usual.channel,))[0]
    reached = trial.past(DAY, reach=params.count_what, channel=channel, at=trial.at(DAY))
    facts = trial.on(DAY, history=reached)
    retry_at = next((reason.retry_at for reason in trial.judge(facts).reasons), None)
    if retry_at:
        last, free = (trial.verdict(replace(facts, at=at)) for at in (retry_at - ONE_SECOND, retry_at))
        local = retry_at.astimezone(ZoneInfo(trial.zone))
        ends = {"free_on": local.date(), "from_clock": local.time(), "verdict": last, "verdict_free": free}
        yield Example("spacing", {"day": DAY, "clock": NOON, **ends})


def reply_examples(trial: Trial) -> Iterator[Example]:
    asked = trial.past(DAY, direction="in", reach="connected", purpose="inbound", marks=("asks",))
    late_on = _end_of(trial, lambda on: trial.on(on, history=asked))
    if late_on:
        first, last = (trial.verdict(trial.on(on, history=asked)) for on in (DAY, late_on))
        days = {"last_on": late_on - ONE_DAY, "last_day": (late_on - DAY).days}
        late = {"late_on": late_on, "late_day": (late_on - DAY).days + 1, "verdict": last}
        yield Example("reply", {"day": DAY, "verdict_free": first, **days, **late})
    early = replace(trial.usual, at=trial.at(DAY, time(9)), accounts=trial.about(callback_at=trial.at(DAY, time(10))))
    answer = trial.judge(early)
    if found := answer.next_allowed_at:
        clock = found.astimezone(ZoneInfo(trial.zone)).time()
        free = trial.verdict(replace(early, at=found))
        told = {"day": DAY, "clock": time(10), "from_clock": clock, "verdict": answer.verdict, "verdict_free": free}
        yield Example("callback", told)
    yield Example("unasked", {"verdict": trial.verdict(trial.on(DAY))})
