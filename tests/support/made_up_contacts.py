"""Contacts made up by hypothesis: every country, channel, purpose and role, with holds, consents, wishes, stops, papers
and a history.

They stand around the days on which clocks change, on holidays and on 29 February.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from communications.policy.facts import (
    CHANNELS,
    ELEMENTS,
    OUTBOUND_PURPOSES,
    REACHES,
    STOP_CAUSES,
    AccountFact,
    ConsentFact,
    ContactFacts,
    HoldFact,
    NoticeFact,
    OptOutFact,
    PartyFact,
    PastContact,
    PointFact,
    PreferenceFact,
    StopFact,
    ZoneFact,
)
from communications.policy.wording import words
from tests.support.policy_facts import PERSON

ZONES = [
    "America/New_York", "America/Chicago", "America/Los_Angeles", "Europe/London", "Australia/Sydney",
    "Australia/Adelaide", "Australia/Darwin", "Australia/Lord_Howe", "America/Monterrey", "America/Tijuana",
    "America/Phoenix", "America/Cancun",
]  # fmt: skip
# Changes of the clock both ways, leap days, the turns of months and years, holidays at weekends.
EDGES = [
    date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5), date(2026, 10, 4), date(2026, 10, 25), date(2026, 11, 1),
    date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1), date(2027, 2, 28), date(2026, 12, 31), date(2027, 1, 1),
    date(2026, 12, 26), date(2027, 12, 25), date(2026, 4, 3), date(2026, 9, 16), date(2026, 1, 26), date(2026, 6, 10),
]  # fmt: skip
NOTICES = [kind for kind in words("notice") if kind != "none"]
WINDOWS = ["", "08:00-12:00", "17:00-24:00", "22:00-06:00", "00:00-24:00"]
HOLDS = [kind for kind in words("hold") if kind != "none"]
PLACES = {"UK": ["", "SCT"], "US": ["", "MA", "WA", "DC", "NY"], "MX": ["", "CMX"], "AU": ["", "NSW"]}
SOURCES = ["statement", "address", "number", "country", "record"]
POINTS = {"call": "phone", "text": "phone", "email": "email", "whatsapp": "whatsapp", "post": "post"}
MARKS = ["unconnected", "misdirected", "consented", "requested", "professional", "work", "asks"]

instants = st.builds(
    lambda day, seconds: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=seconds),
    st.sampled_from(EDGES),
    st.one_of(st.integers(-48 * 4, 48 * 4).map(lambda quarters: quarters * 900), st.integers(-172_800, 172_800)),
)
zones = st.lists(st.sampled_from(ZONES), max_size=3, unique=True).flatmap(
    lambda names: st.tuples(*(st.builds(ZoneFact, st.just(name), st.sampled_from(SOURCES)) for name in names))
)


def near(day: date, back: int, ahead: int = 0):
    return st.integers(-back, ahead).map(lambda days: day + timedelta(days=days))


weeks = st.one_of(st.just(()), st.tuples(*[st.sampled_from(WINDOWS)] * 7))


@st.composite
def stops(draw, day: date, number: int = 1) -> StopFact:
    since = draw(near(day, 3))
    return StopFact(number, draw(st.sampled_from(["", *CHANNELS])), draw(st.sampled_from(STOP_CAUSES)), since)


@st.composite
def preferences(draw, day: date, number: int = 1) -> PreferenceFact:
    return PreferenceFact(
        id=number,
        channel=draw(st.sampled_from(["", "", *CHANNELS])),
        point_id=draw(st.sampled_from([None, None, 1, 2])),
        hours=draw(weeks),
        media=tuple(draw(st.lists(st.sampled_from(CHANNELS), max_size=2, unique=True))),
        not_at_work=draw(st.booleans()),
        from_on=draw(st.one_of(st.none(), near(day, 3, 3))),
        until_on=draw(st.one_of(st.none(), near(day, 3, 5))),
    )


@st.composite
def accounts(draw, day: date, jurisdictions: list[str], number: int) -> AccountFact:
    place = draw(st.sampled_from(jurisdictions))
    notices = st.builds(NoticeFact, st.sampled_from(NOTICES), near(day, 40))
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return AccountFact(
        id=100 + number,
        jurisdiction=place,
        capacity=draw(st.sampled_from(["original_creditor", "servicer", "third_party_collector", "debt_buyer"])),
        debt_purpose=draw(st.sampled_from(["consumer", "consumer", "commercial"])),
        role=draw(st.sampled_from(["primary", "primary", "guarantor", "representative", "third_party", ""])),
        region=draw(st.sampled_from(PLACES[place])),
        city=draw(st.sampled_from(["", "BROOKLYN"])),
        product=draw(st.sampled_from(["loan", "mca"])),
        regulated=draw(st.booleans()),
        limitation_on=draw(st.one_of(st.none(), near(day, 3, 3), st.just(date(2040, 1, 1)))),
        first_contact_on=draw(st.one_of(st.none(), near(day, 8))),
        notices=tuple(draw(st.lists(notices, max_size=3))),
        standing=draw(st.sampled_from(["", "", "", "paid", "placed_out", "enforcement"])),
        callback_at=draw(st.sampled_from([None, None, noon])),
        natural=draw(st.booleans()),
        band=draw(st.sampled_from(["", "upto_500k", "over_500k"])),
        opened_on=draw(st.sampled_from([None, date(2025, 6, 30), date(2025, 7, 1)])),
        stops=(draw(stops(day, number)),) if draw(st.integers(0, 4)) == 0 else (),
    )


@st.composite
def holds(draw, day: date, number: int = 1) -> HoldFact:
    scope = draw(st.sampled_from(["person", "account", "contact_point", "channel", "amount"]))
    return HoldFact(
        id=number,
        kind=draw(st.sampled_from(HOLDS)),
        scope=scope,
        target_id={"person": PERSON, "contact_point": 1}.get(scope, draw(st.sampled_from([100, 101]))),
        channel=draw(st.sampled_from(["", "call"])) if scope == "channel" else "",
        permitted=tuple(draw(st.lists(st.sampled_from(OUTBOUND_PURPOSES), max_size=3, unique=True))),
        lifts_on=draw(st.one_of(st.none(), near(day, 1, 4))),
        since=draw(st.one_of(st.none(), near(day, 40))),
        joint_accounts=draw(st.sampled_from([(), (), (100,)])),
    )


@st.composite
def opt_outs(draw, day: date) -> OptOutFact:
    return OptOutFact(draw(st.sampled_from(CHANNELS)), draw(near(day, 30)), draw(st.sampled_from([None, 1, 2])))


@st.composite
def consents(draw, day: date) -> ConsentFact:
    return ConsentFact(
        channel=draw(st.sampled_from(CHANNELS)),
        given_on=draw(near(day, 65)),
        point_id=draw(st.sampled_from([None, 1])),
        account_ids=draw(st.sampled_from([(), (100,), (101,)])),
        basis=draw(st.sampled_from(["given", "used", "creditor"])),
        until=draw(st.one_of(st.none(), near(day, 3, 3))),
        revoked_on=draw(st.one_of(st.none(), st.none(), near(day, 3))),
    )


@st.composite
def earlier(draw, day: date, number: int) -> PastContact:
    on = draw(near(day, 9))
    return PastContact(
        id=number,
        person_id=draw(st.sampled_from([PERSON, PERSON, PERSON, 8])),
        channel=draw(st.sampled_from([*CHANNELS, "call", "call"])),
        on=on,
        reach=draw(st.sampled_from(REACHES)),
        account_ids=draw(st.sampled_from([(100,), (101,), (100, 101)])),
        direction=draw(st.sampled_from(["out", "out", "in"])),
        point_id=draw(st.sampled_from([1, 2])),
        purpose=draw(st.sampled_from(OUTBOUND_PURPOSES)),
        marks=tuple(draw(st.lists(st.sampled_from(MARKS), max_size=1))),
        at=draw(st.sampled_from([None, datetime(on.year, on.month, on.day, 15, tzinfo=UTC)])),
    )


@st.composite
def made_up_contacts(draw, jurisdictions=("UK", "US", "MX", "AU"), most: int = 10) -> ContactFacts:
    """Any outbound contact that the gate may be asked about."""
    when = draw(instants)
    day, channel = when.date(), draw(st.sampled_from([*CHANNELS, "call", "call"]))
    return ContactFacts(
        at=when,
        channel=channel,
        purpose=draw(st.sampled_from([*OUTBOUND_PURPOSES, "demand", "demand"])),
        party=PartyFact(
            id=PERSON,
            person_id=PERSON,
            kind=draw(st.sampled_from(["consumer", "sole_trader", "guarantor", "entity"])),
            language=draw(st.sampled_from(["", "en", "es-mx"])),
            zones=draw(zones),
            minor=draw(st.integers(0, 9)) == 0,
            elder=draw(st.integers(0, 4)) == 0,
        ),
        accounts=tuple(draw(accounts(day, list(jurisdictions), n)) for n in range(draw(st.integers(1, 2)))),
        point=draw(
            st.one_of(
                st.builds(
                    PointFact,
                    st.just(1),
                    st.just(POINTS[channel]),
                    st.sampled_from(["verified", "verified", "unverified", "dead"]),
                    work=st.booleans(),
                    employer_forbids=st.booleans(),
                    belongs=st.sampled_from([True, True, True, False]),
                    work_hours=weeks,
                ),
                st.just(PointFact(1, POINTS[channel])),
            )
        ),
        holds=tuple(draw(holds(day, n)) for n in range(draw(st.sampled_from([0, 0, 1, 2])))),
        consents=tuple(draw(st.lists(consents(day), max_size=3))),
        opt_outs=tuple(draw(st.lists(opt_outs(day), max_size=1))),
        history=tuple(draw(earlier(day, n)) for n in range(draw(st.integers(0, most)))),
        verified=draw(st.booleans()),
        disclosing=draw(st.booleans()),
        language=draw(st.sampled_from(["", "en", "es"])),
        elements=draw(st.one_of(st.none(), st.lists(st.sampled_from(ELEMENTS), unique=True).map(tuple))),
        preferences=tuple(draw(preferences(day, n)) for n in range(draw(st.sampled_from([0, 0, 1, 2])))),
    )
