"""Who owes, and how they can be reached, as a file says it. What can't be used is left out with a warning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.placements.cells import Unreadable, cleaned, email
from accounts.placements.phones import phone

LENIENT = ("phone", "phone_2", "email")
"""A row isn't rejected for these: without them the account is placed and traced."""

KINDS = {"person": "consumer", "business": "entity", "sole_trader": "sole_trader"}
Warnings = list[tuple[str, str]]


@dataclass(slots=True)
class ContactDetails:
    party_kind: str
    phones: list[str]
    email: str
    region: str
    postcode: str
    country: str


def contact_details(values: dict[str, Any], warnings: Warnings, column_of: Callable[[str], str]) -> ContactDetails:
    country = values.get("country", "")
    phones = [
        _lenient(name, lambda text: phone(text, country), values, warnings, column_of) for name in ("phone", "phone_2")
    ]
    return ContactDetails(
        party_kind=KINDS[values.get("party_kind") or "person"],
        phones=list(dict.fromkeys(number for number in phones if number)),
        email=_lenient("email", email, values, warnings, column_of).lower(),
        region=values.get("region", "").upper() if country == "US" else values.get("region", ""),
        postcode=_postcode(cleaned(values.get("postcode", "")), country, warnings, column_of),
        country=country,
    )


def _lenient(
    name: str, read: Callable[[str], str], values: dict[str, Any], warnings: Warnings, column_of: Callable[[str], str]
) -> str:
    try:
        return read(values.get(name, ""))
    except Unreadable as problem:
        warnings.append((problem.code, column_of(name)))
        return ""


def _postcode(text: str, country: str, warnings: Warnings, column_of: Callable[[str], str]) -> str:
    """A US ZIP that lost its leading zeros gets them back; what can't have been one is left blank."""
    if country != "US" or not text.isdecimal() or len(text) >= 5:
        return text
    padded = len(text) >= 3
    warnings.append(("postcode_padded" if padded else "postcode_blanked", column_of("postcode")))
    return text.zfill(5) if padded else ""
