"""Phone numbers and addresses as everybody may see them. The full value isn't in the page at all."""

from __future__ import annotations

import phonenumbers

DOTS = "••••"


def masked_phone(number: str) -> str:
    """`+52 81 •••• 4410`: country, area where the plan has one, and the last four digits."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return f"{DOTS} {number[-2:]}"
    national = phonenumbers.national_significant_number(parsed)
    area = national[: phonenumbers.length_of_geographical_area_code(parsed)]
    parts = [f"+{parsed.country_code}", area, DOTS, national[-4:] if len(national) > 6 else national[-2:]]
    return " ".join(part for part in parts if part)


def masked_email(address: str) -> str:
    """`j•••@example.com`."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}•••{at}{domain}"


def masked_post(address: str) -> str:
    """The last part of an address without its numbers, its town or region: a post code proves who somebody is."""
    parts = [_words_only(part) for part in address.replace("\n", ",").split(",")[1:]]
    named = [part for part in parts if part]
    return f"{DOTS}, {named[-1]}" if named else DOTS


def _words_only(part: str) -> str:
    return " ".join(word for word in part.split() if not any(letter.isdigit() for letter in word))
