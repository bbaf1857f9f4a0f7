"""A contact made up to ask the policy about: chosen words and days become facts, and the gate answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.foundation.regions import plain_place, region_of
from accounts.models import HOLD_TERMS, HoldKind
from accounts.models.portfolio import COUNTRY_OF
from communications.models import PolicyRule, PolicyVersion
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
    ZoneFact,
)
from communications.policy.merged import Merged, merged
from communications.policy.outlook import Outlook, outlook
from communications.policy.pack import PackSet
from communications.policy.zones import AddressClue, zones_of
from communications.selectors.contact_facts import KIND_OF_CHANNEL
from communications.selectors.live_policy import live_packs, pack_of

# Whoever and whatever is asked about has these numbers: they stand for nobody and nothing in the book.
PERSON = ACCOUNT = POINT = 1
OTHER_POINT = 2
# Earlier contacts as they are chosen: how far they got, in which direction, what they left behind.
EARLIER = {
    "attempt": ("attempt", "out", ()),
    "connected": ("connected", "out", ()),
    "conversation": ("conversation", "out", ()),
    "they_called": ("conversation", "in", ()),
    "they_asked": ("connected", "in", ("asks",)),
    "unconnected": ("attempt", "out", ("unconnected",)),
}


@dataclass(frozen=True, slots=True)
class Earlier:
    """So many contacts of one sort on each of some days, counted back from the day of the contact asked about."""

    sort: str
    days_ago: tuple[int, ...]
    times: int = 1
    channel: str = "call"
    purpose: str = "demand"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What somebody chose to ask about. Days are civil days where the person is.

    `zones` stand for the address when there are any; `nowhere`: nobody knows where the person is.
    """

    at: datetime
    jurisdiction: str
    channel: str = "call"
    purpose: str = "demand"
    capacity: str = "original_creditor"
    debt_purpose: str = "consumer"
    product: str = "loan"
    regulated: bool = True
    party_kind: str = "consumer"
    role: str = "primary"
    region: str = ""
    city: str = ""
    postcode: str = ""
    zones: tuple[str, ...] = ()
    nowhere: bool = False
    minor: bool = False
    party_language: str = ""
    language: str = ""
    disclosing: bool = False
    verified: bool = False
    standing: str = ""
    limitation_on: date | None = None
    first_contact_on: date | None = None
    validation_on: date | None = None
    point_status: str = "verified"
    at_work: bool = False
    employer_forbids: bool = False
    earlier: tuple[Earlier, ...] = ()
    holds: tuple[str, ...] = ()
    hold_lifts_on: date | None = None
    opted_out: str = ""
    consent: str = ""
    consent_days_ago: int = 0


@dataclass(frozen=True)
class Answer:
    """What one set of packs answers. `draft`: the version that stands in it for the one in force, if any."""

    facts: ContactFacts
    packs: PackSet
    merged: Merged
    outlook: Outlook
    draft: PolicyVersion | None = None


def answers_to(inquiry: Inquiry, draft: PolicyVersion | None = None) -> list[Answer]:
    """The answer of the packs in force at the chosen instant, and beside it that with a draft in its pack's place.

    Reads the versions and nothing else, writes nothing. `NoPack` when nothing was in force there.
    """
    facts = facts_of(inquiry)
    live = live_packs(inquiry.at)
    answers = [_answer(facts, live)]
    if draft is not None:
        others = [pack for pack in live.packs if pack.code != draft.pack.code]
        answers.append(_answer(facts, PackSet([*others, pack_of(draft)]), draft))
    return answers


def _answer(facts: ContactFacts, packs: PackSet, draft: PolicyVersion | None = None) -> Answer:
    return Answer(facts, packs, merged(facts, packs), outlook(facts, packs), draft)


def rows_of_rules(packs: PackSet) -> dict[str, int]:
    """The rows behind the rules of some packs, by the rules' names: where their pages are."""
    rows = PolicyRule.objects.values_list("version__pack__code", "version__number", "code", "pk")
    versions = {(pack.code, pack.version) for pack in packs.packs}
    numbers = {number for _code, number in versions}
    found = rows.filter(version__number__in=numbers)
    return {code: pk for pack, number, code, pk in found if (pack, number) in versions}


def case_of(inquiry: Inquiry) -> str:
    """The facts as a case that `explain_contact --facts` takes."""
    return json.dumps(json.loads(facts_of(inquiry).as_json()), indent=2)


