"""The own book: another creditor may have placed the same person, with other ways to reach them."""

from __future__ import annotations

from accounts.models import USABLE, ContactPoint, Party
from accounts.selectors.own_book import Likeness, likely_same_person
from accounts.tracing.provider import Finding

MOST_PARTIES = 20


class OwnBook:
    """Offers the usable contact points of those who are in all likelihood the same person, each value once with its
    best evidence. Who only shares a number or a name is not offered."""

    name = "own_book"

    def look_up(self, party: Party) -> list[Finding]:
        alike = {row.other_id: row for row in likely_same_person(party_ids=[party.pk])[:MOST_PARTIES]}
        points = ContactPoint.objects.filter(party__in=alike, status__in=USABLE)
        found: dict[tuple[str, str], Finding] = {}
        for point in sorted(points, key=lambda point: (-alike[point.party_id].confidence, point.pk)):
            found.setdefault((point.kind, point.value), self._finding(point, alike[point.party_id]))
        return list(found.values())

    def _finding(self, point: ContactPoint, likeness: Likeness) -> Finding:
        return Finding(
            kind=point.kind,
            value=point.value,
            confidence=likeness.confidence,
            evidence=likeness.evidence,
            contact_point=point,
            other_party_id=point.party_id,
        )
