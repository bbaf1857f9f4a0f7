"""Payment card numbers never enter this system: not in a note, a message, a search, an import or a file.

What looks like one by length, network and check digit is found through spaces, dashes, line ends, letters without width
and digits of other scripts. Amounts, days, times, phone numbers and bank account numbers (IBAN) are not taken for one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Digits with at most three characters between them that are neither letters nor digits.
_RUN = re.compile(r"\d(?:[\W_]{0,3}\d){12,}")
_GROUP = re.compile(r"\d+")
# Set aside first, where nothing else of a number touches them.
_OTHERWISE = re.compile(
    r"""
      (?<![\d+])\+\d(?:[ ().-]{0,2}\d){6,14}(?![ ().-]{0,2}\d)                   # a phone number with its country
    | (?<![\d./-])\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![\d-])        # 2026-11-22
    | (?<![\d./-])\d{1,2}([./-])\d{1,2}\1\d{4}(?![\d./-])                         # 22/11/2026
    | (?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\d:])                  # 15:12:00
    | (?<![\w.,/-])\d{1,3}(?:,\d{3})+\.\d{2}(?=[\s;)]|,\s|$)                      # 12,240.50
    """,
    re.VERBOSE,
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?\b")
# First digits of each network, and how long its numbers are.
_NETWORKS = (
    (re.compile(r"4"), {13, 16, 19}),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), {16}),
    (re.compile(r"3[47]"), {15}),
    (re.compile(r"30[0-5]|3095|36|3[89]"), {14, 16}),
    (re.compile(r"35(?:2[89]|[3-8])"), {16}),
    (re.compile(r"6011|64[4-9]|65"), {16}),
    (re.compile(r"62"), {16, 17, 18, 19}),
    (re.compile(r"50(?:18|20|38)|5893|6304|67(?:59|6[1-3])"), {13, 15, 16, 18, 19}),
)
TAKEN_OUT = "[•••]"
# How numbers are printed besides groups of one size.
_PRINTED = {(4, 6, 5), (4, 6, 4), (6, 13)}


def contains_card_number(text: str) -> bool:
    """True when the text holds something that is, by length, first digits and check digit, a payment card number."""
    plain = text if text.isascii() else _plainly(text)
    if _RUN.search(plain) is None:
        return False
    plain = _OTHERWISE.sub("x", _IBAN.sub(_without_iban, plain))
    return any(_is_card(digits) for run in _RUN.finditer(plain) for digits in _candidates(run.group()))


def without_card_numbers(text: str) -> str:
    """What is kept of somebody else's words: long rows of digits are taken out when a card number is among them."""
    if not contains_card_number(text):
        return text
    kept = _RUN.sub(TAKEN_OUT, text if text.isascii() else _plainly(text))
    return TAKEN_OUT if contains_card_number(kept) else kept


def refuse_card_numbers(text: Any) -> None:
    """A validator for every field that takes free text; what a field has read as something else passes."""
    if isinstance(text, str) and contains_card_number(text):
        raise ValidationError(_("This looks like a card number. Don't write card numbers here."), code="card_number")


def _plainly(text: str) -> str:
    """In compatibility form, without characters of no width, every script's digits as 0 to 9."""
    letters = (letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in letters)


def _without_iban(found: re.Match[str]) -> str:
    packed = found.group().replace(" ", "")
    moved = "".join(str(int(letter, 36)) for letter in packed[4:] + packed[:4])
    return "x" if int(moved) % 97 == 1 else found.group()


def _candidates(run: str) -> Iterator[str]:
    """The whole run; and within it every row of groups that is grouped as cards are, beside an expiry day for one."""
    groups = _GROUP.findall(run)
    yield "".join(groups)
    for first in range(len(groups)):
        length = 0
        for last in range(first, len(groups)):
            length += len(groups[last])
            if length > 19:
                break
            if length >= 13 and _grouped_as_cards(groups[first : last + 1]):
                yield "".join(groups[first : last + 1])


def _grouped_as_cards(groups: list[str]) -> bool:
    sizes = tuple(len(group) for group in groups)
    same = len(set(sizes[:-1])) <= 1 and sizes[-1] <= sizes[0]
    return same or sizes in _PRINTED


def _is_card(digits: str) -> bool:
    if len(set(digits)) == 1:
        return False
    of_network = any(len(digits) in lengths and first.match(digits) for first, lengths in _NETWORKS)
    return of_network and _passes_luhn(digits)


def _passes_luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
