"""Rules that can't do what they are for: no contact falls under them, none offends them, their time is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from accounts.foundation.regions import known_regions, plain_place
from communications.policy.facts import (
    CHANNELS,
    ContactFacts,
    HoldFact,
    NoticeFact,
    OptOutFact,
    PreferenceFact,
    StopFact,
)
from communications.policy.lint.flaw import Flaw
from communications.policy.pack import ANYWHERE, Pack, Rule, Scope
from communications.policy.trial import DAY, POINT_OF_CHANNEL, ZONES, OutOfScope, Trial
from communications.policy.wording import words

ROLES = ("primary", "co_borrower", "guarantor", "representative", "third_party", "")
STATUSES = ("verified", "unverified", "dead", "wrong_party")
# More contacts than these are not tried: a limit beyond is no limit.
MOST_TRIED = 1000


def out_of_reach(pack: Pack, on: date) -> Iterator[Flaw]:
    """Whatever keeps a rule from ever speaking."""
    for rule in pack.rules:
        if rule.effective_to and rule.effective_to <= on:
            yield Flaw("over", rule.id, {"day": rule.effective_to})
        found = list(_scope_flaws(rule))
        yield from found
        if not found and not can_speak(rule):
            yield Flaw("never_speaks", rule.id)
        if rule.kind == "consent" and not rule.prepared.bases:
            yield Flaw("never_agreed", rule.id)


def can_speak(rule: Rule) -> bool:
    """True when some contact under the rule offends it: asked of the gate, with the rule alone in it."""
    if rule.jurisdiction not in (ANYWHERE, *ZONES):
        return False
    try:
        trial = Trial(rule)
    except OutOfScope:
        return False
    return any(trial.speaks(case) for usual in _usuals(trial) for case in CASES[rule.kind](trial, usual))


def _usuals(trial: Trial) -> Iterator[ContactFacts]:
    """The usual contact by each channel and for each purpose in the scope."""
    for channel in trial.rule.scope.channels or CHANNELS:
        point = replace(trial.usual.point, kind=POINT_OF_CHANNEL[channel])
        for purpose in trial.purposes():
            yield replace(trial.usual, channel=channel, purpose=purpose, point=point)


def _scope_flaws(rule: Rule) -> Iterator[Flaw]:
    scope = rule.scope
    if scope.products == ("mca",) and scope.debt_purposes == ("consumer",):
        # A merchant cash advance is always a commercial debt.
        yield Flaw("no_such_contact", rule.id, {"products": scope.products, "debt_purposes": scope.debt_purposes})
    if scope.party_kinds == ("entity",) and scope.debt_purposes == ("consumer",):
        yield Flaw("no_such_contact", rule.id, {"party_kinds": scope.party_kinds, "debt_purposes": scope.debt_purposes})
    yield from _place_flaws(rule, scope)


def _place_flaws(rule: Rule, scope: Scope) -> Iterator[Flaw]:
    for written in (*scope.regions, *scope.cities):
        if written != plain_place(written):
            yield Flaw("misspelt", rule.id, {"written": written, "right": plain_place(written)})
    countries = ZONES if rule.jurisdiction == ANYWHERE else (rule.jurisdiction,)
    known = [known_regions(country) for country in countries]
    for region in scope.regions:
        if all(known) and not any(plain_place(region) in regions for regions in known):
            yield Flaw("no_such_region", rule.id, {"written": region})
    if scope.cities and not scope.regions:
        yield Flaw("city_without_region", rule.id, {"cities": scope.cities})


Cases = Callable[[Trial, ContactFacts], Iterator[ContactFacts]]


def _as_it_is(trial: Trial, usual: ContactFacts) -> Iterator[ContactFacts]:
    yield usual


def _contact_point(trial: Trial, usual: ContactFacts) -> Iterator[ContactFacts]:
    yield replace(usual, point=None)


def _counted(trial: Trial, usual: ContactFacts) -> Iterator[ContactFacts]:
    """Contacts of every sort that may count, one more than enough of each."""
    params = trial.rule.prepared
    times = min(getattr(params, "limit", 1), MOST_TRIED)
    at_work = getattr(params, "place", "") == "work"
    told = {"reach": "conversation", "at": usual.at, "marks": ("work",) if at_work else ()}
    for channel in params.channels or CHANNELS[:1]:
        for purpose in getattr(params, "counted_purposes", ()) or ("demand",):
            past = trial.past(DAY, times, channel=channel, purpose=purpose, **told)
            yield replace(usual, history=past, point=replace(usual.point, work=at_work))


def _disclosure(trial: Trial, usual: ContactFacts) -> Iterator[ContactFacts]:
    yield replace(usual, elements=())


def _hold(trial: Trial, usual: ContactFacts) -> Iterator[ContactFacts]:
    """Holds of every kind, and what they let through when it has been said before."""
    others = (usual.accounts[0].id,) if trial.rule.prepared.of_others else ()
    said = trial.past(DAY, purpose=usual.purpose)
    for kind in words("hold"):
        held = HoldFact(1, kind, "person", 1, since=DAY, joint_accounts=others)
        for role in ROLES:
            accounts = (replace(usual.accounts[0], role=role),)
            for hold in (held, replace(held, permitted=(usual.purpose,))):
                yield replace(usual, accounts=accounts, holds=(hold,), history=said)


def _holidays(trial: Trial, usual: ContactFacts) -> Iterator[ContactFacts]:
    for days in range(366):
        yield replace(usual, at=trial.at(date(DAY.year, 1, 1) + timedelta(days=days)))


def _hours(trial: Trial, usual: ContactFacts) -> Iterator[ContactFacts]:
    monday = trial.at(DAY - timedelta(days=DAY.weekday()))
    for minutes in range(0, 7 * 24 * 60, 5):
        moment = monday + timedelta(minutes=minutes)
        yield replace(usual, at=moment, point=replace(usual.point, work=True))


def _language(trial: Trial, usual: ContactFacts) -> Iterator[ContactFacts]:
    for wanted, used in (("en", "es"), ("es", "en")):
        yield replace(usual, party=replace(usual.party, language=wanted), language=used)


def _limitation(trial: Trial, usual: ContactFacts) -> Iterator[ContactFacts]:
    yield replace(usual, accounts=(replace(usual.accounts[0], limitation_on=DAY),))


def _notice(trial: Trial, usual: ContactFacts) -> Iterator[ContactFacts]:
    """None sent so long after the first contact that it is due, and one sent today."""
    params, account = trial.rule.prepared, usual.accounts[0]
    # Five business days are at most fifteen by the calendar.
    long_ago = DAY - timedelta(days=min(params.within_days + 3 * params.within_business_days, MOST_TRIED))
    yield replace(usual, accounts=(replace(account, first_contact_on=long_ago),))
    yield replace(usual, accounts=(replace(account, notices=(NoticeFact(params.notice, DAY),)),))


def _opt_out(trial: Trial, usual: ContactFacts) -> Iterator[ContactFacts]:
    refused = replace(usual, opt_outs=(OptOutFact(usual.channel, DAY),))
    yield refused
    yield replace(refused, history=trial.past(DAY, channel=usual.channel, purpose=usual.purpose))


def _place(trial: Trial, usual: ContactFacts) -> Iterator[ContactFacts]:
    yield replace(usual, point=replace(usual.point, work=True, employer_forbids=True))


def _preference(trial: Trial, usual: ContactFacts) -> Iterator[ContactFacts]:
    other = next(channel for channel in CHANNELS if channel != usual.channel)
    never, elsewhere = PreferenceFact(1, hours=("",) * 7), PreferenceFact(1, not_at_work=True)
    for wish in (never, elsewhere, PreferenceFact(1, media=(other,))):
        yield replace(usual, preferences=(wish,), point=replace(usual.point, work=True))


def _representation(trial: Trial, usual: ContactFacts) -> Iterator[ContactFacts]:
    for role in ROLES:
        accounts = (replace(usual.accounts[0], role=role),)
        yield replace(usual, accounts=accounts, holds=(HoldFact(1, "representation", "person", 1, since=DAY),))


def _request(trial: Trial, usual: ContactFacts) -> Iterator[ContactFacts]:
    asked = (NoticeFact(trial.rule.prepared.asked, DAY),)
    yield replace(usual, accounts=(replace(usual.accounts[0], notices=asked),))


def _standing(trial: Trial, usual: ContactFacts) -> Iterator[ContactFacts]:
    for standing in words("standing"):
        yield replace(usual, accounts=(replace(usual.accounts[0], standing=standing),))


def _stop(trial: Trial, usual: ContactFacts) -> Iterator[ContactFacts]:
    yield replace(usual, accounts=(replace(usual.accounts[0], stops=(StopFact(1, "", "other", DAY),)),))


def _third_party(trial: Trial, usual: ContactFacts) -> Iterator[ContactFacts]:
    asked = trial.past(DAY, min(trial.rule.prepared.other_limit, MOST_TRIED), reach="connected", purpose="trace")
    for role in ROLES:
        accounts, party = (replace(usual.accounts[0], role=role),), replace(usual.party, minor=True, elder=True)
        yield replace(usual, accounts=accounts, party=party, history=asked)


def _verification(trial: Trial, usual: ContactFacts) -> Iterator[ContactFacts]:
    for status in STATUSES:
        yield replace(usual, disclosing=True, point=replace(usual.point, status=status))


def _zone(trial: Trial, usual: ContactFacts) -> Iterator[ContactFacts]:
    yield replace(usual, party=replace(usual.party, zones=()))


CASES: dict[str, Cases] = {
    "consent": _as_it_is, "contact_point": _contact_point, "cool_down": _counted, "disclosure": _disclosure,
    "frequency": _counted, "hold": _hold, "holidays": _holidays, "hours": _hours, "language": _language,
    "limitation": _limitation, "notice": _notice, "opt_out": _opt_out, "place": _place, "preference": _preference,
    "reply": _as_it_is, "representation": _representation, "request": _request, "spacing": _counted,
    "standing": _standing, "stop": _stop, "third_party": _third_party, "verification": _verification, "zone": _zone,
}  # fmt: skip
