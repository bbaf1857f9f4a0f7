"""Examples of what the person asked for: how they want to be contacted, through whom, and what is to be sent first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time

from communications.policy.examples.cases import by_purpose, same_medium_examples
from communications.policy.examples.counted import let_go
from communications.policy.examples.example import Example
from communications.policy.facts import CHANNELS, ContactFacts, HoldFact, NoticeFact, PreferenceFact
from communications.policy.rules.representation import ASKED, HOLD, WARNED
from communications.policy.trial import AHEAD, DAY, LONG_AHEAD, NOON, ONE_DAY, Trial

EVENING = (time(17), time(20))
ELSEWHERE = PreferenceFact(1, not_at_work=True)


def preference_examples(trial: Trial) -> Iterator[Example]:
    opens, closes = EVENING
    evening = PreferenceFact(1, hours=(f"{opens:%H:%M}-{closes:%H:%M}",) * 7)
    at_noon, later = (replace(trial.usual, at=trial.at(DAY, clock), preferences=(evening,)) for clock in (NOON, opens))
    told = {"opens": opens, "closes": closes, "noon": NOON}
    verdicts = {"verdict": trial.verdict(at_noon), "verdict_opens": trial.verdict(later)}
    yield Example("preference_hours", {**told, **verdicts})
    other = next(channel for channel in CHANNELS if channel != trial.usual.channel)
    wish = PreferenceFact(1, media=(other,))
    told_by = {"other": other, "channel": trial.usual.channel}
    yield Example("preference_medium", {**told_by, **by_purpose(trial, preferences=(wish,))})
    at_work = trial.on(DAY, point=replace(trial.usual.point, work=True), preferences=(ELSEWHERE,))
    yield Example("preference_place", {"verdict": trial.verdict(at_work)})
    if trial.rule.prepared.reply_same_medium:
        yield from same_medium_examples(trial, preferences=(wish,))


def representation_examples(trial: Trial) -> Iterator[Example]:
    held = {"holds": (HoldFact(1, HOLD, "person", 1, since=DAY),)}
    person = trial.verdict(trial.on(DAY, **held))
    representative = trial.verdict(trial.on(DAY, accounts=trial.about(role="representative"), **held))
    yield Example("represented", {"verdict": person, "verdict_representative": representative})

    def written(on: date, warned_on: date | None = None) -> ContactFacts:
        papers = (NoticeFact(ASKED, DAY), *([NoticeFact(WARNED, warned_on)] if warned_on else []))
        return trial.on(on, accounts=trial.about(notices=papers), **held)

    later = DAY + ONE_DAY * LONG_AHEAD
    if not trial.speaks(written(later)):
        yield Example("representative_silent", {"day": DAY, **let_go(trial, DAY, written(DAY))})
        return
    days = (DAY + ONE_DAY * count for count in range(AHEAD))
    warned_on = next((day for day in days if not trial.speaks(written(later, day))), None)
    if warned_on:
        ends = let_go(trial, warned_on, written(warned_on, warned_on))
        yield Example("representative_warned", {"day": DAY, "warned_on": warned_on, **ends})
    else:
        yield Example(
            "representative_awaited", {"day": DAY, "later_on": later, "verdict": trial.verdict(written(later))}
        )


def request_examples(trial: Trial) -> Iterator[Example]:
    params = trial.rule.prepared
    later = DAY + ONE_DAY * AHEAD
    came = NoticeFact(params.asked, DAY)
    waiting = trial.verdict(trial.on(later, accounts=trial.about(notices=(came,))))
    sent = (came, NoticeFact(params.answered, DAY + ONE_DAY))
    answered = trial.verdict(trial.on(later, accounts=trial.about(notices=sent)))
    told = {"day": DAY, "later_on": later, "verdict": waiting, "sent_on": DAY + ONE_DAY, "verdict_free": answered}
    yield Example("request", told)
    if not params.within_notice:
        return

    def came_on(day: date) -> ContactFacts:
        papers = (NoticeFact(params.within_notice, DAY), NoticeFact(params.asked, day))
        return trial.on(day, accounts=trial.about(notices=papers))

    if late_on := trial.first_day(DAY, AHEAD, came_on, speaks=False):
        last = {"last_on": late_on - ONE_DAY, "verdict": trial.verdict(came_on(late_on - ONE_DAY))}
        late = {"late_on": late_on, "verdict_late": trial.verdict(came_on(late_on))}
        yield Example("request_in_time", {"day": DAY, **last, **late})
