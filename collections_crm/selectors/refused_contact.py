"""What to show of a call that the gate refused: why, until when, and what may be done instead."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import ContactPoint
from communications.models import PolicyDecision
from communications.selectors.contact_facts import ContactRequest
from communications.selectors.told_reasons import told_reasons
from communications.services.authorise import preview_contact


def refused_contact(decision: PolicyDecision, *, now: datetime) -> dict[str, Any]:
    """`reasons`, `until` (none when waiting doesn't help) and `ways`: other points and channels allowed now."""
    return {
        "decision": decision,
        "reasons": told_reasons(decision),
        "until": decision.next_allowed_at,
        "ways": _other_ways(decision, now),
    }


def _other_ways(decision: PolicyDecision, now: datetime) -> list[tuple[ContactPoint, str]]:
    points = {point.pk: point for point in ContactPoint.objects.filter(party_id=decision.party_id) if point.is_usable}
    asked = (decision.contact_point_id, decision.channel)
    requests = [
        ContactRequest(tuple(decision.account_ids), decision.party_id, point.pk, str(channel), decision.purpose)
        for point in points.values()
        for channel in point.channels
        if (point.pk, channel) != asked
    ]
    answers = preview_contact(requests=requests, now=now) if requests else []
    return [(points[seen.request.contact_point_id], seen.request.channel) for seen in answers if seen.answer.passes]
