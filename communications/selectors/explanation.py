"""Why a contact may or may not be made at an instant, told in full: for `explain_contact` and for an auditor."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from accounts.foundation.days import zones_known
from accounts.models import USABLE, Account, ContactPoint, Party
from communications.policy.decide import decide
from communications.policy.decision import Decision, Reason
from communications.policy.facts import ContactFacts
from communications.policy.outlook import Outlook, outlook
from communications.policy.pack import PackSet
from communications.policy.schema import facts_schema
from communications.policy.shipped import shipped_packs
from communications.policy.wording import sentence
from communications.selectors.contact_facts import KIND_OF_CHANNEL, ContactRequest, gather


@dataclass(frozen=True)
class Explanation:
    """A judged contact with everything that it was judged by."""

    facts: ContactFacts
    answer: Decision
    outlook: Outlook
    packs: PackSet

    def as_dict(self, language: str) -> dict[str, Any]:
        """Fit for JSON: the decision with a sentence to each reason, the zones with their local time, limits used."""
        told = self.answer.as_dict()
        for reason, written in zip(self.answer.reasons, told["reasons"], strict=True):
            written["sentence"] = self.sentence(reason, language)
        closing = self.outlook.closing
        return {
            "at": self.facts.at.isoformat(),
            "channel": self.facts.channel,
            "purpose": self.facts.purpose,
            "accounts": [account.id for account in self.facts.accounts],
            "party": self.facts.party.id,
            "contact_point": self.facts.point.id if self.facts.point else None,
            "zones": [
                {"zone": zone.zone, "suggested_by": zone.source, "local_time": self.local_time(zone.zone)}
                for zone in self.facts.party.zones
            ],
            **told,
            "open_until": {"at": closing.at.isoformat(), "rule": closing.rule} if closing else None,
            "limits": [
                {"rule": limit.rule, "used": limit.usage.used, "limit": limit.usage.limit}
                for limit in self.outlook.limits
            ],
        }

    def sentence(self, reason: Reason, language: str) -> str:
        rule = self.packs.rule(reason.rule)
        template = rule.sentence_es if language.startswith("es") else rule.sentence_en
        return sentence(template, reason.code, reason.params, language)

    def local_time(self, zone: str) -> str:
        return self.facts.at.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")


def explain(
    *,
    account: Account,
    channel: str,
    purpose: str,
    at: datetime,
    party: Party | None = None,
    point: ContactPoint | None = None,
) -> Explanation:
    """Judge one contact without making it: with the customer at the best point of the channel, unless named.

    LookupError when the party has nothing to be reached at by that channel.
    """
    party = party or Party.objects.get(account_parties__account=account, account_parties__role="primary")
    point = point or best_point(party, channel)
    request = ContactRequest((account.pk,), party.pk, point.pk, channel, purpose)
    gathered = gather(request, now=at)
    answer = decide(gathered.facts, gathered.packs, key=settings.DIGEST_KEY.encode())
    return Explanation(gathered.facts, answer, outlook(gathered.facts, gathered.packs), gathered.packs)


def explain_facts(facts: ContactFacts, packs: PackSet | None = None) -> Explanation:
    """Judge facts that somebody hands in by these packs, else by those that come with the product. No query."""
    packs = packs or shipped_packs()
    answer = decide(facts, packs, key=settings.DIGEST_KEY.encode())
    return Explanation(facts, answer, outlook(facts, packs), packs)


def facts_from(text: str) -> ContactFacts:
    """Facts in their JSON form, checked against its schema. ValueError names the place of what is wrong."""
    try:
        given = json.loads(text)
    except json.JSONDecodeError as fault:
        raise ValueError(f"this is no JSON: line {fault.lineno}, column {fault.colno}: {fault.msg}") from None
    if wrong := best_match(Draft202012Validator(facts_schema()).iter_errors(given)):
        raise ValueError(f"{wrong.json_path}: {wrong.message}")
    facts = ContactFacts.from_json(text)
    if unknown := [fact.zone for fact in facts.party.zones if fact.zone not in zones_known()]:
        raise ValueError(f"$.party.zones: there is no time zone {unknown[0]}")
    return facts


def best_point(party: Party, channel: str) -> ContactPoint:
    """The contact point that one would try first on a channel: usable, verified before unverified, oldest first."""
    points = ContactPoint.objects.filter(party__person_id=party.person_id, kind=KIND_OF_CHANNEL[channel])
    ranked = sorted(points, key=lambda point: (point.status not in USABLE, point.status != "verified", point.pk))
    if not ranked:
        raise LookupError(f"party {party.pk} has no contact point for {channel}")
    return ranked[0]
