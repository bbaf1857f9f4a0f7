"""What the policy says about time: when accounts of one kind may be called, and until when somebody must be left alone.

Only the rules that time decides are asked here: for the windows hours, holidays and what the person asked for, for the
blocks frequency and cool-down. Everything else is for the gate, at the contact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from accounts.foundation.digests import digest
from collections_crm.work.ways import PLAIN, Way, way_from, ways_of
from communications.policy.decide import decide
from communications.policy.facts import AccountFact, ContactFacts, PartyFact, ZoneFact
from communications.policy.outlook import outlook
from communications.policy.pack import ANYWHERE, PackSet
from communications.selectors.contact_facts import Gathered

OF_THE_CLOCK = frozenset({"hours", "holidays", "preference"})
OF_COUNTING = frozenset({"frequency", "cool_down"})


class KindOfAccount(NamedTuple):
    """What hours and holidays depend on: whose debt, of which sort, where the person may be (first where they are said
    to be), and, where they asked for something or are reached at work, by which ways."""

    jurisdiction: str
    capacity: str
    debt_purpose: str
    product: str
    regulated: bool
    party_kind: str
    region: str
    city: str
    zones: tuple[str, ...]
    ways: tuple[str, ...] = ()


class Opening(NamedTuple):
    """The window that is open at an instant or the next one after it. `opens_at` None: none is in sight, ask again at
    `closes_at`."""

    opens_at: datetime | None
    closes_at: datetime


def kind_of(found: Gathered) -> KindOfAccount:
    account, party = found.facts.accounts[0], found.facts.party
    return KindOfAccount(
        account.jurisdiction,
        account.capacity,
        account.debt_purpose,
        account.product,
        account.regulated,
        party.kind,
        account.region,
        account.city,
        tuple(fact.zone for fact in party.zones),
        ways_of(found),
    )


@lru_cache(maxsize=64)
def only(packs: PackSet, kinds: frozenset[str]) -> PackSet:
    """The packs with nothing but rules of these kinds."""
    kept = [replace(pack, rules=tuple(rule for rule in pack.rules if rule.kind in kinds)) for pack in packs.packs]
    return PackSet(kept, always=())


def rules_of(kind: KindOfAccount, packs: PackSet) -> str:
    """A digest of the rules of the clock that bind accounts of this kind, and of the versions that they and the counts
    are from: equal digests have equal hours, and another version of any pack that binds here makes another digest."""
    beginning = datetime.min.replace(tzinfo=ZoneInfo("UTC"))
    clock = only(packs, OF_THE_CLOCK)
    applicable = {rule for way in _ways(kind) for rule, _accounts in clock.applicable(_facts(kind, way, beginning))}
    binding = [[pack.code, pack.version] for pack in packs.packs if pack.jurisdiction in (ANYWHERE, kind.jurisdiction)]
    return digest([sorted(binding), sorted([rule.pack, rule.id] for rule in applicable)])


def opening(kind: KindOfAccount, packs: PackSet, now: datetime) -> Opening:
    """When accounts of this kind may next be contacted, as far as the clock decides: by the first way that opens.
    Without a zone: never."""
    found = [_opening(kind, way, packs, now) for way in _ways(kind)] if kind.zones else []
    opens = [opening for opening in found if opening.opens_at]
    if not opens:
        return Opening(None, now + timedelta(days=1))
    first = min(opening.opens_at for opening in opens if opening.opens_at)
    return max(opening for opening in opens if opening.opens_at == first)


def _ways(kind: KindOfAccount) -> list[Way]:
    return [way_from(text) for text in kind.ways] or [PLAIN]


def _opening(kind: KindOfAccount, way: Way, packs: PackSet, now: datetime) -> Opening:
    clock = only(packs, OF_THE_CLOCK)
    answer = decide(_facts(kind, way, now), clock)
    opens_at = now if answer.passes else answer.next_allowed_at
    if opens_at is None:
        return Opening(None, now + timedelta(days=1))
    closing = outlook(_facts(kind, way, opens_at), clock).closing
    midnight = min(_midnight(opens_at, zone) for zone in kind.zones)
    return Opening(opens_at, min(closing.at, midnight) if closing else midnight)


def opening_over(kind: KindOfAccount, course: Sequence[tuple[datetime, PackSet]], now: datetime) -> Opening:
    """The same under packs that change: `course` names those in force from each instant on (`packs_from`).

    No window reaches beyond an instant at which other rules begin: it closes there, and what opens later is worked out
    under the rules that bind then.
    """
    (_since, packs), *later = course
    found = opening(kind, packs, now)
    if not later:
        return found
    change = later[0][0]
    if found.opens_at is None and found.closes_at <= change:
        return found
    if found.opens_at is not None and found.opens_at < change:
        return Opening(found.opens_at, min(found.closes_at, change))
    return opening_over(kind, later, change)


def _midnight(instant: datetime, zone: str) -> datetime:
    local = instant.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date() + timedelta(days=1), time.min, tzinfo=ZoneInfo(zone))


def _facts(kind: KindOfAccount, way: Way, now: datetime) -> ContactFacts:
    zones = tuple(ZoneFact(zone, "record") for zone in kind.zones)
    account = AccountFact(
        id=0,
        jurisdiction=kind.jurisdiction,
        capacity=kind.capacity,
        debt_purpose=kind.debt_purpose,
        region=kind.region,
        city=kind.city,
        product=kind.product,
        regulated=kind.regulated,
    )
    party = PartyFact(id=0, person_id=0, kind=kind.party_kind, zones=zones)
    return ContactFacts(
        at=now,
        channel=way.channel,
        purpose="demand",
        party=party,
        accounts=(account,),
        point=way.point,
        preferences=way.wishes,
    )


def left_alone_until(facts: ContactFacts, packs: PackSet) -> datetime | None:
    """The first instant at which no count and no cool-down stands against this contact; None when none does now."""
    return decide(facts, only(packs, OF_COUNTING)).next_allowed_at
