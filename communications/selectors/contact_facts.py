"""Gathers the facts of a contact for the gate: everything that a rule may look at, read in four queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers

from accounts.foundation.regions import plain_place, region_of
from accounts.models import OURS_TO_COLLECT, OWES, USABLE, PartyRole
from accounts.models.portfolio import COUNTRY_OF
from communications.models import ContactState, Reached
from communications.policy import decoding
from communications.policy.facts import (
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
from communications.policy.pack import PackSet
from communications.policy.zones import AddressClue, NumberClue, zones_of
from communications.selectors.contact_ground import Ground, load_ground

KIND_OF_CHANNEL = {"call": "phone", "text": "phone", "email": "email", "whatsapp": "whatsapp", "post": "post"}
FULL_AGE = 18
OLD_AGE = 60
# Up to how much owed in all a law treats a business like a consumer: California, Civil Code 1788.2 (SB 1286).
LINE = 500_000


@dataclass(frozen=True, slots=True)
class ContactRequest:
    """A contact that somebody would like to make."""

    account_ids: tuple[int, ...]
    party_id: int
    contact_point_id: int
    channel: str
    purpose: str
    verified: bool = False
    disclosing: bool = False
    language: str = ""
    elements: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts of one request and the packs that rule at its instant. `asked` is the party's own row of the ground."""

    facts: ContactFacts
    packs: PackSet
    asked: dict[str, Any] = field(default_factory=dict)

    @property
    def points(self) -> list[PointFact]:
        """Every number and address of the party that is asked about."""
        return [_point_of(self.asked, row) for row in self.asked["points"]]


def gather(request: ContactRequest, *, now: datetime) -> Gathered:
    """The facts of one contact, in four queries. KeyError when an account or party does not exist."""
    return gather_many([request], now=now)[0]


def gather_many(requests: Sequence[ContactRequest], *, now: datetime) -> list[Gathered]:
    """The facts of many contacts, in the same four queries."""
    account_ids = {account_id for request in requests for account_id in request.account_ids}
    ground = load_ground(account_ids, {request.party_id for request in requests}, now)
    return [Gathered(_facts(r, ground, now), ground.packs, ground.people[r.party_id]) for r in requests]


def _facts(request: ContactRequest, ground: Ground, now: datetime) -> ContactFacts:
    person_id = ground.person_of(request.party_id)
    parties = ground.parties_of(person_id)
    points = [point for party in parties for point in party["points"]]
    country = COUNTRY_OF[ground.accounts[request.account_ids[0]]["jurisdiction"]]
    zones = _zones(parties, points, country)
    agreed = [(point, consent) for point in points for consent in point["consents"]]
    accounts = tuple(_account(ground.accounts[pk], person_id, points, zones) for pk in request.account_ids)
    return ContactFacts(
        at=now,
        channel=request.channel,
        purpose=request.purpose,
        party=_party(ground.people[request.party_id], accounts, zones, now),
        accounts=accounts,
        point=_point(request, parties),
        holds=tuple(_hold(row) for row in ground.holds_on(person_id, request.account_ids)),
        consents=tuple(_consent(point, row, zones) for point, row in agreed if not row["opted_out"]),
        opt_outs=tuple(_opt_out(point, row, zones) for point, row in agreed if _refuses(row, now)),
        history=tuple(_past(row) for row in ground.history_of(person_id, request.account_ids)),
        verified=request.verified,
        disclosing=request.disclosing,
        language=request.language,
        elements=request.elements,
        preferences=tuple(_preference(row) for party in parties for row in party["preferences"]),
    )


def _party(
    row: dict[str, Any], accounts: Sequence[AccountFact], zones: tuple[ZoneFact, ...], now: datetime
) -> PartyFact:
    guarantees = any(account.role == "guarantor" for account in accounts) and row["kind"] != "entity"
    age = _age(row["birth_date"], now.date())
    return PartyFact(
        id=row["id"],
        person_id=row["person_id"],
        kind="guarantor" if guarantees else row["kind"],
        language=row["language"],
        zones=zones,
        minor=age is not None and age < FULL_AGE,
        elder=age is not None and age >= OLD_AGE,
    )


