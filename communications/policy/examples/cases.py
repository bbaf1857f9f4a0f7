"""Examples of single cases: who, what for, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from communications.policy.examples.example import Example
from communications.policy.facts import CHANNELS, ELEMENTS, HoldFact, OptOutFact, StopFact
from communications.policy.trial import ACCOUNT, DAY, LONG_AHEAD, ONE_DAY, POINT, Trial


def limitation_examples(trial: Trial) -> Iterator[Example]:
    barred = trial.about(limitation_on=DAY)
    before, on = (trial.verdict(trial.on(day, accounts=barred)) for day in (DAY - ONE_DAY, DAY))
    yield Example("limitation", {"day": DAY, "before_on": DAY - ONE_DAY, "verdict_before": before, "verdict": on})
    unknown = trial.on(DAY, accounts=trial.about(limitation_on=None))
    yield Example("limitation_unknown", {"verdict": trial.verdict(unknown)})


def third_party_examples(trial: Trial) -> Iterator[Example]:
    stranger = trial.about(role="third_party")
    asked = [purpose for purpose in trial.purposes() if purpose in ("demand", "trace")] or [trial.usual.purpose]
    for purpose in asked:
        verdict = trial.verdict(trial.on(DAY, accounts=stranger, purpose=purpose))
        yield Example("third_party", {"purpose": purpose, "verdict": verdict})
    if (limit := trial.rule.prepared.other_limit) and "trace" in trial.purposes():
        traced = trial.past(DAY, limit, reach="connected", purpose="trace")
        again = {"accounts": stranger, "purpose": "trace", "history": traced}
        verdicts = {trial.verdict(trial.on(on, **again)) for on in (DAY, DAY + ONE_DAY * LONG_AHEAD)}
        if len(verdicts) == 1:
            told = {"limit": limit, "day": DAY, "later_on": DAY + ONE_DAY * LONG_AHEAD, "verdict": verdicts.pop()}
            yield Example("third_party_limit", told)
    if trial.rule.prepared.no_minors:
        young = replace(trial.usual.party, minor=True)
        yield Example("minor", {"verdict": trial.verdict(trial.on(DAY, party=young))})
    if trial.rule.prepared.no_elders:
        old = {"party": replace(trial.usual.party, elder=True)}
        other, party = (trial.verdict(trial.on(DAY, accounts=who, **old)) for who in (stranger, trial.about()))
        yield Example("elder", {"verdict": other, "verdict_party": party})


def hold_examples(trial: Trial) -> Iterator[Example]:
    params = trial.rule.prepared
    kind = next(k for k in (*params.kinds, "admin", "pause") if k not in params.except_kinds)
    held = HoldFact(1, kind, "person", 1, joint_accounts=(ACCOUNT,) if params.of_others else ())
    yield Example("hold_of_others" if params.of_others else "hold", {"hold": kind, **by_purpose(trial, holds=(held,))})
    ending = trial.on(DAY - ONE_DAY, purpose=_stopped(trial, holds=(held,)), holds=(replace(held, lifts_on=DAY),))
    if free_on := trial.free_on(ending):
        told = {"hold": kind, "day": DAY, "before_on": DAY - ONE_DAY, "verdict": trial.verdict(ending)}
        free = trial.verdict(replace(ending, at=trial.at(free_on)))
        yield Example("hold_lifts", {**told, "free_on": free_on, "verdict_free": free})
    for purpose in _asked_once(trial):
        yield _once(trial, purpose, holds=(replace(held, permitted=(purpose,), since=DAY),))


def opt_out_examples(trial: Trial) -> Iterator[Example]:
    refused = (OptOutFact(trial.usual.channel, DAY),)
    yield Example("opt_out", {"day": DAY, "channel": trial.usual.channel, **by_purpose(trial, opt_outs=refused)})
    for purpose in _asked_once(trial):
        yield _once(trial, purpose, opt_outs=refused)
    if trial.rule.prepared.same_medium:
        yield from same_medium_examples(trial, opt_outs=refused)
    others = [c for c in trial.rule.prepared.as_one if c != trial.usual.channel]
    if trial.usual.channel in trial.rule.prepared.as_one and others:
        verdict = trial.verdict(trial.on(DAY, opt_outs=(OptOutFact(others[0], DAY),)))
        yield Example("opt_out_as_one", {"other": others[0], "channel": trial.usual.channel, "verdict": verdict})


def _asked_once(trial: Trial) -> list[str]:
    return [purpose for purpose in trial.rule.prepared.once if purpose in trial.purposes()]


def _once(trial: Trial, purpose: str, **differs: Any) -> Example:
    """What passes once: before it has been said and after."""
    first = trial.on(DAY, purpose=purpose, **differs)
    again = replace(first, history=trial.past(DAY, purpose=purpose))
    return Example("once", {"purpose": purpose, "verdict_free": trial.verdict(first), "verdict": trial.verdict(again)})


def same_medium_examples(trial: Trial, **differs: Any) -> Iterator[Example]:
    """An answer to somebody who asked by this way, and to somebody who asked by another."""
    if "reply" not in trial.purposes():
        return
    other = next(channel for channel in CHANNELS if channel != trial.usual.channel)
    facts = replace(trial.usual, purpose="reply", **differs)
    came: dict[str, Any] = {"direction": "in", "reach": "connected", "purpose": "inbound", "marks": ("asks",)}
    same, elsewhere = (
        trial.verdict(replace(facts, history=trial.past(DAY, channel=channel, **came)))
        for channel in (trial.usual.channel, other)
    )
    told = {"channel": trial.usual.channel, "other": other, "verdict_same": same, "verdict_other": elsewhere}
    yield Example("same_medium", told)


def by_purpose(trial: Trial, **differs: Any) -> dict[str, Any]:
    """The purposes that are stopped and those that pass."""
    verdicts = {purpose: trial.verdict(trial.on(DAY, purpose=purpose, **differs)) for purpose in trial.purposes()}
    stopped = _stopped(trial, **differs)
    return {
        "verdict": verdicts[stopped],
        "refused": [purpose for purpose in verdicts if verdicts[purpose] != "allow"],
        "passed": [purpose for purpose in verdicts if verdicts[purpose] == "allow"],
    }


def _stopped(trial: Trial, **differs: Any) -> str:
    """A purpose that the rule stops; the usual one when it stops none."""
    asked = (purpose for purpose in trial.purposes() if trial.speaks(trial.on(DAY, purpose=purpose, **differs)))
    return next(asked, trial.usual.purpose)


def place_examples(trial: Trial) -> Iterator[Example]:
    work = replace(trial.usual.point, work=True)
    plain, forbidden = (
        trial.verdict(trial.on(DAY, point=replace(work, employer_forbids=forbids))) for forbids in (False, True)
    )
    yield Example("place", {"verdict": plain, "verdict_forbidden": forbidden})


def standing_examples(trial: Trial) -> Iterator[Example]:
    for standing in trial.rule.prepared.standings:
        verdict = trial.verdict(trial.on(DAY, accounts=trial.about(standing=standing)))
        yield Example("standing", {"standing": standing, "verdict": verdict})


def stop_examples(trial: Trial) -> Iterator[Example]:
    stopped = trial.about(stops=(StopFact(1, "", "other", DAY),))
    later = DAY + ONE_DAY * LONG_AHEAD
    now, then = (trial.verdict(trial.on(day, accounts=stopped)) for day in (DAY, later))
    yield Example("stop", {"day": DAY, "later_on": later, "verdict": now, "verdict_later": then})


def disclosure_examples(trial: Trial) -> Iterator[Example]:
    for element in trial.rule.prepared.elements:
        rest = tuple(each for each in ELEMENTS if each != element)
        yield Example("disclosure", {"element": element, "verdict": trial.verdict(trial.on(DAY, elements=rest))})
    yield Example("disclosure_whole", {"verdict": trial.verdict(trial.on(DAY, elements=ELEMENTS))})


def verification_examples(trial: Trial) -> Iterator[Example]:
    point = replace(trial.usual.point, status="unverified")
    facts = trial.on(DAY, point=point, disclosing=True)
    told = {"channel": trial.usual.channel, "status": point.status, "verdict": trial.verdict(facts)}
    yield Example("verification", {**told, "verdict_verified": trial.verdict(replace(facts, verified=True))})


def zone_examples(trial: Trial) -> Iterator[Example]:
    lost = replace(trial.usual.party, zones=())
    yield Example("zone", {"verdict": trial.verdict(trial.on(DAY, party=lost))})


def language_examples(trial: Trial) -> Iterator[Example]:
    wanted = trial.rule.prepared.required or "es"
    used = "en" if wanted != "en" else "es"
    facts = trial.on(DAY, party=replace(trial.usual.party, language=wanted), language=used)
    yield Example("language", {"wanted": wanted, "used": used, "verdict": trial.verdict(facts)})


def contact_point_examples(trial: Trial) -> Iterator[Example]:
    for status in ("verified", "unverified", "dead", "wrong_party"):
        verdict = trial.verdict(trial.on(DAY, point=replace(trial.usual.point, id=POINT, status=status)))
        yield Example("contact_point", {"status": status, "verdict": verdict})
