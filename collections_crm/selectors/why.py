"""Why somebody may or may not be contacted now, told in full for every way to reach them. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from accounts.foundation.purposes import Channel, Purpose
from accounts.models import Account, ContactPoint
from collections_crm.selectors.purposes import judged_now
from collections_crm.selectors.reach import limit_in_words, masked
from communications.policy import wording
from communications.policy.facts import ZoneFact
from communications.selectors.told_reasons import ToldReason, deciding_zone, told_of
from communications.services.authorise import Preview


@dataclass(frozen=True)
class Answered:
    """One channel at one contact point: the verdict, every reason, from when it would pass, how far limits are used."""

    point: ContactPoint
    masked: str
    channel: str
    purpose: str
    verdict: str
    reasons: list[ToldReason]
    from_when: datetime | None
    zone: str
    limits: list[str]

    @property
    def anchor(self) -> str:
        return f"{self.channel}-{self.point.pk}"

    @property
    def is_written(self) -> bool:
        return self.channel != Channel.CALL

    @property
    def channel_label(self) -> str:
        return str(Channel(self.channel).label)

    @property
    def purpose_label(self) -> str:
        return str(Purpose(self.purpose).label)


@dataclass(frozen=True)
class Why:
    """All answers of an account now, the zones judged by with what suggests each, and the versions of the policy."""

    answers: list[Answered]
    zones: list[tuple[str, str]]
    versions: list[tuple[str, int]]


def why_now(account: Account, *, now: datetime) -> Why:
    """Six queries, whatever the number of contact points."""
    points = {point.pk: point for point in ContactPoint.objects.filter(party__accounts=account).order_by("pk")}
    ways = [(point, channel) for point in points.values() for channel in point.channels]
    previews = judged_now(account, ways, now=now)
    first = previews[0] if previews else None
    return Why(
        answers=[_answered(points[one.request.contact_point_id], one) for one in previews],
        zones=[(fact.zone, _suggested_by(fact)) for fact in first.facts.party.zones] if first else [],
        versions=sorted(first.answer.pack_versions.items()) if first else [],
    )


def _answered(point: ContactPoint, preview: Preview) -> Answered:
    answer, language = preview.answer, get_language() or "en"
    ends = [(reason.retry_at, reason.params.get("zone")) for reason in answer.reasons]
    return Answered(
        point=point,
        masked=masked(point),
        channel=preview.request.channel,
        purpose=preview.request.purpose,
        verdict=answer.verdict,
        reasons=told_of(preview),
        from_when=answer.next_allowed_at,
        zone=deciding_zone(ends, [fact.zone for fact in preview.facts.party.zones]),
        limits=[f"{limit_in_words(limit, language)}: {limit.rule}" for limit in preview.outlook.limits],
    )


def _suggested_by(fact: ZoneFact) -> str:
    return wording.word("zone_source", fact.source, get_language() or "en")