def _age(born: date | None, today: date) -> int | None:
    return (today.year - born.year) - ((today.month, today.day) < (born.month, born.day)) if born else None


def _zones(parties: list[dict[str, Any]], points: list[dict[str, Any]], country: str) -> tuple[ZoneFact, ...]:
    """Every zone the person's usable addresses, numbers and statements suggest. An address without a country lies in
    that of the account."""
    usable = [point for point in points if point["status"] in USABLE]
    found = zones_of(
        addresses=[
            AddressClue(point["country"] or country, point["region"], point["postcode"], point["city"])
            for point in usable
            if point["kind"] == "post"
        ],
        numbers=[number_clue(p["value"], p["line_type"]) for p in usable if p["kind"] in ("phone", "whatsapp")],
        stated=[party["stated_zone"] for party in parties if party["stated_zone"]],
    )
    known = {fact.zone for fact in found}
    kept = [ZoneFact(zone, "record", point["kind"]) for point in usable for zone in point["zones"] or ()]
    return found + tuple({fact.zone: fact for fact in kept if fact.zone not in known}.values())


def number_clue(e164: str, line_type: str) -> NumberClue:
    """What a phone number in E.164 says of the place of its holder."""
    country, calling_code = _block(e164[:-LAST_DIGITS])
    return NumberClue(country, e164[1 + len(calling_code) :], line_type)


# Numbering plans give out numbers by the block: the last three digits never decide the country.
LAST_DIGITS = 3


@lru_cache(maxsize=50_000)
def _block(beginning: str) -> tuple[str, str]:
    """Country and calling code of the numbers that begin so: a large book has far fewer blocks than numbers."""
    number = phonenumbers.parse(beginning + "0" * LAST_DIGITS)
    calling_code = number.country_code or 0
    country = phonenumbers.region_code_for_number(number) or phonenumbers.region_code_for_country_code(calling_code)
    return country, str(calling_code)


def _point(request: ContactRequest, parties: list[dict[str, Any]]) -> PointFact:
    for party in parties:
        for row in party["points"]:
            if row["id"] == request.contact_point_id:
                return _point_of(party, row)
    return PointFact(request.contact_point_id, KIND_OF_CHANNEL[request.channel], belongs=False)


def _point_of(party: dict[str, Any], row: dict[str, Any]) -> PointFact:
    work = (party["workplace"] if row["work"] else None) or NO_WORKPLACE
    return PointFact(
        id=row["id"],
        kind=row["kind"],
        status=row["status"],
        number_kind=row["line_type"],
        work=row["work"],
        employer_forbids=work["employer"] == "forbids",
        work_hours=tuple(work["hours"]),
    )


NO_WORKPLACE: dict[str, Any] = {"employer": "", "hours": []}


def _preference(row: dict[str, Any]) -> PreferenceFact:
    return decoding.decode(PreferenceFact, row)


def _region(row: dict[str, Any], address: dict[str, Any]) -> str:
    country = address["country"] or COUNTRY_OF[row["jurisdiction"]]
    return region_of(country, address["region"], address["postcode"])


_RANK_OF_ROLE = {str(role): place for place, role in enumerate(PartyRole)}


def _account(
    row: dict[str, Any], person_id: int, points: list[dict[str, Any]], zones: tuple[ZoneFact, ...]
) -> AccountFact:
    roles = [part["role"] for part in row["parts"] if part["person"] == person_id]
    kinds = [part["kind"] for part in row["parts"] if part["role"] == "primary"]
    address = next((p for p in points if p["kind"] == "post" and p["status"] in USABLE), None)
    return AccountFact(
        id=row["id"],
        jurisdiction=row["jurisdiction"],
        capacity=row["capacity"],
        debt_purpose="commercial" if row["product"] == "mca" or "entity" in kinds else "consumer",
        role=min(roles, key=_RANK_OF_ROLE.__getitem__, default=""),
        region=_region(row, address) if address else "",
        city=plain_place(address["city"]) if address else "",
        product=row["product"],
        regulated=row["regulated"],
        limitation_on=row["limitation_on"],
        first_contact_on=row["first_contact_on"],
        notices=_notices(row),
        standing="" if row["state"] in OURS_TO_COLLECT else row["state"],
        callback_at=row["callback_at"],
        natural=any(part["role"] in OWES and part["kind"] != "entity" for part in row["parts"]),
        band="" if row["owed_in_all"] is None else ("upto_500k" if row["owed_in_all"] <= LINE else "over_500k"),
        opened_on=row["opened_on"],
        stops=tuple(StopFact(s["id"], s["channel"], s["cause"], _day(s["since"], zones)) for s in row["stops"]),
    )


