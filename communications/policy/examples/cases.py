"""Examples of single cases: who, what for, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from communications.policy.examples.example import Example
from communications.policy.facts import HoldFact, OptOutFact
from communications.policy.trial import DAY, LONG_AHEAD, ONE_DAY, POINT, Trial


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


def hold_examples(trial: Trial) -> Iterator[Example]:
    params = trial.rule.prepared
    kind = next(k for k in (*params.kinds, "admin", "pause") if k not in params.except_kinds)
    held = HoldFact(1, kind, "person", 1)
    yield Example("hold", {"hold": kind, **_by_purpose(trial, holds=(held,))})
    ending = trial.on(DAY - ONE_DAY, purpose=_stopped(trial, holds=(held,)), holds=(replace(held, lifts_on=DAY),))
    if free_on := trial.free_on(ending):
        told = {"hold": kind, "day": DAY, "before_on": DAY - ONE_DAY, "verdict": trial.verdict(ending)}
        free = trial.verdict(replace(ending, at=trial.at(free_on)))
        yield Example("hold_lifts", {**told, "free_on": free_on, "verdict_free": free})


def opt_out_examples(trial: Trial) -> Iterator[Example]:
    refused = (OptOutFact(trial.usual.channel, DAY),)
    yield Example("opt_out", {"day": DAY, "channel": trial.usual.channel, **_by_purpose(trial, opt_outs=refused)})


def _by_purpose(trial: Trial, **differs: Any) -> dict[str, Any]:
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
