"""Whose civil day and whose clock counts when a person says "Thursday at ten"."""

from __future__ import annotations

from accounts.models import Account, ContactPoint, Party


def zone_of(party: Party, point: ContactPoint | None, account: Account) -> str:
    """The stated one, else the contact point's when it leaves no doubt, else an address's, else the portfolio's."""
    if party.stated_zone:
        return party.stated_zone
    if point is not None and len(point.zones) == 1:
        return point.zones[0]
    for zones in party.contact_points.filter(kind="post").exclude(zones=[]).values_list("zones", flat=True):
        return zones[0]
    return account.portfolio.zone
