"""Phone numbers of a file, in the form in which they are dialled."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers

from accounts.placements.cells import Unreadable


@lru_cache(maxsize=200_000)
def phone(text: str, region: str) -> str:
    """The number in E.164 form. A number without a country code is read as one of the region's. Empty stays empty."""
    if not text.strip():
        return ""
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException as damage:
        raise Unreadable("phone_unreadable") from damage
    if not phonenumbers.is_valid_number(number):
        raise Unreadable("phone_unreadable")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


LINES = {
    phonenumbers.PhoneNumberType.FIXED_LINE: "geographic",
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE: "geographic",
    phonenumbers.PhoneNumberType.MOBILE: "mobile",
    phonenumbers.PhoneNumberType.TOLL_FREE: "toll_free",
    phonenumbers.PhoneNumberType.VOIP: "voip",
}


@lru_cache(maxsize=200_000)
def line_type(number: str) -> str:
    """The kind of line of a number in E.164 form, in the words of contact points; of none, empty."""
    return LINES.get(phonenumbers.number_type(phonenumbers.parse(number)), "unknown") if number else ""
