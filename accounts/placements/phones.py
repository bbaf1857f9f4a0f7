"""Phone numbers of a file, in the form in which they are dialled, with the kind of line they are."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from accounts.placements.cells import Unreadable

LINES = {
    PhoneNumberType.FIXED_LINE: "geographic",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "geographic",
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.TOLL_FREE: "toll_free",
    PhoneNumberType.VOIP: "voip",
}


class Phone(NamedTuple):
    """A number in E.164 form, and its kind of line in the words of contact points. None given: both empty."""

    number: str = ""
    line: str = ""


@lru_cache(maxsize=50_000)
def phone(text: str, region: str) -> Phone:
    """Read a number; without a country code it is one of the region's. Empty text is no phone."""
    if not text.strip():
        return Phone()
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException as damage:
        raise Unreadable("phone_unreadable") from damage
    # A number whose kind is unknown is one that its country has not given out: no valid number is of unknown kind.
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.UNKNOWN:
        raise Unreadable("phone_unreadable")
    return Phone(phonenumbers.format_number(number, PhoneNumberFormat.E164), LINES.get(kind, "unknown"))