def facts_of(inquiry: Inquiry) -> ContactFacts:
    """What was chosen, as the gate reads it."""
    zones = zones_asked(inquiry)
    today = day_of(inquiry.at, zones)
    return ContactFacts(
        at=inquiry.at,
        channel=inquiry.channel,
        purpose=inquiry.purpose,
        party=PartyFact(PERSON, PERSON, inquiry.party_kind, inquiry.party_language, zones, inquiry.minor),
        accounts=(_account(inquiry),),
        point=_point(inquiry),
        holds=tuple(_hold(number, kind, inquiry) for number, kind in enumerate(inquiry.holds, 1)),
        consents=_consents(inquiry, today),
        opt_outs=_opt_outs(inquiry, today),
        history=_history(inquiry, today),
        verified=inquiry.verified,
        disclosing=inquiry.disclosing,
        language=inquiry.language,
    )


def zones_asked(inquiry: Inquiry) -> tuple[ZoneFact, ...]:
    """Where the person may be: in the zones chosen, else in those of the address, else anywhere in the country."""
    if inquiry.nowhere:
        return ()
    if inquiry.zones:
        return zones_of(stated=inquiry.zones)
    country = COUNTRY_OF[inquiry.jurisdiction]
    return zones_of(addresses=[AddressClue(country, inquiry.region, inquiry.postcode, inquiry.city)])


def day_of(at: datetime, zones: tuple[ZoneFact, ...]) -> date:
    """The civil day of an instant where the person is, by the surest zone."""
    return at.astimezone(ZoneInfo(zones[0].zone if zones else "UTC")).date()


def _account(inquiry: Inquiry) -> AccountFact:
    notices = (NoticeFact("validation", inquiry.validation_on),) if inquiry.validation_on else ()
    return AccountFact(
        id=ACCOUNT,
        jurisdiction=inquiry.jurisdiction,
        capacity=inquiry.capacity,
        debt_purpose=inquiry.debt_purpose,
        role=inquiry.role,
        region=region_of(COUNTRY_OF[inquiry.jurisdiction], inquiry.region, inquiry.postcode),
        city=plain_place(inquiry.city),
        product=inquiry.product,
        regulated=inquiry.regulated,
        limitation_on=inquiry.limitation_on,
        first_contact_on=inquiry.first_contact_on,
        notices=notices,
        standing=inquiry.standing,
    )


def _point(inquiry: Inquiry) -> PointFact:
    kind = KIND_OF_CHANNEL[inquiry.channel]
    return PointFact(POINT, kind, inquiry.point_status, work=inquiry.at_work, employer_forbids=inquiry.employer_forbids)


def _hold(number: int, kind: str, inquiry: Inquiry) -> HoldFact:
    """A hold as the product sets it: its kind says what it covers and lets through, and whether a day ends it."""
    terms = HOLD_TERMS[HoldKind(kind)]
    targets = {"account": ACCOUNT, "amount": ACCOUNT, "contact_point": POINT}
    return HoldFact(
        id=number,
        kind=kind,
        scope=terms.scope.value,
        target_id=targets.get(terms.scope.value, PERSON),
        channel=inquiry.channel if terms.scope == "channel" else "",
        permitted=tuple(purpose.value for purpose in terms.permits),
        lifts_on=inquiry.hold_lifts_on if terms.self_ending else None,
    )


def _consents(inquiry: Inquiry, today: date) -> tuple[ConsentFact, ...]:
    if not inquiry.consent:
        return ()
    given_on = today - timedelta(days=inquiry.consent_days_ago)
    return (ConsentFact(inquiry.channel, given_on, POINT, basis=inquiry.consent),)


def _opt_outs(inquiry: Inquiry, today: date) -> tuple[OptOutFact, ...]:
    points = {"channel": None, "point": POINT, "other_point": OTHER_POINT}
    if not inquiry.opted_out:
        return ()
    return (OptOutFact(inquiry.channel, today - timedelta(days=1), points[inquiry.opted_out]),)


def _history(inquiry: Inquiry, today: date) -> tuple[PastContact, ...]:
    """Oldest first, numbered in that order, as contacts are numbered when they happen."""
    meant = [(days, each) for each in inquiry.earlier for days in each.days_ago for _ in range(each.times)]
    ordered = sorted(meant, key=lambda pair: -pair[0])
    return tuple(_past(number, today - timedelta(days=days), each) for number, (days, each) in enumerate(ordered, 1))


def _past(number: int, on: date, each: Earlier) -> PastContact:
    reach, direction, marks = EARLIER[each.sort]
    purpose = "inbound" if direction == "in" else each.purpose
    return PastContact(number, PERSON, each.channel, on, reach, (ACCOUNT,), direction, POINT, purpose, marks)
