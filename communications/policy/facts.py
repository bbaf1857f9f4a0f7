"""All that a rule may look at. A selector gathers it, so that rules never touch the database.

Facts name records by id and carry codes, dates and flags only: no name, number or address is in them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from typing import Any

from communications.policy import decoding
from communications.policy.weekly import week_of

OUTBOUND_PURPOSES = ("demand", "reminder", "statutory_notice", "reply", "confirmation", "trace", "enforcement")
PURPOSES = (*OUTBOUND_PURPOSES, "inbound")
# What the words of a written message can carry that a rule may ask for.
ELEMENTS = ("opt_out", "disclosure", "creditor", "reference")
CHANNELS = ("call", "text", "email", "whatsapp", "post")
# How far a contact got. `attempt` rang without an answer, `connected` reached somebody or was delivered,
# `conversation` was a talk with the person about the debt.
REACHES = ("attempt", "connected", "conversation")
# Why an emergency stop was made.
STOP_CAUSES = ("wrong_content", "wrong_people", "too_much", "system_fault", "breach", "authority", "other")


@dataclass(frozen=True, slots=True)
class ZoneFact:
    """A time zone in which the person may be, and what suggests it: statement, address, number or country."""

    zone: str
    source: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class PartyFact:
    """Who is contacted. `kind` is consumer, sole_trader, guarantor or entity; `person_id` the root of the links.
    `elder`: sixty or older."""

    id: int
    person_id: int
    kind: str = "consumer"
    language: str = ""
    zones: tuple[ZoneFact, ...] = ()
    minor: bool = False
    elder: bool = False


@dataclass(frozen=True, slots=True)
class NoticeFact:
    """A dated paper of an account, with its civil day: a notice that was sent, e.g. `validation` or `default`, or a
    written request that came, or what was asked of a representative."""

    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class StopFact:
    """An emergency stop that stands over an account: of one channel or (empty) of all, why, since which day."""

    id: int
    channel: str
    cause: str
    since: date


@dataclass(frozen=True, slots=True)
class AccountFact:
    """One account the contact speaks of, and the role the contacted party has on it (empty: none).

    `limitation_on` is the first day on which the debt is out of time; None when it is not known. `standing` is empty
    while the debt is ours to collect, else its state: closed (paid, settled, written_off, recalled) or with somebody
    else (placed_out, enforcement). An arrangement is no standing: its hold speaks for it. `callback_at` is the instant
    at which the person asked to be called, while that call is the next step. `natural`: a natural person owes or
    guarantees it. `band` is how much is owed to the creditor in all, where a law draws a line. `opened_on`: the day on
    which it was placed with us.
    """

    id: int
    jurisdiction: str
    capacity: str
    debt_purpose: str = "consumer"
    role: str = "primary"
    region: str = ""
    city: str = ""
    product: str = ""
    regulated: bool = True
    limitation_on: date | None = None
    first_contact_on: date | None = None
    notices: tuple[NoticeFact, ...] = ()
    standing: str = ""
    callback_at: datetime | None = None
    natural: bool = True
    band: str = ""
    opened_on: date | None = None
    stops: tuple[StopFact, ...] = ()


@dataclass(frozen=True, slots=True)
class PointFact:
    """The phone, e-mail, postal address or WhatsApp number to be used. `belongs`: it is this party's.

    Of one at work, `employer_forbids` says that no contact is wanted there, `work_hours` are the person's own as seven
    windows, Monday first; empty when they aren't known.
    """

    id: int
    kind: str = "phone"
    status: str = "verified"
    number_kind: str = ""
    work: bool = False
    employer_forbids: bool = False
    belongs: bool = True
    work_hours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsentFact:
    """Agreement to be contacted: on one channel, at one point or (None) any, about some accounts or (empty) all."""

    channel: str
    given_on: date
    point_id: int | None = None
    account_ids: tuple[int, ...] = ()
    basis: str = "given"
    until: date | None = None
    revoked_on: date | None = None


@dataclass(frozen=True, slots=True)
class OptOutFact:
    """A refusal of a channel (point None) or of one address or number."""

    channel: str
    since: date
    point_id: int | None = None


@dataclass(frozen=True, slots=True)
class PreferenceFact:
    """What the person asked for: for every way (channel empty, point None), one channel, or one address or number.

    `hours` are seven windows, Monday first, in which they want to be contacted ("17:00-24:00"; "22:00-06:00" runs into
    the next day; empty: not on that day); none: at any time. `media` are the only channels wanted; none: any. It lasts
    from `from_on` until the end of `until_on`, civil days where the person is.
    """

    id: int
    channel: str = ""
    point_id: int | None = None
    hours: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    not_at_work: bool = False
    from_on: date | None = None
    until_on: date | None = None

    def __post_init__(self) -> None:
        if self.hours:
            week_of(self.hours)


@dataclass(frozen=True, slots=True)
class HoldFact:
    """A restriction in force. `permitted` are the purposes it lets through; `lifts_on`: it ends by itself; `since`: the
    day it began. With `joint_accounts` it is on somebody else, who owes on those accounts as well."""

    id: int
    kind: str
    scope: str = "account"
    target_id: int | None = None
    channel: str = ""
    permitted: tuple[str, ...] = ()
    lifts_on: date | None = None
    since: date | None = None
    joint_accounts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PastContact:
    """An earlier contact. `on` is the civil day where the person lives, stored when it happened; `at` its instant.

    `marks` say why a rule may leave it out: unconnected (busy, not in service), misdirected (the number was somebody
    else's), consented (under live consent), requested (asked for by the customer), professional, work (at a place of
    work). `asks`: the person wants something of us that this contact itself did not give.
    """

    id: int
    person_id: int
    channel: str
    on: date
    reach: str = "attempt"
    account_ids: tuple[int, ...] = ()
    direction: str = "out"
    point_id: int | None = None
    purpose: str = "demand"
    marks: tuple[str, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """A contact that somebody wants to make, at one instant (aware, UTC), with everything known that bears on it.

    `disclosing` says that the debt would be named; `verified` that the person has passed verification in this contact;
    `language` is the one that would be spoken or written, empty when it is not fixed; `elements` are what the words to
    be sent carry, None while there are no words yet.
    """

    at: datetime
    channel: str
    purpose: str
    party: PartyFact
    accounts: tuple[AccountFact, ...]
    point: PointFact | None
    holds: tuple[HoldFact, ...] = ()
    consents: tuple[ConsentFact, ...] = ()
    opt_outs: tuple[OptOutFact, ...] = ()
    history: tuple[PastContact, ...] = ()
    verified: bool = False
    disclosing: bool = False
    language: str = ""
    elements: tuple[str, ...] | None = None
    preferences: tuple[PreferenceFact, ...] = ()

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a contact is judged at an instant with its zone")
        if self.channel not in CHANNELS or self.purpose not in PURPOSES:
            raise ValueError(f"unknown channel or purpose: {self.channel}, {self.purpose}")
        if not self.accounts:
            raise ValueError("a contact is about at least one account")

    def as_json(self) -> str:
        """The facts as text; `from_json` gives the same facts back."""
        return json.dumps(self, default=_plain, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> ContactFacts:
        return decoding.decode(cls, json.loads(text))

    def digest(self, key: bytes = b"") -> str:
        """A keyed digest: the same facts have the same digest, and nobody without the key can guess facts from it."""
        return digest_of(self.as_json(), key)


def digest_of(text: str, key: bytes) -> str:
    """The keyed digest of facts in their JSON form."""
    return hashlib.blake2b(text.encode(), key=key[:64], digest_size=32).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return {name: getattr(value, name) for name in _names(value.__class__)}


@cache
def _names(record: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(record))
