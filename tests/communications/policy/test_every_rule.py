"""Every shipped rule speaks up against the contact that it is there for, and only with what it is said to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from communications.policy.decision import VERDICT_OF_ACTION, VERDICTS
from communications.policy.facts import (
    ConsentFact,
    ContactFacts,
    HoldFact,
    NoticeFact,
    OptOutFact,
    PartyFact,
    PointFact,
    PreferenceFact,
)
from communications.policy.shipped import CODES, shipped_pack, shipped_packs
from tests.support.policy_facts import account, at, contact, judged, party, past, talk

ZONES = {"UK": "Europe/London", "US": "America/New_York", "MX": "America/Monterrey", "AU": "Australia/Sydney"}
NOON = "2026-04-08 12:00"  # a Wednesday, nobody's holiday
BARRED = date(2026, 1, 1)


def ordinary(place: str, when: str = NOON, **differs) -> ContactFacts:
    """A contact in a country that nothing speaks against; what an account differs in is given as `account`."""
    of_account = differs.pop("account", {})
    zones = differs.pop("zones", (ZONES[place],))
    who = differs.pop("who", {})
    return contact(at(when, ZONES[place]), account(place, **of_account), **{"party": party(*zones, **who), **differs})


def held(place: str, kind: str, **differs) -> ContactFacts:
    return ordinary(place, holds=(HoldFact(1, kind, "account", 100),), **differs)


def counted(place: str, times: int, on: str = "2026-04-08", reach: str = "attempt", **differs) -> ContactFacts:
    channel, marks = differs.pop("by", "call"), differs.pop("marks", ())
    history = tuple(past(on, id=n, reach=reach, channel=channel, marks=marks) for n in range(times))
    return ordinary(place, history=history, **differs)


WORK = PointFact(id=1, work=True)
FORBIDDEN = PointFact(id=1, work=True, employer_forbids=True)
MAIL = PointFact(id=1, kind="email")
LATE = {"first_contact_on": date(2026, 4, 5)}
VERY_LATE = {"first_contact_on": date(2026, 4, 1)}
REFUSED = (OptOutFact("call", date(2026, 4, 1)),)
EVENINGS = (PreferenceFact(1, hours=("17:00-21:00",) * 7),)
OWN = {"capacity": "original_creditor"}
ENFORCE = {"purpose": "enforcement", "account": {"limitation_on": BARRED}}
JOINT = (HoldFact(1, "breathing_space", "person", 8, joint_accounts=(100,)),)
CEASED = (HoldFact(1, "cease", "account", 100, permitted=("statutory_notice",), since=date(2026, 4, 1)),)
TOLD = (past("2026-04-02", channel="email", reach="connected", purpose="statutory_notice"),)
CONFIRMED = (past("2026-04-02", channel="text", reach="connected", purpose="confirmation"),)
REFUSED_TEXTS = (OptOutFact("text", date(2026, 4, 1)),)
ASKED_BY_CALL = (past("2026-04-08", direction="in", marks=("asks",)),)
BUSINESS = {"debt_purpose": "commercial", "region": "CA", "band": "upto_500k", "opened_on": date(2026, 1, 5)}
AT_WORK = {"point": WORK, "marks": ("work",)}


def enforced(place: str, *papers: tuple[str, str], **differs) -> ContactFacts:
    """Enforcement of a debt on which these papers are recorded, and that a way to pay was offered."""
    offered = ("forbearance_offered", "2026-01-02")
    notices = tuple(NoticeFact(kind, date.fromisoformat(day)) for kind, day in (*papers, offered))
    of_account = {"notices": notices, **differs.pop("account", {})}
    return ordinary(place, purpose="enforcement", account=of_account, **differs)


def written(place: str, *elements: str, **differs) -> ContactFacts:
    """An e-mail whose words carry these elements."""
    return ordinary(place, channel="email", point=MAIL, elements=elements, **differs)


BROKEN = {
    "uk-policy-hours": ordinary("UK", "2026-04-08 07:00"),
    "uk-policy-bank-holidays": ordinary("UK", "2026-04-03 12:00"),
    "uk-conc-third-party": ordinary("UK", account={"role": "third_party"}),
    "uk-conc-verify": ordinary("UK", disclosing=True),
    "uk-conc-mental-capacity": held("UK", "incapacity"),
    "uk-conc-vulnerability": held("UK", "vulnerability"),
    "uk-conc-dispute": held("UK", "dispute"),
    "uk-conc-plan-hold": held("UK", "hardship"),
    "uk-bs-no-contact": held("UK", "breathing_space"),
    "uk-bs-mental-health": held("UK", "mental_health_crisis"),
    "uk-bs-enforcement": enforced("UK", holds=JOINT),
    "uk-scot-moratorium": held("UK", "scottish_moratorium"),
    "uk-conc-fos-proceedings": enforced("UK", holds=(HoldFact(1, "complaint", "person", 7),)),
    "uk-conc-forbearance-first": enforced(
        "UK",
        account={"notices": (NoticeFact("default", date(2026, 1, 2)), NoticeFact("letter_of_claim", date(2026, 1, 2)))},
    ),
    "uk-default-notice": enforced("UK", ("default", "2026-04-01")),
    "uk-pap-debt": enforced("UK", ("letter_of_claim", "2026-03-20")),
    "uk-insolvency": held("UK", "insolvency"),
    "uk-limitation-ew-ni": ordinary("UK", account={"limitation_on": BARRED}),
    "uk-limitation-enforcement": ordinary("UK", **ENFORCE),
    "uk-prescription-scot": ordinary("UK", account={"limitation_on": BARRED, "region": "SCT"}),
    "us-regf-hours": ordinary("US", "2026-04-08 21:30"),
    "us-regf-hours-electronic": ordinary("US", "2026-04-08 07:30", channel="email", point=MAIL),
    "us-regf-reply-once": ordinary(
        "US", "2026-04-08 22:30", channel="email", point=MAIL, purpose="reply", history=ASKED_BY_CALL
    ),
    "us-regf-optout-confirm": ordinary(
        "US", channel="text", purpose="confirmation", opt_outs=REFUSED_TEXTS, history=CONFIRMED
    ),
    "us-tcpa-revoke-all": ordinary("US", "2027-02-10 12:00", channel="text", opt_outs=REFUSED),
    "us-regf-eoptout-notice": written("US", "disclosure"),
    "us-regf-mini-miranda": written("US", "opt_out"),
    "us-regf-cease-exceptions": ordinary(
        "US", channel="email", point=MAIL, purpose="statutory_notice", holds=CEASED, history=TOLD
    ),
    "us-regf-dispute-written": enforced("US", ("dispute_received", "2026-04-01")),
    "us-regf-orig-creditor": enforced("US", ("original_creditor_request", "2026-04-01")),
    "us-regf-overshadow": enforced("US", ("validation", "2026-03-20")),
    "us-regf-credit-report": enforced("US"),
    "us-scra": enforced("US"),
    "us-ma-2in30-work": counted("US", 2, "2026-03-20", account={"region": "MA"}, **AT_WORK),
    "us-ma-creditor": ordinary("US", account={**OWN, **VERY_LATE, "region": "MA"}),
    "us-wa-1wk-work": counted("US", 1, "2026-04-06", "connected", by="email", account={"region": "WA"}, **AT_WORK),
    "us-wa-hours": ordinary("US", "2026-04-08 07:15", account={"region": "WA"}),
    "us-dc-5-electronic": counted("US", 5, by="email", account={"region": "DC"}, channel="email", point=MAIL),
    "us-dc-electronic-consent": ordinary("US", account={"region": "DC"}, channel="email", point=MAIL),
    "us-ca-covered-commercial": counted("US", 7, "2026-04-02", account=BUSINESS),
    "us-ca-commercial-talk": ordinary("US", account=BUSINESS, history=(talk("2026-04-02"),)),
    "us-mca-tx": enforced("US", account={"product": "mca", "debt_purpose": "commercial", "region": "TX"}),
    "us-mca-reconciliation": enforced(
        "US", ("reconciliation_request", "2026-04-01"), account={"product": "mca", "debt_purpose": "commercial"}
    ),
    "us-mca-guarantor-last": ordinary(
        "US",
        account={"product": "mca", "debt_purpose": "commercial", "role": "guarantor"},
        who={"kind": "guarantor"},
    ),
    "us-regf-7in7": counted("US", 7, "2026-04-02"),
    "us-regf-7after-talk": ordinary("US", history=(talk("2026-04-02"),)),
    "us-regf-medium-optout": ordinary("US", opt_outs=REFUSED),
    "us-regf-cease": held("US", "cease"),
    "us-regf-attorney": held("US", "representation"),
    "us-regf-dispute": held("US", "dispute"),
    "us-bankruptcy-stay": held("US", "insolvency"),
    "us-regf-third-party": ordinary("US", account={"role": "third_party"}),
    "us-regf-location": ordinary(
        "US",
        account={"role": "third_party"},
        purpose="trace",
        history=(past("2026-01-02", reach="connected", purpose="trace"),),
    ),
    "us-regf-workplace": ordinary("US", point=FORBIDDEN),
    "us-regf-work-email": ordinary("US", channel="email", point=replace(MAIL, work=True)),
    "us-regf-email-basis": ordinary("US", channel="email", point=MAIL),
    "us-regf-sms-basis": ordinary("US", channel="text"),
    "us-regf-validation-3d": ordinary("US", account=LATE),
    "us-regf-validation-5d": ordinary("US", account=VERY_LATE),
    "us-regf-timebarred": ordinary("US", account={"limitation_on": BARRED}),
    "us-timebarred-enforcement": ordinary("US", **ENFORCE),
    "us-ma-2in7": counted("US", 2, account={"region": "MA"}),
    "us-wa-3wk": counted("US", 3, "2026-04-06", "connected", by="email", account={"region": "WA"}),
    "us-nyc-3in7": counted(
        "US", 3, "2026-10-06", by="email", when="2026-10-07 12:00", account={"region": "NY", "city": "BROOKLYN"}
    ),
    "us-dc-4in7": counted("US", 4, account={"region": "DC"}),
    "mx-hours": ordinary("MX", "2026-04-08 22:30"),
    "mx-weekdays": ordinary("MX", "2026-04-12 12:00"),
    "mx-holidays": ordinary("MX", "2026-09-16 12:00"),
    "mx-third-parties": ordinary("MX", account={"role": "third_party"}),
    "mx-minors": ordinary("MX", who={"minor": True}),
    "mx-minors-elderly": ordinary("MX", who={"elder": True}, account={"role": "third_party"}),
    "mx-identify-first": written("MX", "creditor"),
    "mx-spanish": ordinary("MX", channel="email", point=MAIL, language="en"),
    "mx-prescription": ordinary("MX", account={"limitation_on": BARRED}),
    "mx-prescription-enforcement": ordinary("MX", **ENFORCE),
    "au-hours-phone": ordinary("AU", "2026-04-11 08:00"),
    "au-hours-work": ordinary("AU", "2026-04-08 18:00", point=WORK),
    "au-holidays": ordinary("AU", "2026-01-26 12:00"),
    "au-freq-week": counted("AU", 3, "2026-04-03", "connected", by="email"),
    "au-freq-month": counted("AU", 10, "2026-04-01", "connected", by="email", when="2026-04-20 12:00"),
    "au-attempts": counted("AU", 3),
    "au-third-party": ordinary("AU", account={"role": "third_party"}),
    "au-verify-identity": ordinary("AU", disclosing=True),
    "au-rep": held("AU", "representation"),
    "au-afca": held("AU", "complaint"),
    "au-hardship-enforce": held("AU", "hardship", purpose="enforcement"),
    "au-hardship-refused": enforced("AU", ("hardship_refused", "2026-04-01")),
    "au-policy-forbearance-first": enforced("AU", account={"notices": (NoticeFact("default_au", date(2026, 1, 2)),)}),
    "au-default-notice": enforced("AU", ("default_au", "2026-03-20")),
    "au-limitation-nsw": ordinary("AU", account={"limitation_on": BARRED, "region": "NSW"}),
    "au-limitation-enforcement": ordinary("AU", **ENFORCE),
    "firm-zone": ordinary("UK", party=PartyFact(7, 7)),
    "firm-contact-point": ordinary("UK", point=PointFact(id=1, status="dead")),
    "firm-holds": held("UK", "admin"),
    "firm-closed": ordinary("UK", account={"standing": "settled"}),
    "firm-placed-out": ordinary("UK", account={"standing": "placed_out"}),
    "firm-enforcement": ordinary("UK", account={"standing": "enforcement"}),
    "firm-reply": ordinary("UK", purpose="reply"),
    "firm-represented": held("UK", "representation"),
    "firm-vulnerability": held("MX", "vulnerability"),
    "firm-opt-out": ordinary("UK", opt_outs=REFUSED),
    "firm-third-party": ordinary("UK", account={"role": ""}),
    "firm-verification": ordinary("MX", disclosing=True),
    "firm-unverified-address": ordinary(
        "UK", channel="email", point=replace(MAIL, status="unverified"), disclosing=True
    ),
    "firm-whatsapp-consent": ordinary("UK", channel="whatsapp", point=PointFact(id=1, kind="whatsapp")),
    "firm-language": ordinary("UK", language="es-mx"),
    "firm-spacing": ordinary("UK", history=(talk("2026-04-08", at=at("2026-04-08 11:30", "Europe/London")),)),
    "firm-uk-daily-cap": counted("UK", 3),
    "firm-mx-daily-cap": counted("MX", 3),
    "firm-us-hours": ordinary("US", "2026-04-08 21:30", account=OWN),
    "firm-us-answering-hours": ordinary("US", "2026-04-08 21:30", account=OWN, purpose="confirmation"),
    "firm-uk-answering-hours": ordinary("UK", "2026-04-08 06:30", purpose="confirmation"),
    "firm-us-7in7": counted("US", 7, "2026-04-02", account=OWN),
    "uk-conc-reasonable-times": ordinary("UK", preferences=EVENINGS),
    "us-regf-inconvenient": ordinary("US", preferences=EVENINGS),
    "au-preference": ordinary("AU", preferences=EVENINGS),
    "firm-preference": ordinary("MX", preferences=EVENINGS),
    "firm-us-preference": ordinary("US", preferences=EVENINGS, account=OWN),
}
RULES = {rule.id: rule for code in CODES for rule in shipped_pack(code).rules}


def test_there_is_a_contact_here_for_every_shipped_rule():
    assert set(BROKEN) == set(RULES)


@pytest.mark.parametrize("code", sorted(BROKEN))
def test_the_rule_speaks_up(code):
    facts = BROKEN[code]

    decision = judged(facts)

    found = [reason for reason in decision.reasons if reason.rule == code]
    assert found, decision.rules
    assert found[0].citation == RULES[code].citation
    assert VERDICTS.index(decision.verdict) >= VERDICTS.index(VERDICT_OF_ACTION[RULES[code].action])


@pytest.mark.parametrize("place", sorted(ZONES))
def test_nothing_speaks_against_an_ordinary_call(place):
    assert judged(ordinary(place)).rules == ()


@pytest.mark.parametrize("code", sorted(BROKEN))
def test_no_rule_refuses_somebody_who_calls_us(code):
    assert judged(replace(BROKEN[code], purpose="inbound")).verdict == "allow"


def test_consent_lifts_what_it_may_lift_and_nothing_else():
    agreed = (ConsentFact("call", date(2026, 4, 8)),)

    assert judged(replace(BROKEN["us-regf-7in7"], consents=agreed)).verdict == "allow"
    assert judged(replace(BROKEN["us-regf-hours"], consents=agreed)).verdict == "refuse"
    assert judged(replace(BROKEN["us-regf-cease"], consents=agreed), shipped_packs()).verdict == "refuse"
