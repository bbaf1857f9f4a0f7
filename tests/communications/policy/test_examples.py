"""The worked examples of the admin are what the gate answers: compared with trying quarter of an hour by quarter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from communications.policy import examples
from communications.policy.decide import decide
from communications.policy.decision import Finding
from communications.policy.examples import OF_KIND, examples_of
from communications.policy.facts import ConsentFact, HoldFact, NoticeFact, PastContact
from communications.policy.pack import EMERGENCY_STOP, Pack, PackSet, Rule
from communications.policy.rules import KINDS
from communications.policy.shipped import shipped_packs
from communications.policy.trial import Trial
from communications.policy.wording import civil_day
from tests.support.policy_facts import only

RULES = {rule.id: rule for pack in shipped_packs().packs for rule in pack.rules} | {"emergency-stop": EMERGENCY_STOP}
TALKED = date(2026, 8, 14)
QUARTER = timedelta(minutes=15)


def of_kind(*kinds: str) -> list[str]:
    return sorted(code for code, rule in RULES.items() if rule.kind in kinds)


def alone(rule: Rule, place: str) -> PackSet:
    undated = replace(rule, effective_from=None, effective_to=None)
    return PackSet([Pack("test", 1, place, "UTC", "", "", (undated,))])


def example(rule: Rule, code: str) -> dict:
    """The values of the rule's example of one sort."""
    (found,) = (one for one in examples_of(rule) if one.code == code)
    assert civil_day(TALKED, "en") in found.told("en") or "day" not in found.values
    return found.values


def first_day(rule: Rule, facts_at, *, stopped: bool, zone: str, days: int = 80) -> date:
    """By trying every quarter of an hour from the noon of the day on: the day on which the answer turns."""
    packs = alone(rule, Trial(rule).place)
    moment = datetime(TALKED.year, TALKED.month, TALKED.day, 12, tzinfo=ZoneInfo(zone))
    for _ in range(days * 96):
        if (decide(facts_at(moment), packs).verdict != "allow") == stopped:
            return moment.astimezone(ZoneInfo(zone)).date()
        moment += QUARTER
    raise AssertionError("it never turns")


def history(times: int, reach: str, channel: str, *marks: str) -> tuple[PastContact, ...]:
    purpose = "demand"
    return tuple(PastContact(n, 1, channel, TALKED, reach, (1,), "out", 1, purpose, marks) for n in range(times))


@pytest.mark.parametrize("code", of_kind("frequency"))
def test_the_example_of_a_limit_is_what_trying_finds(code):
    rule = RULES[code]
    trial, params = Trial(rule), rule.prepared
    channel = (params.channels or (trial.usual.channel,))[0]
    at_work = params.place == "work"
    marks = ("work",) if at_work else ()
    point = replace(trial.usual.point, work=at_work)
    full = replace(trial.usual, point=point, history=history(params.limit, params.count_what, channel, *marks))
    told = example(rule, params.window)

    free_on = first_day(rule, lambda at: replace(full, at=at), stopped=False, zone=trial.zone)

    assert (told["limit"], told["free_on"]) == (params.limit, free_on)
    assert told["last_day"] == (free_on - TALKED).days
    assert example(rule, "one_less")["verdict"] == "allow"


@pytest.mark.parametrize("code", of_kind("cool_down"))
def test_the_example_of_a_cool_down_is_what_trying_finds(code):
    rule = RULES[code]
    trial = Trial(rule)
    talked = replace(trial.usual, history=history(1, "conversation", trial.usual.channel))
    told = example(rule, "cool_down")

    free_on = first_day(rule, lambda at: replace(talked, at=at), stopped=False, zone=trial.zone)

    assert (told["day"], told["free_on"], told["free_day"]) == (TALKED, free_on, (free_on - TALKED).days + 1)


@pytest.mark.parametrize("code", [c for c in of_kind("consent") if RULES[c].prepared.fresh_days])
def test_the_example_of_stale_consent_is_what_trying_finds(code):
    rule = RULES[code]
    trial = Trial(rule)
    agreed = replace(trial.usual, consents=(ConsentFact(trial.usual.channel, TALKED),))
    told = example(rule, "consent_fresh")

    stale_on = first_day(rule, lambda at: replace(agreed, at=at), stopped=True, zone=trial.zone)

    assert (told["stale_on"], told["days_later"]) == (stale_on, (stale_on - TALKED).days - 1)


