"""Cases with their answers, at least five of each kind of rule: what the regulators' own examples and the calendar ask.

Each is judged by all shipped packs (or by rules of its own, where none ships with such numbers). The answer is given as
the verdict, the rule of the kind that speaks (none: it is silent), and where it matters when the contact is allowed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pytest

from communications.policy.decide import decide
from communications.policy.facts import (
    ConsentFact,
    ContactFacts,
    HoldFact,
    NoticeFact,
    OptOutFact,
    PartyFact,
    PointFact,
    PreferenceFact,
    StopFact,
)
from communications.policy.pack import PackSet
from communications.policy.rules import KINDS
from communications.policy.shipped import shipped_packs
from communications.policy.zones import AddressClue, NumberClue, zones_of
from tests.support.policy_facts import account, at, contact, only, party, past, talk

LONDON, EASTERN, CENTRAL, MOUNTAIN, PACIFIC, SYDNEY, ADELAIDE, DARWIN, MONTERREY = (
    "Europe/London", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "Australia/Sydney",
    "Australia/Adelaide", "Australia/Darwin", "America/Monterrey",
)  # fmt: skip
ZONE = {"UK": LONDON, "US": EASTERN, "MX": MONTERREY, "AU": SYDNEY}
SILENT = ""


@dataclass(frozen=True)
class Vector:
    kind: str
    name: str
    facts: ContactFacts
    verdict: str
    rule: str = SILENT
    next_at: datetime | None = None
    packs: PackSet | None = None


def case(place: str, local: str, zone: str = "", **differs: Any) -> ContactFacts:
    """A call to the debtor in a country at a time on the clock there."""
    zone = zone or ZONE[place]
    of_account = differs.pop("account", {})
    return contact(at(local, zone), account(place, **of_account), **{"party": party(zone), **differs})


def clued(place: str, local: str, zone: str, **clues: Any) -> ContactFacts:
    """A call to somebody of whom only an address or a number is known."""
    return case(place, local, zone, party=PartyFact(7, 7, language="en", zones=zones_of(**clues)))


def calls(first: str, count: int, a_day: int = 1, **differs: Any) -> tuple:
    """Unanswered calls on days that follow each other."""
    begin = date.fromisoformat(first).toordinal()
    days = [date.fromordinal(begin + n // a_day).isoformat() for n in range(count)]
    return tuple(past(day, id=n, **differs) for n, day in enumerate(days, 1))


def hold(kind: str, **differs: Any) -> dict[str, Any]:
    return {"holds": (HoldFact(1, kind, **{"scope": "person", "target_id": 7, **differs}),)}


NOON = "2026-04-08 12:00"  # a Wednesday, nobody's holiday
E_MAIL, POST = PointFact(id=1, kind="email"), PointFact(id=1, kind="post")
WHATSAPP = PointFact(id=1, kind="whatsapp")
AGREED = ConsentFact("text", date(2026, 4, 1))
LEAP = only({"kind": "cool_down", "params": {"days": 2}})
FORTNIGHT = only({"kind": "cool_down", "params": {"days": 14, "consent_days": 7}})
LEAP_CAP = only({"kind": "frequency", "params": {"limit": 1, "days": 2}})
NIGHT_SHIFT = only({"kind": "hours", "params": dict.fromkeys(("sun", "mon"), "01:30-03:30")})
AFTER_TWO = only({"kind": "hours", "params": {"sun": "02:15-03:30"}})
NOTICE_FIRST = only({"kind": "notice", "params": {"notice": "default", "within_days": 0}})
WAITED_OUT = only(
    {"kind": "notice", "params": {"notice": "default", "wait_business_days": 2, "wait_days": 14, "country": "GB"}},
    jurisdiction="UK",
)
ONCE_AT_WORK = only({"kind": "frequency", "params": {"limit": 1, "days": 30, "place": "work"}})
SPACED = only({"kind": "spacing", "params": {"minutes": 90}})
EVENINGS = PreferenceFact(1, hours=("17:00-20:00",) * 7)
SHIFT_WORKER = PreferenceFact(1, hours=("22:00-06:00",) * 7)
NOT_ON_WEDNESDAYS = PreferenceFact(1, hours=("09:00-18:00", "09:00-18:00", "", *("09:00-18:00",) * 4))
BY_E_MAIL = PreferenceFact(1, media=("email",))
V = Vector


def papers(*dated: tuple[str, str]) -> dict[str, Any]:
    """An account with papers, each with the day on which it came or went."""
    return {"notices": tuple(NoticeFact(kind, date.fromisoformat(on)) for kind, on in dated)}


def stopped(channel: str = "") -> dict[str, Any]:
    return {"stops": (StopFact(1, channel, "wrong_content", date(2026, 4, 7)),)}


def represented(place: str, local: str, *dated: tuple[str, str], **differs: Any) -> ContactFacts:
    held = hold("representation", since=date(2026, 3, 1))
    return case(place, local, account=papers(*dated), **held, **differs)


def reached(clock: str, **differs: Any) -> tuple:
    """Somebody was reached today at a time on the clock of London."""
    return (past("2026-04-08", **{"reach": "connected", "at": at(f"2026-04-08 {clock}", LONDON), **differs}),)


VECTORS = [
    # Hours: both ends, half-hour zones, the clock set forward and back, split area codes, numbers that name no place.
    V("hours", "21:00:00 is within, a second later is not", case("US", "2026-04-08 21:00:00"), "allow"),
    V("hours", "a second after nine", case("US", "2026-04-08 21:00:01"), "refuse", "us-regf-hours",
      at("2026-04-09 08:00", EASTERN)),
    V("hours", "an Australian mobile with a Sydney address at 07:30",
      clued("AU", "2026-04-08 07:30", SYDNEY, addresses=[AddressClue("AU", "NSW", "2000", "Sydney")],
            numbers=[NumberClue("AU", "491570006", "mobile")]), "allow"),
    V("hours", "the same mobile without an address: Perth still sleeps",
      clued("AU", "2026-04-08 07:30", SYDNEY, numbers=[NumberClue("AU", "491570006", "mobile")]), "refuse",
      "au-hours-phone", at("2026-04-08 07:30", "Australia/Perth")),
    V("hours", "Adelaide is half an hour behind Sydney: 07:59 there is 07:29",
      case("AU", "2026-07-08 07:29", ADELAIDE), "refuse", "au-hours-phone", at("2026-07-08 07:30", ADELAIDE)),
    V("hours", "Adelaide at half past seven", case("AU", "2026-07-08 07:30", ADELAIDE), "allow"),
    V("hours", "Darwin keeps no summer time: 22:00 UTC is 07:30 in January", case("AU", "2026-01-08 07:30", DARWIN),
      "allow"),
    V("hours", "Adelaide and Darwin part in summer: Darwin still has 07:00",
      case("AU", "2026-01-08 08:00", ADELAIDE, party=party(ADELAIDE, DARWIN)), "refuse", "au-hours-phone",
      at("2026-01-08 07:30", DARWIN)),
    V("hours", "850 without an address asks Eastern and Central",
      clued("US", "2026-04-08 08:30", EASTERN, numbers=[NumberClue("US", "8505550101", "mobile")]), "refuse",
      "us-regf-hours", at("2026-04-08 08:00", CENTRAL)),
    V("hours", "850 with an address in Pensacola asks Central and the number's Eastern",
      clued("US", "2026-04-08 09:00", EASTERN, addresses=[AddressClue("US", "FL", "32501")],
            numbers=[NumberClue("US", "8505550101", "mobile")]), "allow"),
    V("hours", "an Eastern number and a Pacific home: from 11:00 Eastern",
      clued("US", "2026-04-08 10:59", EASTERN, addresses=[AddressClue("US", "CA")],
            numbers=[NumberClue("US", "2125550101")]), "refuse", "us-regf-hours", at("2026-04-08 11:00", EASTERN)),
    V("hours", "an Eastern mobile and a Mountain landline: from 10:00 Eastern",
      clued("US", "2026-04-08 09:59", EASTERN, numbers=[NumberClue("US", "2125550101", "mobile"),
                                                        NumberClue("US", "3035550101")]), "refuse", "us-regf-hours",
      at("2026-04-08 10:00", EASTERN)),
    V("hours", "and until 21:00 Eastern", case("US", "2026-04-08 21:01", party=party(EASTERN, MOUNTAIN)), "refuse",
      "us-regf-hours", at("2026-04-09 10:00", EASTERN)),
    V("hours", "the clock jumps over the opening: the window opens at the jump", case("US", "2026-03-08 01:00"),
      "refuse",
      "rule-0", at("2026-03-08 03:00", EASTERN), AFTER_TWO),
    V("hours", "the hour that comes twice opens once for its first minute", case("US", "2026-11-01 01:29"), "refuse",
      "rule-0", datetime.fromisoformat("2026-11-01T05:30:00+00:00"), NIGHT_SHIFT),
    V("hours", "spring in London: 07:59 summer time waits a minute", case("UK", "2026-03-29 07:59"), "needs_override",
      "uk-policy-hours", at("2026-03-29 08:00", LONDON)),
    V("hours", "autumn in Sydney, on the day the clock is set back", case("AU", "2026-04-05 08:59"), "refuse",
      "au-hours-phone", at("2026-04-05 09:00", SYDNEY)),
    V("hours", "29 February is a day like another", case("US", "2028-02-29 07:59"), "refuse", "us-regf-hours",
      at("2028-02-29 08:00", EASTERN)),
    V("hours", "messages are timed at sending", case("US", "2026-04-08 07:30", channel="text", consents=(AGREED,)),
      "refuse", "us-regf-hours-electronic", at("2026-04-08 08:00", EASTERN)),
    V("hours", "a letter knows no hours", case("US", "2026-04-08 03:00", channel="post", point=POST), "allow"),
    # Holidays, those at weekends among them.
    V("holidays", "Boxing Day 2026 is a Saturday", case("UK", "2026-12-26 12:00"), "needs_override",
      "uk-policy-bank-holidays", at("2026-12-27 08:00", LONDON)),
    V("holidays", "and its substitute the Monday after", case("UK", "2026-12-28 12:00"), "needs_override",
      "uk-policy-bank-holidays", at("2026-12-29 08:00", LONDON)),
    V("holidays", "Christmas 2027 is a Saturday in Australia, too", case("AU", "2027-12-25 12:00"), "needs_override",
      "au-holidays", None),
    V("holidays", "Independence Day in Mexico", case("MX", "2026-09-16 12:00"), "needs_override", "mx-holidays",
      at("2026-09-17 07:00", MONTERREY)),
    V("holidays", "the day ends by the person's own midnight", case("MX", "2026-09-17 07:00"), "allow"),
    V("holidays", "a holiday in one zone of two",
      case("AU", "2026-01-27 00:30", party=party(SYDNEY, "Australia/Perth"), channel="email", point=E_MAIL),
      "needs_override", "au-holidays", at("2026-01-27 00:00", "Australia/Perth")),
    V("holidays", "letters go out on holidays", case("AU", "2026-01-26 12:00", channel="post", point=POST), "allow"),
    # Frequency: the worked examples of Regulation F and the counts of the others.
    V("frequency", "seven calls from the 1st to the 7th: an eighth on the 7th",
      case("US", "2026-04-07 12:00", history=calls("2026-04-01", 7)), "refuse", "us-regf-7in7",
      at("2026-04-08 08:00", EASTERN)),
    V("frequency", "and on the 8th", case("US", NOON, history=calls("2026-04-01", 7)), "allow"),
    V("frequency", "seven calls on one day: free on day 8", case("US", "2026-04-07 12:00", history=calls("2026-04-01",
      7, 7)),
      "refuse", "us-regf-7in7", at("2026-04-08 08:00", EASTERN)),
    V("frequency", "two debts may mean fourteen calls",
      case("US", "2026-04-07 12:00", history=calls("2026-04-01", 7, account_ids=(101,))), "allow"),
    V("frequency", "unanswered calls about three debts count for each of them",
      case("US", "2026-04-07 12:00", history=calls("2026-04-01", 7, account_ids=(100, 101, 102))), "refuse",
      "us-regf-7in7"),
    V("frequency", "busy and not in service are not counted",
      case("US", "2026-04-07 12:00", history=calls("2026-04-01", 9, marks=("unconnected",))), "allow"),
    V("frequency", "nor calls to a number that proved wrong",
      case("US", "2026-04-07 12:00", history=calls("2026-04-01", 9, marks=("misdirected",))), "allow"),
    V("frequency", "nor calls to professionals",
      case("US", "2026-04-07 12:00", history=calls("2026-04-01", 9, marks=("professional",))), "allow"),
    V("frequency", "consent of the 4th of June covers the 10th", case(
        "US", "2026-06-10 12:00", history=calls("2026-06-04", 7), consents=(ConsentFact("call", date(2026, 6, 4)),)),
      "allow"),
    V("frequency", "and not the 11th", case(
        "US", "2026-06-11 12:00", history=calls("2026-06-05", 7), consents=(ConsentFact("call", date(2026, 6, 4)),)),
      "refuse", "us-regf-7in7"),
    V("frequency", "the calls of a person's other numbers are pooled",
      case("US", "2026-04-07 12:00", history=calls("2026-04-01", 7, point_id=9)), "refuse", "us-regf-7in7"),
    V("frequency", "calls to a location contact are counted for that person",
      case("US", "2026-04-07 12:00", history=calls("2026-04-01", 7, person_id=8)), "allow"),
    V("frequency", "Massachusetts: the third call or text in seven days", case(
        "US", "2026-04-07 12:00", account={"region": "MA"},
        history=(past("2026-04-01", id=1), past("2026-04-02", id=2, channel="text"))), "refuse", "us-ma-2in7",
      at("2026-04-08 08:00", EASTERN)),
    V("frequency", "Washington: by the week from Monday", case(
        "US", "2026-04-12 12:00", account={"region": "WA"}, history=calls("2026-04-06", 3, reach="connected",
      channel="email")),
      "refuse", "us-wa-3wk", at("2026-04-13 08:00", EASTERN)),
    V("frequency", "New York City, before its rule was law", case(
        "US", "2026-08-31 12:00", account={"region": "NY", "city": "QUEENS"}, history=calls("2026-08-29", 3,
      channel="email")),
      "allow"),
    V("frequency", "New York City since 1 September 2026", case(
        "US", "2026-09-01 12:00", account={"region": "NY", "city": "QUEENS"}, history=calls("2026-08-29", 3,
      channel="email")),
      "refuse", "us-nyc-3in7", at("2026-09-05 08:00", EASTERN)),
    V("frequency", "the District of Columbia: a fifth call", case(
        "US", "2026-04-04 12:00", account={"region": "DC"}, history=calls("2026-04-01", 4)), "refuse", "us-dc-4in7"),
    V("frequency", "Australia: ten in February of a leap year are free on 1 March, not before the 29th is over", case(
        "AU", "2028-02-29 12:00", history=calls("2028-02-01", 10, reach="connected", channel="email")),
      "needs_override",
      "au-freq-month", at("2028-03-01 07:30", SYDNEY)),
    V("frequency", "a window over 29 February", case("US", "2028-02-29 12:00", history=calls("2028-02-28", 1)),
      "refuse",
      "rule-0", at("2028-03-01 00:00", EASTERN), LEAP_CAP),
    # Cool-down.
    V("cool_down", "a talk that they began on 13 August: 20 August",
      case("US", "2026-08-19 12:00", history=(talk("2026-08-13", direction="in"),)), "refuse", "us-regf-7after-talk",
      at("2026-08-20 08:00", EASTERN)),
    V("cool_down", "a talk on 14 August: not on the 20th", case("US", "2026-08-20 20:59",
      history=(talk("2026-08-14"),)),
      "refuse", "us-regf-7after-talk", at("2026-08-21 08:00", EASTERN)),
    V("cool_down", "but on the 21st", case("US", "2026-08-21 08:00", history=(talk("2026-08-14"),)), "allow"),
    V("cool_down", "on the very day of the talk, too", case("US", "2026-08-14 18:00", history=(talk("2026-08-14"),)),
      "refuse", "us-regf-7after-talk"),
    V("cool_down", "a voicemail is no talk",
      case("US", "2026-08-15 12:00", history=(past("2026-08-14", reach="connected"),)), "allow"),
    V("cool_down", "a talk about another debt is another matter",
      case("US", "2026-08-15 12:00", history=(talk("2026-08-14", account_ids=(101,)),)), "allow"),
    V("cool_down", "over 29 February", case("US", "2028-02-28 12:00", history=(talk("2028-02-28"),)), "refuse",
      "rule-0",
      at("2028-03-01 00:00", EASTERN), LEAP),
    V("cool_down", "over 28 February of a common year", case("US", "2027-02-28 12:00", history=(talk("2027-02-28"),)),
      "refuse", "rule-0", at("2027-03-02 00:00", EASTERN), LEAP),
    V("cool_down", "the free day begins when it does in every zone",
      case("US", "2026-08-21 00:30", history=(talk("2026-08-14"),), party=party(EASTERN, PACIFIC)), "refuse",
      "us-regf-7after-talk", at("2026-08-21 11:00", EASTERN)),
    V("cool_down", "consent on the day of the talk covers seven days, that day being the first",
      case("US", "2026-08-20 12:00", history=(talk("2026-08-14"),), consents=(ConsentFact("call", date(2026, 8, 14)),)),
      "allow", packs=FORTNIGHT),
    V("cool_down", "and not the eighth",
      case("US", "2026-08-21 12:00", history=(talk("2026-08-14"),), consents=(ConsentFact("call", date(2026, 8, 14)),)),
      "refuse", "rule-0", at("2026-08-28 00:00", EASTERN), FORTNIGHT),
    # Consent.
    V("consent", "a text on the sixtieth day", case("US", "2026-05-31 12:00", channel="text", consents=(AGREED,)),
      "allow"),
    V("consent", "a text on the day after", case("US", "2026-06-01 12:00", channel="text", consents=(AGREED,)),
      "refuse",
      "us-regf-sms-basis"),
    V("consent", "given over 29 February", case("US", "2028-04-02 12:00", channel="text",
                                               consents=(ConsentFact("text", date(2028, 2, 2)),)), "allow"),
    V("consent", "revoked the same day", case("US", NOON, channel="text", consents=(
        replace(AGREED, revoked_on=date(2026, 4, 8)),)), "refuse", "us-regf-sms-basis"),
    V("consent", "given for another number", case("US", NOON, channel="text", consents=(
        replace(AGREED, point_id=9),)), "refuse", "us-regf-sms-basis"),
    V("consent", "what the creditor passed on is no ground for texts", case("US", NOON, channel="text",
      consents=(replace(AGREED, basis="creditor"),)), "refuse", "us-regf-sms-basis"),
    V("consent", "but for e-mail", case("US", NOON, channel="email", point=E_MAIL, consents=(
        ConsentFact("email", date(2025, 1, 1), basis="creditor"),)), "allow"),
    # Notice.
    *[V("notice", f"first contact on the 1st, no validation notice, on the {day}", case(
        "US", f"2026-04-0{day} 12:00", account={"first_contact_on": date(2026, 4, 1)}), verdict, rule)
      for day, verdict, rule in ((3, "allow", SILENT), (4, "warn", "us-regf-validation-3d"),
                                 (5, "warn", "us-regf-validation-3d"), (6, "refuse", "us-regf-validation-5d"))],
    V("notice", "sent on the last day", case("US", "2026-04-06 12:00", account={
        "first_contact_on": date(2026, 4, 1), "notices": (NoticeFact("validation", date(2026, 4, 6)),)}), "allow"),
    V("notice", "the notice itself may go out late", case("US", "2026-04-09 12:00", purpose="statutory_notice",
      channel="post",
      point=POST, account={"first_contact_on": date(2026, 4, 1)}), "allow"),
    V("notice", "before anything else", case("US", NOON), "refuse", "rule-0", None, NOTICE_FIRST),
    V("notice", "five days over 29 February", case("US", "2028-03-02 12:00", account={
        "first_contact_on": date(2028, 2, 26)}), "refuse", "us-regf-validation-5d"),
    # Limitation.
    V("limitation", "the day before", case("UK", NOON, account={"limitation_on": date(2026, 4, 9)}), "allow"),
    V("limitation", "the day itself", case("UK", "2026-04-09 12:00", account={"limitation_on": date(2026, 4, 9)}),
      "needs_override", "uk-limitation-ew-ni"),
    V("limitation", "Scotland", case("UK", "2026-04-09 12:00", account={"limitation_on": date(2026, 4, 9),
      "region": "SCT"}),
      "refuse", "uk-prescription-scot"),
    V("limitation", "New South Wales", case("AU", "2026-04-09 12:00", account={
        "limitation_on": date(2026, 4, 9), "region": "NSW"}), "refuse", "au-limitation-nsw"),
    V("limitation", "out of time since 29 February", case("MX", "2028-02-29 12:00", account={
        "limitation_on": date(2028, 2, 29)}), "needs_override", "mx-prescription"),
    V("limitation", "not yet on the 28th", case("MX", "2028-02-28 12:00", account={
        "limitation_on": date(2028, 2, 29)}), "allow"),
    V("limitation", "an unknown date forbids enforcement", case("US", NOON, purpose="enforcement",
      account={"limitation_on": None}), "refuse", "us-timebarred-enforcement"),
    V("limitation", "out of time in one zone of two", case("US", "2026-04-09 12:00", "Australia/Sydney",
      party=party("Australia/Sydney", EASTERN), purpose="enforcement", account={"limitation_on": date(2026, 4, 9)}),
      "refuse", "us-timebarred-enforcement"),
    # Third party, the one question of a location contact among them.
    V("third_party", "the debt is not spoken of", case("US", NOON, account={"role": "third_party"}), "refuse",
      "us-regf-third-party"),
    V("third_party", "where the customer is may be asked once", case("US", NOON, purpose="trace",
      account={"role": "third_party"}), "allow"),
    V("third_party", "and not again, a year later", case("US", "2027-04-08 12:00", purpose="trace", account={
        "role": "third_party"}, history=(past("2026-04-08", reach="connected", purpose="trace"),)), "refuse",
      "us-regf-location"),
    V("third_party", "a question that nobody answered was none", case("US", "2026-04-10 12:00", purpose="trace",
      account={
        "role": "third_party"}, history=(past("2026-04-08", purpose="trace"),)), "allow"),
    V("third_party", "a guarantor is a party", case("MX", NOON, account={"role": "guarantor"}), "allow"),
    V("third_party", "a spouse is not", case("AU", NOON, account={"role": "third_party"}), "refuse",
      "au-third-party"),
    V("third_party", "Mexico lets nobody be asked", case("MX", NOON, purpose="trace", account={
        "role": "third_party"}), "refuse", "mx-third-parties"),
    V("third_party", "a minor", case("MX", NOON, party=party(MONTERREY, minor=True)), "refuse", "mx-minors"),
    # Holds.
    V("hold", "breathing space", case("UK", NOON, **hold("breathing_space")), "refuse", "uk-bs-no-contact"),
    V("hold", "breathing space lets legal notices through", case("UK", NOON, purpose="statutory_notice",
      **hold("breathing_space", permitted=("statutory_notice", "reply"))), "allow"),
    V("hold", "a company has no breathing space of its own", case("UK", NOON,
      party=party(LONDON, kind="entity"), **hold("breathing_space")), "refuse", "firm-holds"),
    V("hold", "represented: the representative is contacted", case("AU", NOON, account={
        "role": "representative"}, **hold("representation")), "allow"),
    V("hold", "a pause lifts on 29 February", case("UK", "2028-02-28 12:00", **hold("pause", lifts_on=date(2028, 2,
      29))),
      "refuse", "firm-holds", at("2028-02-29 08:00", LONDON)),
    V("hold", "a dispute lifts by no date", case("US", NOON, **hold("dispute")), "refuse", "us-regf-dispute"),
    V("hold", "a dispute about part of the amount leaves the rest", case("US", NOON,
      **hold("dispute", scope="amount", target_id=100)), "allow"),
    V("hold", "bankruptcy", case("US", NOON, **hold("insolvency")), "refuse", "us-bankruptcy-stay"),
    # Opt-out.
    V("opt_out", "of calls", case("UK", NOON, opt_outs=(OptOutFact("call", date(2026, 4, 1)),)), "refuse",
      "firm-opt-out"),
    V("opt_out", "of calls leaves e-mail", case("UK", NOON, channel="email", point=E_MAIL, opt_outs=(
        OptOutFact("call", date(2026, 4, 1)),)), "allow"),
    V("opt_out", "of one number leaves the others", case("UK", NOON, opt_outs=(
        OptOutFact("call", date(2026, 4, 1), 9),)), "allow"),
    V("opt_out", "of an address covers every debt", case("US", NOON, account={"id": 555}, opt_outs=(
        OptOutFact("call", date(2026, 4, 1), 1),)), "refuse", "us-regf-medium-optout"),
    V("opt_out", "is confirmed once", case("US", NOON, purpose="confirmation", opt_outs=(
        OptOutFact("call", date(2026, 4, 1)),)), "allow"),
    V("opt_out", "still answers whoever asks by that medium", case("US", NOON, purpose="reply", opt_outs=(
        OptOutFact("call", date(2026, 4, 1)),), history=(past("2026-04-07", direction="in", marks=("asks",)),)),
      "allow"),
    # Place.
    V("place", "at work, where the employer forbids it", case("US", NOON, point=PointFact(
        1, work=True, employer_forbids=True)), "refuse", "us-regf-workplace"),
    V("place", "at work, where nobody said so", case("US", NOON, point=PointFact(1, work=True)), "allow"),
    V("place", "an e-mail address of the employer", case("US", NOON, channel="email", point=replace(
        E_MAIL, work=True), consents=(ConsentFact("email", date(2026, 4, 1)),)), "refuse", "us-regf-work-email"),
    V("place", "a letter to work, where it is forbidden", case("US", NOON, channel="post", point=replace(
        POST, work=True, employer_forbids=True)), "refuse", "us-regf-workplace"),
    V("place", "a creditor's own debt knows no such rule", case("US", NOON, account={
        "capacity": "original_creditor"}, point=PointFact(1, work=True, employer_forbids=True)), "allow"),
    # Language.
    V("language", "Spanish to whoever reads English", case("UK", NOON, language="es-mx"), "warn",
      "firm-language"),
    V("language", "another kind of English", case("UK", NOON, language="en-GB"), "allow"),
    V("language", "an unknown language is taken as right", case("UK", NOON, party=party(
        LONDON, language=""), language="es"), "allow"),
    V("language", "written English in Mexico", case("MX", NOON, channel="email", point=E_MAIL,
      language="en"), "warn", "mx-spanish"),
    V("language", "spoken English in Mexico, to whoever speaks it", case("MX", NOON, language="en"), "allow"),
    # Reply.
    V("reply", "asked yesterday", case("UK", NOON, purpose="reply", history=(
        past("2026-04-07", direction="in", marks=("asks",)),)), "allow"),
    V("reply", "asked on the 1st, on the fourteenth day", case("UK", "2026-04-14 12:00", purpose="reply", history=(
        past("2026-04-01", direction="in", marks=("asks",)),)), "allow"),
    V("reply", "and on the fifteenth", case("UK", "2026-04-15 12:00", purpose="reply", history=(
        past("2026-04-01", direction="in", marks=("asks",)),)), "refuse", "firm-reply"),
    V("reply", "answered already", case("UK", NOON, purpose="reply", history=(
        past("2026-04-07", id=1, direction="in", marks=("asks",)),
        past("2026-04-07", id=2, purpose="reply", reach="connected"))), "refuse", "firm-reply"),
    V("reply", "nobody asked", case("UK", NOON, purpose="reply"), "refuse", "firm-reply"),
    V("reply", "a call that they asked for, a minute early", case("UK", "2026-04-08 11:59", purpose="reply", account={
        "callback_at": at(NOON, LONDON)}), "refuse", "firm-reply", at(NOON, LONDON)),
    # Who collects.
    *[V("standing", f"{standing}, {purpose}", case("UK", NOON, purpose=purpose, account={
        "standing": standing}), verdict, rule)
      for standing, purpose, verdict, rule in (
          ("paid", "demand", "refuse", "firm-closed"), ("recalled", "reminder", "refuse", "firm-closed"),
          ("placed_out", "demand", "refuse", "firm-placed-out"), ("enforcement", "demand", "refuse",
      "firm-enforcement"),
          ("enforcement", "trace", "allow", SILENT), ("paid", "confirmation", "allow", SILENT))],
    # Verification.
    V("verification", "the debt named on the phone", case("UK", NOON, disclosing=True), "refuse",
      "uk-conc-verify"),
    V("verification", "after verification", case("UK", NOON, disclosing=True, verified=True), "allow"),
    V("verification", "in every contact in Australia", case("AU", NOON, disclosing=True), "refuse",
      "au-verify-identity"),
    V("verification", "nothing is named", case("AU", NOON), "allow"),
    V("verification", "in writing to an address not verified", case("UK", NOON, channel="email",
      point=replace(E_MAIL, status="unverified"), disclosing=True), "warn", "firm-unverified-address"),
    V("verification", "in writing to a verified one", case("UK", NOON, channel="email", point=E_MAIL,
      disclosing=True), "allow"),
    # Number or address.
    *[V("contact_point", name, case("UK", NOON, channel=channel, point=point), verdict, rule)
      for name, channel, point, verdict, rule in (
          ("none", "call", None, "refuse", "firm-contact-point"),
          ("dead", "call", PointFact(1, status="dead"), "refuse", "firm-contact-point"),
          ("somebody else's", "call", PointFact(1, status="wrong_party"), "refuse", "firm-contact-point"),
          ("another person's", "call", PointFact(1, belongs=False), "refuse", "firm-contact-point"),
          ("a call to an e-mail address", "call", E_MAIL, "refuse", "firm-contact-point"),
          ("a text to a toll-free number", "text", PointFact(1, number_kind="toll_free"), "refuse",
      "firm-contact-point"),
          ("not verified yet", "call", PointFact(1, status="unverified"), "allow", SILENT))],
    # Time zone.
    *[V("zone", f"nowhere, by {channel}", case("UK", NOON, channel=channel, point=point, party=PartyFact(7, 7),
        consents=(ConsentFact("whatsapp", date(2026, 4, 1)),)), verdict, rule)
      for channel, point, verdict, rule in (
          ("call", PointFact(1), "refuse", "firm-zone"), ("text", PointFact(1), "refuse", "firm-zone"),
          ("email", E_MAIL, "refuse", "firm-zone"), ("whatsapp", WHATSAPP, "refuse", "firm-zone"),
          ("post", POST, "allow", SILENT))],
    # Waited-out notices, counts of a place.
    V("notice", "sent, two business days and fourteen more", case("UK", "2026-04-07 23:59",
      account=papers(("default", "2026-03-20"))), "refuse", "rule-0", at("2026-04-08 00:00", LONDON), WAITED_OUT),
    V("notice", "and on the day after the last", case("UK", "2026-04-08 00:00", account=papers(
        ("default", "2026-03-20"))), "allow", packs=WAITED_OUT),
    V("notice", "sent again: its time begins anew", case("UK", NOON, account=papers(
        ("default", "2026-03-20"), ("default", "2026-04-01"))), "refuse", "rule-0", None, WAITED_OUT),
    V("frequency", "a second call at work", case("US", NOON, point=PointFact(1, work=True), history=(
        past("2026-04-01", marks=("work",)),)), "refuse", "rule-0", at("2026-05-01 00:00", EASTERN), ONCE_AT_WORK),
    V("frequency", "a call at home is not counted with those at work", case("US", NOON, point=PointFact(1, work=True),
      history=(past("2026-04-01"),)), "allow", packs=ONCE_AT_WORK),
    V("frequency", "nor judged by them", case("US", NOON, history=(past("2026-04-01", marks=("work",)),)), "allow",
      packs=ONCE_AT_WORK),
    # What the person asked for themselves.
    V("preference", "evenings only, at noon", case("UK", NOON, preferences=(EVENINGS,)), "refuse",
      "uk-conc-reasonable-times", at("2026-04-08 17:00", LONDON)),
    V("preference", "evenings only, at their beginning", case("UK", "2026-04-08 17:00", preferences=(EVENINGS,)),
      "allow"),
    V("preference", "a second after their end", case("UK", "2026-04-08 20:00:01", preferences=(EVENINGS,)), "refuse",
      "uk-conc-reasonable-times", at("2026-04-09 17:00", LONDON)),
    V("preference", "never on Wednesdays", case("UK", NOON, preferences=(NOT_ON_WEDNESDAYS,)), "refuse",
      "uk-conc-reasonable-times", at("2026-04-09 09:00", LONDON)),
    V("preference", "hours that run past midnight are kept, ours are not", case("UK", "2026-04-08 23:00",
      channel="email", point=E_MAIL, preferences=(SHIFT_WORKER,)), "needs_override"),
    V("preference", "a wish of yesterday's last day", case("UK", NOON, preferences=(
        replace(EVENINGS, until_on=date(2026, 4, 7)),)), "allow"),
    V("preference", "a wish that begins tomorrow", case("UK", NOON, preferences=(
        replace(EVENINGS, from_on=date(2026, 4, 9)),)), "allow"),
    V("preference", "of texts leaves calls", case("UK", NOON, preferences=(replace(EVENINGS, channel="text"),)),
      "allow"),
    V("preference", "another medium, whatever the hour", case("UK", NOON, preferences=(BY_E_MAIL,)), "refuse",
      "uk-conc-reasonable-times"),
    V("preference", "the medium they asked for", case("UK", NOON, channel="email", point=E_MAIL, preferences=(
        BY_E_MAIL,)), "allow"),
    V("preference", "not at work", case("UK", NOON, point=PointFact(1, work=True), preferences=(
        PreferenceFact(1, not_at_work=True),)), "refuse", "uk-conc-reasonable-times"),
    V("preference", "a letter has no hour", case("UK", NOON, channel="post", point=POST, preferences=(EVENINGS,)),
      "allow"),
    V("preference", "Australia: a manager may decide", case("AU", NOON, preferences=(EVENINGS,)), "needs_override",
      "au-preference", at("2026-04-08 17:00", SYDNEY)),
    V("preference", "whoever rings outside them is answered", case("US", NOON, purpose="reply", preferences=(EVENINGS,),
      history=(past("2026-04-07", direction="in", marks=("asks",)),)), "allow"),
    V("preference", "but not by another medium than theirs", case("US", NOON, purpose="reply", preferences=(EVENINGS,),
      history=(past("2026-04-07", channel="email", direction="in", marks=("asks",)),)), "refuse",
      "us-regf-inconvenient"),
    # Emergency stop.
    V("stop", "of everything", case("UK", NOON, account=stopped()), "refuse", "emergency-stop"),
    V("stop", "of calls", case("US", NOON, account=stopped("call")), "refuse", "emergency-stop"),
    V("stop", "of texts leaves calls", case("US", NOON, account=stopped("text")), "allow"),
    V("stop", "of everything stops letters", case("AU", NOON, channel="post", point=POST, account=stopped()), "refuse",
      "emergency-stop"),
    V("stop", "of everything stops legal notices", case("MX", NOON, purpose="statutory_notice", account=stopped()),
      "refuse", "emergency-stop"),
    V("stop", "nobody who rings us is turned away", case("UK", NOON, purpose="inbound", account=stopped()), "allow"),
    # What a message must say.
    *[V("disclosure", f"a text in the United States: {name}", case("US", NOON, channel="text", consents=(AGREED,),
        elements=elements), verdict, rule)
      for name, elements, verdict, rule in (
          ("no words yet", None, "allow", SILENT), ("nothing of it", (), "refuse", "us-regf-mini-miranda"),
          ("no way out", ("disclosure",), "refuse", "us-regf-eoptout-notice"),
          ("who writes is not said", ("opt_out",), "refuse", "us-regf-mini-miranda"),
          ("all of it", ("opt_out", "disclosure"), "allow", SILENT))],
    V("disclosure", "Mexico: without the creditor", case("MX", NOON, channel="email", point=E_MAIL, elements=(
        "reference", "disclosure")), "refuse", "mx-identify-first"),
    V("disclosure", "Mexico: whole", case("MX", NOON, channel="email", point=E_MAIL, elements=(
        "creditor", "reference", "disclosure")), "allow"),
    V("disclosure", "no such rule in the United Kingdom", case("UK", NOON, channel="email", point=E_MAIL, elements=()),
      "allow"),
    # Representation.
    V("representation", "the person", represented("UK", NOON), "refuse", "firm-represented"),
    V("representation", "the representative", case("UK", NOON, account={"role": "representative"},
      **hold("representation")), "allow"),
    V("representation", "silence without a warning", represented("AU", NOON, ("representative_asked", "2026-03-02")),
      "refuse", "au-rep"),
    V("representation", "warned on the seventh day: too early", represented("AU", NOON, (
        "representative_asked", "2026-03-20"), ("representative_warned", "2026-03-27")), "refuse", "au-rep"),
    V("representation", "warned on the eighth and waited out", represented("AU", NOON, (
        "representative_asked", "2026-03-20"), ("representative_warned", "2026-03-28")), "allow"),
    V("representation", "warned a week ago today", represented("AU", NOON, (
        "representative_asked", "2026-03-20"), ("representative_warned", "2026-04-01")), "refuse", "au-rep",
      at("2026-04-09 07:30", SYDNEY)),
    V("representation", "the representative answered", represented("AU", NOON, (
        "representative_asked", "2026-03-10"), ("representative_warned", "2026-03-20"),
        ("representative_answered", "2026-03-25")), "refuse", "au-rep"),
    V("representation", "an attorney silent for thirty days, on the last", represented("US", "2026-04-07 12:00", (
        "representative_asked", "2026-03-08"), ("representative_warned", "2026-03-20")), "refuse", "us-regf-attorney",
      at("2026-04-08 08:00", EASTERN)),
    V("representation", "and on the day after", represented("US", NOON, (
        "representative_asked", "2026-03-08"), ("representative_warned", "2026-03-20")), "allow"),
    V("representation", "the person asks for direct contact", represented("UK", NOON, (
        "direct_contact_asked", "2026-04-08")), "allow"),
    V("representation", "a wish older than the representation", represented("UK", NOON, (
        "direct_contact_asked", "2026-02-28")), "refuse", "firm-represented"),
    # Requests: the validation period of 2 March is five business days and thirty more, until 8 April.
    V("request", "a dispute on the last day of its time", case("US", NOON, account=papers(
        ("validation", "2026-03-02"), ("dispute_received", "2026-04-08"))), "refuse", "us-regf-dispute-written"),
    V("request", "and a day late", case("US", "2026-04-09 12:00", account=papers(
        ("validation", "2026-03-02"), ("dispute_received", "2026-04-09"))), "allow"),
    V("request", "in time and not yet answered, long after", case("US", NOON, account=papers(
        ("validation", "2026-01-05"), ("dispute_received", "2026-01-20"))), "refuse", "us-regf-dispute-written"),
    V("request", "answered", case("US", NOON, account=papers(("validation", "2026-01-05"), (
        "dispute_received", "2026-01-20"), ("verification_sent", "2026-02-10"))), "allow"),
    V("request", "asked again after the answer", case("US", NOON, account=papers(("validation", "2026-01-05"), (
        "dispute_received", "2026-01-20"), ("verification_sent", "2026-02-10"), ("dispute_received", "2026-02-11"))),
      "refuse", "us-regf-dispute-written"),
    V("request", "no notice, no end of its time", case("US", NOON, account=papers(("dispute_received", "2025-06-02"))),
      "refuse", "us-regf-dispute-written"),
    V("request", "the answer to another request", case("US", NOON, account=papers(("validation", "2026-01-05"), (
        "original_creditor_request", "2026-01-20"), ("verification_sent", "2026-02-10"))), "refuse",
      "us-regf-orig-creditor"),
    V("request", "where the customer is may be asked all the same", case("US", NOON, purpose="trace", account=papers(
        ("dispute_received", "2026-04-01"))), "allow"),
    # Spacing.
    V("spacing", "half an hour after a call that reached somebody", case("UK", NOON, history=reached("11:30")), "warn",
      "firm-spacing"),
    V("spacing", "a second less than an hour", case("UK", NOON, history=reached("11:00:01")), "warn", "firm-spacing"),
    V("spacing", "an hour", case("UK", NOON, history=reached("11:00")), "allow"),
    V("spacing", "a call that reached nobody", case("UK", NOON, history=reached("11:59", reach="attempt")), "allow"),
    V("spacing", "an e-mail is no call", case("UK", NOON, history=reached("11:59", channel="email")), "allow"),
    V("spacing", "a call to somebody else", case("UK", NOON, history=reached("11:59", person_id=8)), "allow"),
    V("spacing", "a call about another debt of theirs", case("UK", NOON, history=reached("11:59", account_ids=(101,))),
      "warn", "firm-spacing"),
    V("spacing", "over midnight", case("US", "2026-04-09 00:30", history=(past("2026-04-08", reach="connected",
      at=at("2026-04-08 23:30", EASTERN)),)), "refuse", "rule-0", at("2026-04-09 01:00", EASTERN), SPACED),
    V("spacing", "minutes go by the instant when the clock is set forward", case("US", "2026-03-08 03:10", history=(
        past("2026-03-08", reach="connected", at=at("2026-03-08 01:50", EASTERN)),)), "refuse", "rule-0",
      at("2026-03-08 04:20", EASTERN), SPACED),
]  # fmt: skip


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v.kind}: {v.name}")
def test_the_answer_is_as_given(vector):
    packs = vector.packs or shipped_packs()

    decision = decide(vector.facts, packs)

    spoke = [rule for rule in decision.rules if packs.rule(rule).kind == vector.kind]
    assert decision.verdict == vector.verdict, decision.rules
    assert vector.rule in spoke if vector.rule else spoke == []
    if vector.next_at:
        assert decision.next_allowed_at == vector.next_at


def test_every_kind_of_rule_has_at_least_five():
    counted = Counter(vector.kind for vector in VECTORS)

    assert set(counted) == set(KINDS)
    assert [kind for kind, count in counted.items() if count < 5] == []


def test_each_has_its_own_name():
    named = Counter((vector.kind, vector.name) for vector in VECTORS)

    assert [name for name, count in named.items() if count > 1] == []
