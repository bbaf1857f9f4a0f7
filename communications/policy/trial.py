"""One rule on trial: the gate with nothing else in it, and a contact that falls under the rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from communications.policy.decide import decide
from communications.policy.decision import ALLOW, Decision
from communications.policy.facts import (
    CHANNELS,
    OUTBOUND_PURPOSES,
    AccountFact,
    ContactFacts,
    PartyFact,
    PastContact,
    PointFact,
    ZoneFact,
)
from communications.policy.pack import ANYWHERE, Pack, PackSet, Rule

ZONES = {"UK": "Europe/London", "US": "America/New_York", "MX": "America/Mexico_City", "AU": "Australia/Sydney"}
# A Friday, nobody's holiday, far from any change of the clocks.
DAY = date(2026, 8, 14)
NOON = time(12)
# How many days ahead the end of something is looked for.
AHEAD, LONGEST, LONG_AHEAD = 120, 400, 800
ONE_DAY = timedelta(days=1)
PERSON = ACCOUNT = POINT = 1
POINT_OF_CHANNEL = {"call": "phone", "text": "phone", "email": "email", "whatsapp": "whatsapp", "post": "post"}


class OutOfScope(ValueError):
    """No contact falls under the rule."""


class Trial:
    """Judges contacts by one rule alone, its dates left aside: what it says, not when it is in force."""

    def __init__(self, rule: Rule) -> None:
        self.rule = replace(rule, effective_from=None, effective_to=None)
        self.place = "UK" if rule.jurisdiction == ANYWHERE else rule.jurisdiction
        self.zone = ZONES.get(self.place, "UTC")
        pack = Pack(rule.pack, 1, self.place, rule.zone, "", "", (self.rule,))
        self.packs = PackSet([pack])
        self.usual = self._usual()

    def at(self, day: date, clock: time = NOON) -> datetime:
        return datetime.combine(day, clock, tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def on(self, day: date, **differs: Any) -> ContactFacts:
        """The usual contact at noon of a day, with what differs."""
        return replace(self.usual, at=self.at(day), **differs)

    def about(self, **differs: Any) -> tuple[AccountFact, ...]:
        """The account of the usual contact, with what differs."""
        return (replace(self.usual.accounts[0], **differs),)

    def past(self, on: date, times: int = 1, **differs: Any) -> tuple[PastContact, ...]:
        """Earlier contacts on one day."""
        usual = {"person_id": PERSON, "channel": self.usual.channel, "on": on, "account_ids": (ACCOUNT,)}
        return tuple(PastContact(**{**usual, "id": n, "point_id": POINT, **differs}) for n in range(1, times + 1))

    def judge(self, facts: ContactFacts) -> Decision:
        return decide(facts, self.packs)

    def verdict(self, facts: ContactFacts) -> str:
        return self.judge(facts).verdict

    def speaks(self, facts: ContactFacts) -> bool:
        return self.verdict(facts) != ALLOW

    def free_on(self, facts: ContactFacts) -> date | None:
        """The civil day on which the rule no longer has anything against a contact; None when none comes."""
        if found := self.judge(facts).next_allowed_at:
            return found.astimezone(ZoneInfo(self.zone)).date()
        today = facts.at.astimezone(ZoneInfo(self.zone)).date()
        return self.first_day(today, LONGEST, lambda on: replace(facts, at=self.at(on)), speaks=False)

    def first_day(
        self, since: date, days: int, contact_on: Callable[[date], ContactFacts], *, speaks: bool
    ) -> date | None:
        """The first of some days on whose noon the rule speaks, or doesn't."""
        ahead = (since + timedelta(days=count) for count in range(days))
        return next((day for day in ahead if self.speaks(contact_on(day)) == speaks), None)

    def purposes(self) -> tuple[str, ...]:
        return self.rule.scope.purposes or OUTBOUND_PURPOSES

    def _usual(self) -> ContactFacts:
        scope = self.rule.scope
        channel = _one_of(scope.channels, CHANNELS)
        facts = ContactFacts(
            at=self.at(DAY),
            channel=channel,
            purpose=_one_of(scope.purposes, ("reply",) if self.rule.kind == "reply" else OUTBOUND_PURPOSES),
            party=PartyFact(
                PERSON, PERSON, _one_of(scope.party_kinds, ("consumer",)), "en", (ZoneFact(self.zone, "address"),)
            ),
            accounts=(self._account(),),
            point=PointFact(POINT, POINT_OF_CHANNEL[channel]),
            language="en",
        )
        if not self.rule.accounts(facts):
            raise OutOfScope(self.rule.id)
        return facts

    def _account(self) -> AccountFact:
        scope = self.rule.scope
        debt_purpose = _one_of(
            scope.debt_purposes, ("commercial",) if scope.products[:1] == ("mca",) else ("consumer",)
        )
        return AccountFact(
            id=ACCOUNT,
            jurisdiction=self.place,
            capacity=_one_of(scope.capacities, ("original_creditor",)),
            debt_purpose=debt_purpose,
            region=_one_of(scope.regions, ("",)),
            city=_one_of(scope.cities, ("",)),
            product=_one_of(scope.products, ("mca",) if debt_purpose == "commercial" else ("loan",)),
            limitation_on=date(2040, 1, 1),
            band=_one_of(scope.bands, ("",)),
            opened_on=date.fromisoformat(scope.opened_from) if scope.opened_from else None,
        )


def _one_of(allowed: tuple[str, ...], usual: tuple[str, ...]) -> str:
    """The usual word where the scope has it, else the first that it names."""
    return next((word for word in usual if word in allowed), allowed[0]) if allowed else usual[0]