WITHIN_DAYS = [c for c in of_kind("notice") if RULES[c].prepared.within_days or RULES[c].prepared.within_business_days]
WAITED_OUT = [code for code in of_kind("notice") if RULES[code].prepared.wait]


@pytest.mark.parametrize("code", WAITED_OUT)
def test_the_example_of_a_notice_that_is_waited_out_is_what_trying_finds(code):
    rule = RULES[code]
    trial = Trial(rule)
    sent = (NoticeFact(rule.prepared.notice, TALKED),)
    running = replace(trial.usual, accounts=(replace(trial.usual.accounts[0], notices=sent),))
    told = example(rule, "notice_waits")

    free_on = first_day(rule, lambda at: replace(running, at=at), stopped=False, zone=trial.zone)

    assert (told["free_on"], told["days_later"]) == (free_on, (free_on - TALKED).days)


@pytest.mark.parametrize("code", of_kind("representation"))
def test_the_example_of_a_silent_representative_is_what_trying_finds(code):
    rule = RULES[code]
    trial = Trial(rule)
    (told,) = (one.values for one in examples_of(rule) if one.code.startswith("representative_"))
    papers = [NoticeFact("representative_asked", TALKED)]
    if "warned_on" in told:
        papers.append(NoticeFact("representative_warned", told["warned_on"]))
        early = NoticeFact("representative_warned", told["warned_on"] - timedelta(days=1))
        assert free_after(trial, papers[0], early) is None
    told_from = replace(
        trial.usual,
        accounts=(replace(trial.usual.accounts[0], notices=tuple(papers)),),
        holds=(HoldFact(1, "representation", "person", 1, since=TALKED),),
    )

    free_on = first_day(rule, lambda at: replace(told_from, at=at), stopped=False, zone=trial.zone)

    assert told["free_on"] == free_on


def free_after(trial: Trial, *papers: NoticeFact) -> date | None:
    held = (HoldFact(1, "representation", "person", 1, since=TALKED),)
    return trial.free_on(trial.on(TALKED, accounts=trial.about(notices=papers), holds=held))


@pytest.mark.parametrize("code", [code for code in of_kind("request") if RULES[code].prepared.within_notice])
def test_the_example_of_a_request_in_time_is_what_a_calendar_says(code):
    """Five business days after Friday 14 August are Friday the 21st; thirty days more are 20 September."""
    told = example(RULES[code], "request_in_time")

    assert (told["last_on"], told["late_on"]) == (date(2026, 9, 20), date(2026, 9, 21))
    assert (told["verdict"], told["verdict_late"]) == ("refuse", "allow")


def test_the_example_of_a_spacing_ends_when_its_minutes_are_over():
    told = example(RULES["firm-spacing"], "spacing")

    assert (told["from_clock"].strftime("%H:%M"), told["verdict"], told["verdict_free"]) == ("13:00", "warn", "allow")


@pytest.mark.parametrize("code", WITHIN_DAYS)
def test_the_example_of_a_missing_notice_is_what_trying_finds(code):
    rule = RULES[code]
    trial = Trial(rule)
    begun = replace(trial.usual, accounts=(replace(trial.usual.accounts[0], first_contact_on=TALKED),))
    told = example(rule, "notice_late")

    speaks_on = first_day(rule, lambda at: replace(begun, at=at), stopped=True, zone=trial.zone)

    assert (told["speaks_on"], told["days_later"]) == (speaks_on, (speaks_on - TALKED).days)


@pytest.mark.parametrize("code", of_kind("reply"))
def test_the_example_of_an_answer_is_what_trying_finds(code):
    rule = RULES[code]
    trial = Trial(rule)
    asked = PastContact(1, 1, "call", TALKED, "connected", (1,), "in", 1, "inbound", ("asks",))
    asking = replace(trial.usual, history=(asked,))
    told = example(rule, "reply")

    late_on = first_day(rule, lambda at: replace(asking, at=at), stopped=True, zone=trial.zone)

    assert (told["late_on"], told["late_day"]) == (late_on, (late_on - TALKED).days + 1)
    assert example(rule, "callback")["from_clock"].strftime("%H:%M") == "10:00"


@pytest.mark.parametrize("code", of_kind("limitation"))
def test_the_example_of_a_debt_out_of_time_is_what_trying_finds(code):
    rule = RULES[code]
    trial = Trial(rule)
    tomorrow = TALKED + timedelta(days=1)
    barred = replace(trial.usual, accounts=(replace(trial.usual.accounts[0], limitation_on=tomorrow),))

    first = first_day(rule, lambda at: replace(barred, at=at), stopped=True, zone=trial.zone)
    told = example(rule, "limitation")

    assert first == tomorrow
    assert (told["verdict_before"], told["verdict"] != "allow") == ("allow", True)


