"""Whose civil day and whose clock counts when a person says "Thursday at ten"."""

from __future__ import annotations

from accounts.models import NUMBERS, USABLE, Account, ContactPoint, ContactPointKind, Party
from communications.policy.zones import AddressClue, number_zones, zones_of
from communications.selectors.contact_facts import number_clue


def zone_of(party: Party, point: ContactPoint | None, account: Account) -> str:
    """The stated one, else an address's, else the number's when it leaves no doubt, else the portfolio's.

    By the gate's own tables: the clock that an agent sees is one that the gate judges by.
    """
    stated = [party.stated_zone] if party.stated_zone else []
    suggested = zones_of(addresses=_addresses(party, account), stated=stated)
    if suggested:
        return suggested[0].zone
    by_number = _by_number(point)
    return by_number[0] if len(by_number) == 1 else account.portfolio.zone


def _addresses(party: Party, account: Account) -> list[AddressClue]:
    usable = party.contact_points.filter(kind=ContactPointKind.POST, status__in=USABLE).order_by("pk")
    return [AddressClue(at.country or account.portfolio.country, at.region, at.postcode, at.city) for at in usable]


def _by_number(point: ContactPoint | None) -> tuple[str, ...]:
    if point is None or point.kind not in NUMBERS:
        return ()
    return number_zones(number_clue(point.value, point.line_type))
