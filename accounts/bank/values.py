"""Amounts and days as banks write them: read strictly, or refused with their place."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal

from accounts.bank.refusals import BankFileRefused

PLAIN = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,9})?|\.\d{1,9})", re.ASCII)


def amount(text: str, place: str) -> Decimal:
    """`1234.50`, `-1234.5`, `+.50`; anything else is refused."""
    bare = text.strip()
    if not PLAIN.fullmatch(bare):
        raise BankFileRefused("amount_unreadable", place, found=bare[:40])
    return Decimal(bare)


def minor_units(text: str, place: str, places: int = 2) -> Decimal:
    """Whole minor units, signed: `13150000` is 131,500.00."""
    bare = text.strip()
    if not re.fullmatch(r"[+-]?\d{1,18}", bare, re.ASCII):
        raise BankFileRefused("amount_unreadable", place, found=bare[:40])
    return Decimal(bare).scaleb(-places)


def day(text: str, place: str) -> date:
    """`20260131`, `2026-01-31`, either with a time behind it."""
    found = re.match(r"(\d{4})-?(\d{2})-?(\d{2})", text.strip(), re.ASCII)
    if not found:
        raise BankFileRefused("day_unreadable", place, found=text.strip()[:40])
    return real_day(int(found[1]), int(found[2]), int(found[3]), place, text)


def short_day(text: str, place: str) -> date:
    """`260131`: of this century."""
    bare = text.strip()
    if not re.fullmatch(r"\d{6}", bare, re.ASCII):
        raise BankFileRefused("day_unreadable", place, found=bare[:40])
    return real_day(2000 + int(bare[:2]), int(bare[2:4]), int(bare[4:]), place, bare)


def real_day(year: int, month: int, number: int, place: str, text: str) -> date:
    """Banks that count thirty days a month write 30 February: it is the last day of it. Nothing else is mended."""
    if month == 2 and number in (29, 30) and number > monthrange(year, 2)[1]:
        number = monthrange(year, 2)[1]
    try:
        return date(year, month, number)
    except ValueError as damage:
        raise BankFileRefused("day_unreadable", place, found=text.strip()[:40]) from damage