@pytest.mark.parametrize("code", of_kind("hours"))
def test_the_examples_of_hours_are_what_trying_every_second_beside_them_finds(code):
    rule = RULES[code]
    trial = Trial(rule)
    usual = replace(trial.usual, point=replace(trial.usual.point, work=True))
    packs = alone(rule, trial.place)
    monday = datetime(2026, 8, 10, tzinfo=ZoneInfo(trial.zone))
    windows = [one for one in examples_of(rule) if one.code != "same_medium"]

    for one in windows:
        for weekday in one.values["days"]:
            for name in {"before", "opens", "closes", "after"} & set(one.values):
                clock = one.values[name]
                at = (monday + timedelta(days=weekday)).replace(
                    hour=clock.hour, minute=clock.minute, second=clock.second
                )
                assert decide(replace(usual, at=at), packs).verdict == one.values[f"verdict_{name}"]
            if "verdict_noon" in one.values:
                noon = (monday + timedelta(days=weekday)).replace(hour=12)
                assert decide(replace(usual, at=noon), packs).verdict == one.values["verdict_noon"]
    assert {weekday for one in windows for weekday in one.values["days"]} == set(range(7))


@pytest.mark.parametrize(("days", "free_on"), [(1, 15), (3, 17), (7, 21), (10, 24)])
def test_other_numbers_make_another_example(days, free_on):
    packs = only({"kind": "cool_down", "params": {"days": days}})

    assert example(packs.packs[0].rules[0], "cool_down")["free_on"] == date(2026, 8, free_on)


def test_the_talk_of_the_fourteenth_reads_in_both_languages():
    (told,) = (one for one in examples_of(RULES["us-regf-7after-talk"]) if one.code == "cool_down")

    assert told.told("en") == (
        "A talk on Fri 14 Aug 2026, which is day 1: the next is refused through Thu 20 Aug 2026 (day 7) "
        "and allowed on Fri 21 Aug 2026 (day 8)."
    )
    assert told.told("es-mx") == (
        "Se habló el vie 14 ago 2026, que es el día 1: el siguiente contacto no se permite hasta el jue 20 ago 2026 "
        "(día 7) y se permite el vie 21 ago 2026 (día 8)."
    )


def test_both_ends_of_the_hours_are_said_to_be_within_because_the_gate_says_so():
    told = [one.told("en") for one in examples_of(RULES["au-hours-phone"])]

    assert told[0] == (
        "Mon - Fri: 07:30 and 21:00 are both within the hours (allowed); 07:29:59 and 21:00:01 are not (refused)."
    )


def test_the_example_follows_the_gate_not_a_text(monkeypatch):
    """A gate that counted one day more would tell one day more."""
    kind = KINDS["cool_down"]

    def slower(params, *rest):
        return kind.judge(replace(params, days=params.days + 1), *rest)

    monkeypatch.setitem(KINDS, "cool_down", replace(kind, judge=slower))
    monkeypatch.setattr(examples, "_asked", {})

    assert example(RULES["us-regf-7after-talk"], "cool_down")["free_on"] == date(2026, 8, 22)


def test_a_gate_without_its_ends_no_longer_says_that_both_are_within(monkeypatch):
    kind = KINDS["hours"]

    def open_ended(params, facts, accounts, moment):
        minutes = {local.strftime("%H:%M:%S") for _, local in moment.locals}
        return [Finding("outside_hours")] if "21:00:00" in minutes else kind.judge(params, facts, accounts, moment)

    monkeypatch.setitem(KINDS, "hours", replace(kind, judge=open_ended))
    monkeypatch.setattr(examples, "_asked", {})
    (told,) = examples_of(RULES["us-regf-hours"])

    assert told.code == "hours"
    assert "21:00 refused" in told.told("en")


def test_there_are_examples_for_every_kind_and_every_shipped_rule_in_both_languages():
    told = {code: [(one.told("en"), one.told("es")) for one in examples_of(rule)] for code, rule in RULES.items()}

    assert set(OF_KIND) == set(KINDS)
    assert [code for code, pairs in told.items() if not pairs] == []
    assert [pair for pairs in told.values() for pair in pairs if pair[0] == pair[1] or "{" in "".join(pair)] == []
