"""Who owes, and how they can be reached, as a file says it. What can't be used is left out with a warning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.foundation.regions import known_regions, region_of
from accounts.placements.cells import Unreadable, cleaned, email
from accounts.placements.phones import Phone, phone

LENIENT = ("phone", "phone_2", "email")
"""A row isn't rejected for these: without them the account is placed and traced."""

KINDS = {"person": "consumer", "business": "entity", "sole_trader": "sole_trader"}
Warnings = list[tuple[str, str]]


@dataclass(slots=True)
class ContactDetails:
    party_kind: str
    phones: list[Phone]
    email: str
    region: str
    postcode: str
    country: str


def contact_details(values: dict[str, Any], warnings: Warnings, column_of: Callable[[str], str]) -> ContactDetails:
    country = values.get("country", "")
    phones = [_phone(name, country, values, warnings, column_of) for name in ("phone", "phone_2") if name in values]
    return ContactDetails(
        party_kind=KINDS[values.get("party_kind") or "person"],
        phones=list(dict.fromkeys(found for found in phones if found.number)),
        email=_email(values, warnings, column_of),
        region=_region(values.get("region", ""), country),
        postcode=_postcode(cleaned(values.get("postcode", "")), country, warnings, column_of),
        country=country,
    )


def _region(written: str, country: str) -> str:
    """By its code where we know one, so that the rules and periods of that place apply; else as it was written."""
    code = region_of(country, written)
    return code if country == "US" or code in known_regions(country) else written


def _phone(
    name: str, country: str, values: dict[str, Any], warnings: Warnings, column_of: Callable[[str], str]
) -> Phone:
    try:
        return phone(values[name], country)
    except Unreadable as problem:
        warnings.append((problem.code, column_of(name)))
        return Phone()


def _email(values: dict[str, Any], warnings: Warnings, column_of: Callable[[str], str]) -> str:
    try:
        return email(values.get("email", "")).lower()
    except Unreadable as problem:
        warnings.append((problem.code, column_of("email")))
        return ""


def _postcode(text: str, country: str, warnings: Warnings, column_of: Callable[[str], str]) -> str:
    """A US ZIP that lost its leading zeros gets them back; what can't have been one is left blank."""
    if country != "US" or not text.isdecimal() or len(text) >= 5:
        return text
    padded = len(text) >= 3
    warnings.append(("postcode_padded" if padded else "postcode_blanked", column_of("postcode")))
    return text.zfill(5) if padded else ""
