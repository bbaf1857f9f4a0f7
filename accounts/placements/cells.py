"""One cell of text as a value. A cell that can't be read raises `Unreadable` with the reason's code."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

AMOUNT = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.\d+)?\Z")
PERCENTAGE = re.compile(r"\d{1,3}(?:\.\d{1,3})?\Z", re.ASCII)
MOST_INTEREST = 1000
MONEY_SIGNS = str.maketrans("", "", "$£ \u00a0\u202f")
EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,180}\.[A-Za-z]{2,24}\Z")
CONTROLS = dict.fromkeys(range(32), " ") | {127: None, 0xFEFF: None, 0x200B: None, 0xFFFD: None}
AMOUNT_LIMIT = Decimal("999999999999.99")


class Unreadable(Exception):
    """The text of a cell isn't what its field holds."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def cleaned(text: str, limit: int = 200) -> str:
    """One line in composed form (NFC), without control characters. Longer than `limit` characters is unreadable."""
    if not text.isascii() or not text.isprintable():
        text = unicodedata.normalize("NFC", text.translate(CONTROLS))
    text = " ".join(text.split())
    if len(text) > limit:
        raise Unreadable("text_too_long")
    return text


def amount(text: str) -> Decimal | None:
    """An amount with a decimal point and, if any, commas by thousands: `1240.5`, `$1,240.50`. Empty is None.

    `1.240,50` is refused rather than guessed at, and so are more than two decimals that aren't zeros.
    """
    text = text.translate(MONEY_SIGNS)
    if not text:
        return None
    if not AMOUNT.match(text):
        raise Unreadable("amount_unreadable")
    value = Decimal(text.replace(",", ""))
    rounded = value.quantize(Decimal("0.01"))
    if rounded != value:
        raise Unreadable("amount_too_precise")
    if abs(rounded) > AMOUNT_LIMIT:
        raise Unreadable("amount_too_large")
    return rounded


def day_reader(formats: list[str], century_from: int) -> Callable[[str], date | None]:
    """A reader of dates in exactly these `strptime` formats; ISO dates are always read. Empty is None.

    A year of two digits falls in the hundred years that begin with `century_from`.
    """
    tried = ["%Y-%m-%d", "%Y-%m-%d 00:00:00", *formats]

    @lru_cache(maxsize=20_000)
    def day(text: str) -> date | None:
        text = text.strip()
        if not text:
            return None
        for form in tried:
            try:
                read = datetime.strptime(text, form).date()  # noqa: DTZ007 - a civil day has no zone
            except ValueError:
                continue
            return _in_century(read, century_from) if "%y" in form else _plausible(read)
        raise Unreadable("date_unreadable")

    return day


def _in_century(read: date, century_from: int) -> date:
    century, first = divmod(century_from, 100)
    short = read.year % 100
    year = century * 100 + short + (100 if short < first else 0)
    try:
        return read.replace(year=year)
    except ValueError as damage:
        raise Unreadable("date_unreadable") from damage


def _plausible(read: date) -> date:
    if not 1900 <= read.year <= 2200:
        raise Unreadable("date_of_no_living")
    return read


def email(text: str) -> str:
    text = cleaned(text, 254)
    if text and not EMAIL.match(text):
        raise Unreadable("email_unreadable")
    return text


def country(text: str) -> str:
    code = cleaned(text, 60).upper()
    code = {"USA": "US", "UK": "GB", "MEX": "MX", "AUS": "AU", "GBR": "GB"}.get(code, code)
    if code and not (len(code) == 2 and code.isalpha() and code.isascii()):
        raise Unreadable("country_unreadable")
    return code


def language(text: str) -> str:
    word = cleaned(text, 40).casefold().replace("_", "-")
    found = {"": "", "en": "en", "english": "en", "es": "es-mx", "spanish": "es-mx", "español": "es-mx"}
    if word.partition("-")[0] not in found:
        raise Unreadable("language_unreadable")
    return found[word.partition("-")[0]]


def percentage(text: str) -> Decimal | None:
    """A share of one, said in per cent: `12`, `12.5` or `12.5 %`. Empty is None; not above 0 and up to 100 is none."""
    text = cleaned(text, 20).removesuffix("%").strip()
    if not text:
        return None
    if not PERCENTAGE.match(text) or not 0 < Decimal(text) <= 100:
        raise Unreadable("percentage_unreadable")
    return Decimal(text) / 100


def yearly_rate(text: str) -> Decimal | None:
    """Interest a year as a share of one, said in per cent: `24`, `24.5 %`. Empty and 0 are None: it bears none."""
    text = cleaned(text, 20).removesuffix("%").strip()
    if not text:
        return None
    if not PERCENTAGE.match(text) or Decimal(text) > MOST_INTEREST:
        raise Unreadable("yearly_rate_unreadable")
    return Decimal(text) / 100 or None


def rhythm(text: str) -> str:
    word = cleaned(text, 20).casefold()
    found = {"": "", "daily": "daily", "weekly": "weekly", "diario": "daily", "semanal": "weekly"}
    if word not in found:
        raise Unreadable("rhythm_unreadable")
    return found[word]


def party_kind(text: str) -> str:
    word = cleaned(text, 40).casefold()
    if word not in ("", "person", "business"):
        raise Unreadable("party_kind_unreadable")
    return word
