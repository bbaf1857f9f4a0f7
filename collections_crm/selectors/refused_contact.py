"""What to show of a call that the gate refused: why, until when and by whose clock, and what may be done instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.foundation.purposes import Channel
from accounts.models import ContactPoint
from collections_crm.selectors.reach import masked
from communications.models import PolicyDecision
from communications.selectors.contact_facts import ContactRequest
from communications.selectors.messages import BY_HAND
from communications.selectors.told_reasons import clock_of, told_reasons
from communications.services.authorise import preview_contact


@dataclass(frozen=True)
class OtherWay:
    """Something that the gate allows now and the product can do: another number to call, or a way to write."""

    point: ContactPoint
    channel: str
    masked: str

    @property
    def value(self) -> str:
        """How the page for writing names this way."""
        return f"{self.point.pk}:{self.channel}"


def refused_contact(decision: PolicyDecision, *, now: datetime) -> dict[str, Any]:
    """`reasons`, `until` (none when waiting doesn't help) by the clock of `zone`, and the other `ways` allowed now."""
    return {
        "decision": decision,
        "reasons": told_reasons(decision),
        "until": decision.next_allowed_at,
        "zone": clock_of(decision, now=now),
        "ways": _other_ways(decision, now),
    }


def _other_ways(decision: PolicyDecision, now: datetime) -> list[OtherWay]:
    points = {point.pk: point for point in ContactPoint.objects.filter(party_id=decision.party_id) if point.is_usable}
    requests = [
        ContactRequest(tuple(decision.account_ids), decision.party_id, point.pk, str(channel), str(purpose))
        for point in points.values()
        for channel in point.channels
        for purpose in _purposes(decision, channel)
        if (point.pk, channel) != (decision.contact_point_id, decision.channel)
    ]
    seen = preview_contact(requests=requests, now=now) if requests else []
    allowed = {(one.request.contact_point_id, one.request.channel): None for one in seen if one.answer.passes}
    return [OtherWay(points[pk], channel, masked(points[pk])) for pk, channel in allowed]


def _purposes(decision: PolicyDecision, channel: str) -> list[str]:
    """A call would be for what this one was; what is written by hand is for what its templates are. Nothing else can be
    done from the page."""
    if channel == Channel.CALL:
        return [decision.purpose]
    return [*BY_HAND] if channel in (Channel.TEXT, Channel.EMAIL) else []
