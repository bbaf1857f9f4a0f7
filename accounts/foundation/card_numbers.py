"""Payment card numbers never enter this system: not in a note, a message, a search or a file name."""

from __future__ import annotations

import re

# 13 to 19 digits, each followed by at most one space, dot or dash, and not part of a longer run of digits.
_CANDIDATE = re.compile(r"(?<![\d+])\d(?:[ .\-]?\d){12,18}(?!\d)")


def _passes_luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _looks_like_a_card(digits: str) -> bool:
    # The first digit of a card says its network: 2 to 6. Others are phone, bank or account numbers.
    return digits[0] in "23456" and len(set(digits)) > 1 and _passes_luhn(digits)


def contains_card_number(text: str) -> bool:
    """True when the text holds something that is, by length, first digit and check digit, a payment card number."""
    return any(_looks_like_a_card(re.sub(r"\D", "", found.group())) for found in _CANDIDATE.finditer(text))
