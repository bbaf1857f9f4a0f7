"""The ordinary contact that a policy test starts from: each test names only what differs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from communications.policy.decide import decide, stance
from communications.policy.decision import PASSING, Decision
from communications.policy.facts import AccountFact, ContactFacts, PartyFact, PastContact, PointFact, ZoneFact
from communications.policy.pack import PackSet, pack_from
from communications.policy.shipped import shipped_packs

PERSON = 7
ACCOUNT = 100


def at(text: str, zone: str = "UTC") -> datetime:
    """An instant from a local time: `at("2026-04-08 12:00", "America/New_York")`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def party(*zones: str, **differs: Any) -> PartyFact:
    facts = tuple(ZoneFact(zone, "address") for zone in zones or ("America/New_York",))
    return PartyFact(**{"id": PERSON, "person_id": PERSON, "language": "en", "zones": facts, **differs})


def account(jurisdiction: str = "US", **differs: Any) -> AccountFact:
    """A consumer debt collected for somebody else, whose validation notice has been sent and which is in time."""
    capacity = "third_party_collector" if jurisdiction == "US" else "original_creditor"
    ordinary = {"id": ACCOUNT, "jurisdiction": jurisdiction, "capacity": capacity, "limitation_on": date(2035, 1, 1)}
    return AccountFact(**{**ordinary, **differs})


def contact(when: datetime, *accounts: AccountFact, **differs: Any) -> ContactFacts:
    """A demand by phone to the primary debtor's own verified number."""
    ordinary = {"at": when, "channel": "call", "purpose": "demand", "party": party(), "point": PointFact(id=1)}
    return ContactFacts(**{**ordinary, "accounts": accounts or (account(),), **differs})


def past(on: str, **differs: Any) -> PastContact:
    """An unanswered call of ours on a civil day."""
    ordinary = {"id": 1, "person_id": PERSON, "channel": "call", "on": date.fromisoformat(on)}
    return PastContact(**{**ordinary, "account_ids": (ACCOUNT,), "point_id": 1, **differs})


def talk(on: str, **differs: Any) -> PastContact:
    return past(on, **{"reach": "conversation", **differs})


def judged(facts: ContactFacts, packs: PackSet | None = None) -> Decision:
    return decide(facts, packs or shipped_packs())


def passes(facts: ContactFacts, packs: PackSet) -> bool:
    """Whether it may be made at that moment, without looking for when it may: for trying moments by the hundred."""
    return stance(facts, packs).verdict in PASSING


def judged_at(facts: ContactFacts, when: datetime, packs: PackSet | None = None) -> Decision:
    return judged(replace(facts, at=when), packs)


def only(*rules: dict[str, Any], jurisdiction: str = "US", zone: str = "UTC") -> PackSet:
    """A pack of just these rules; each names kind and params."""
    ordinary = {
        "action": "refuse",
        "legal_force": "policy",
        "citation": "test",
        "sentence_en": "no",
        "sentence_es": "no",
    }
    made = [{"id": f"rule-{index}", **ordinary, **rule} for index, rule in enumerate(rules)]
    head = {"code": "test", "version": 1, "jurisdiction": jurisdiction, "zone": zone, "title_en": "t", "title_es": "t"}
    return PackSet([pack_from({**head, "rules": made})])