def _notices(row: dict[str, Any]) -> tuple[NoticeFact, ...]:
    """The papers of an account; of an advance whose default is declared the declaration, too."""
    papers = [NoticeFact(notice["kind"], date.fromisoformat(notice["on"])) for notice in row["notices"]]
    declared = row["default_declared_on"]
    return (*papers, NoticeFact("default_declared", declared)) if declared else tuple(papers)


def _hold(row: dict[str, Any]) -> HoldFact:
    target = {"account": "account_id", "amount": "account_id", "contact_point": "contact_point_id"}
    return HoldFact(
        id=row["id"],
        kind=row["kind"],
        scope=row["scope"],
        target_id=row[target.get(row["scope"], "person_id")],
        channel=row["channel"],
        permitted=tuple(row["permits"]),
        lifts_on=row["review_on"] if row["self_ending"] else None,
        since=row["from_on"],
        joint_accounts=tuple(row.get("joint_accounts", ())),
    )


def _refuses(row: dict[str, Any], now: datetime) -> bool:
    ended = row["revoked_at"] or row["expires_at"]
    return row["opted_out"] and (ended is None or datetime.fromisoformat(ended) > now)


def _opt_out(point: dict[str, Any], row: dict[str, Any], zones: tuple[ZoneFact, ...]) -> OptOutFact:
    return OptOutFact(row["channel"], _day(row["given_at"], zones), point["id"])


def _consent(point: dict[str, Any], row: dict[str, Any], zones: tuple[ZoneFact, ...]) -> ConsentFact:
    return ConsentFact(
        channel=row["channel"],
        given_on=_day(row["given_at"], zones),
        point_id=point["id"],
        account_ids=(row["account_id"],) if row["account_id"] else (),
        basis=row["basis"],
        until=_day(row["expires_at"], zones) if row["expires_at"] else None,
        revoked_on=_day(row["revoked_at"], zones) if row["revoked_at"] else None,
    )


def _day(instant: str, zones: tuple[ZoneFact, ...]) -> date:
    """The civil day where the person is, by the surest zone."""
    return datetime.fromisoformat(instant).astimezone(ZoneInfo(zones[0].zone if zones else "UTC")).date()


def local_day(facts: ContactFacts) -> date:
    """The civil day of the contact where the person is: the day that rules will count it on."""
    return facts.at.astimezone(ZoneInfo(facts.party.zones[0].zone if facts.party.zones else "UTC")).date()


def _past(row: dict[str, Any]) -> PastContact:
    marks = {
        "misdirected": row["misdirected"],
        "unconnected": row["direction"] == "out" and not row["counts_attempt"],
        "consented": row["under_consent"],
        "requested": row["purpose"] == "reply",
        "work": row["at_work"],
        "asks": row["asks"],
    }
    return PastContact(
        id=row["id"],
        person_id=row["person_id"],
        channel=row["channel"],
        on=row["local_on"],
        reach=_reach(row),
        account_ids=tuple(row["account_ids"]),
        direction=row["direction"],
        point_id=row["contact_point_id"],
        purpose=row["purpose"],
        marks=tuple(mark for mark, holds in marks.items() if holds),
        at=row["started_at"],
    )


def _reach(row: dict[str, Any]) -> str:
    if row["counts_conversation"]:
        return "conversation"
    if row["state"] == ContactState.HANDED_OVER:
        return "connected"
    talked_to = row["reached"] in (None, Reached.SOMEBODY, Reached.PARTY)
    return "connected" if row["state"] == ContactState.CONNECTED and talked_to else "attempt"
