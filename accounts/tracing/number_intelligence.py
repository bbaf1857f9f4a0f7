"""Number intelligence: what the numbering plans say about the numbers that we have of a person."""

from __future__ import annotations

import phonenumbers
from phonenumbers import carrier, timezone

from accounts.models import NUMBERS, ContactPoint, LineType, Party
from accounts.services.contact_points import LINE_TYPES
from accounts.tracing.provider import NUMBER_FACTS, Finding

VALID, POSSIBLE, IMPOSSIBLE = 60, 20, 0
MOST_ZONES = 6


class NumberIntelligence:
    """For each number of the party: whether it can exist, its kind of line, its possible zones, its first carrier.

    A number may have moved to another carrier since: the plans know only who was given the range.
    """

    name = "number_intelligence"

    def look_up(self, party: Party) -> list[Finding]:
        points = ContactPoint.objects.filter(party=party, kind__in=NUMBERS).order_by("pk")
        by_number = {point.value: point for point in reversed(points)}
        return [self._finding(point) for point in by_number.values()]

    def _finding(self, point: ContactPoint) -> Finding:
        confidence, evidence = facts_of(point.value)
        return Finding(NUMBER_FACTS, point.value, confidence, evidence, contact_point=point)


def facts_of(value: str) -> tuple[int, list[str]]:
    """(how sure we may be that the number exists, codes `valid`, `line:mobile`, `zone:Europe/London`, `carrier:O2`)."""
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return IMPOSSIBLE, ["invalid"]
    if not phonenumbers.is_valid_number(number):
        possible = phonenumbers.is_possible_number(number)
        return (POSSIBLE, ["possible"]) if possible else (IMPOSSIBLE, ["invalid"])
    line = LINE_TYPES.get(phonenumbers.number_type(number), LineType.UNKNOWN)
    zones = [zone for zone in timezone.time_zones_for_number(number) if zone != timezone.UNKNOWN_TIMEZONE]
    first = carrier.name_for_number(number, "en")
    codes = ["valid", f"line:{line}", *(f"zone:{zone}" for zone in zones[:MOST_ZONES])]
    return VALID, [*codes, f"carrier:{first}"] if first else codes
