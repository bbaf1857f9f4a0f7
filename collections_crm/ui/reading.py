"""What people type for an amount or a day, read strictly: nothing that could mean two things is guessed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

GROUPED = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,2})?", re.ASCII)
POINTS_FOR_GROUPS = re.compile(r"(-?(?:0|[1-9]\d{0,2}(?:\.\d{3})*))(?:,(\d{1,2}))?", re.ASCII)

# English and Spanish; a name may be cut after three letters.
MONTHS = [
    ["january", "enero"],
    ["february", "febrero"],
    ["march", "marzo"],
    ["april", "abril"],
    ["may", "mayo"],
    ["june", "junio"],
    ["july", "julio"],
    ["august", "agosto"],
    ["september", "septiembre", "setiembre", "sept"],
    ["october", "octubre"],
    ["november", "noviembre"],
    ["december", "diciembre"],
]
WEEKDAYS = [
    ["monday", "lunes"],
    ["tuesday", "martes"],
    ["wednesday", "miércoles", "miercoles"],
    ["thursday", "jueves"],
    ["friday", "viernes"],
    ["saturday", "sábado", "sabado"],
    ["sunday", "domingo"],
]
NEAR = {"today": 0, "hoy": 0, "tomorrow": 1, "mañana": 1, "manana": 1, "yesterday": -1, "ayer": -1}


def read_amount(text: str) -> Decimal:
    """An amount with comma groups and a decimal point. `1.240,50` is refused with what to write instead."""
    bare = re.sub(r"^[$£€]\s*", "", text.strip())
    if GROUPED.fullmatch(bare):
        return Decimal(bare.replace(",", ""))
    if found := POINTS_FOR_GROUPS.fullmatch(bare):
        meant = Decimal(found[1].replace(".", "") + "." + (found[2] or "00"))
        raise ValidationError(_("Write %(amount)s."), code="points", params={"amount": f"{meant:,.2f}"})
    raise ValidationError(_("Write an amount such as 1,240.50."), code="amount")


def read_day(text: str, today: date, *, past: bool = False) -> date:
    """A civil day: ISO, `28 nov`, `+7`, `fri` or `vie`, `tomorrow`. Without a year the nearest one ahead, or behind
    if `past`.

    Raises ValidationError for anything else; `03/04`, which could be two days, is answered with both.
    """
    bare = re.sub(r"\s+", " ", text.strip().lower().rstrip("."))
    for reader in (_iso, _counted, _weekday, _month_in_letters, _slashed):
        day = reader(bare, today, past)
        if day is not None:
            return day
    raise ValidationError(_("Write a date such as 28 nov, 2026-11-28, +7 or fri."), code="date")


def _place_of(word: str, names: list[list[str]]) -> int | None:
    if len(word) < 3:
        return None
    return next((place for place, known in enumerate(names) if any(name.startswith(word) for name in known)), None)


def _iso(text: str, today: date, past: bool) -> date | None:
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        return _real(int(found[1]), int(found[2]), int(found[3]))
    return None


def _counted(text: str, today: date, past: bool) -> date | None:
    if text in NEAR:
        return today + timedelta(days=NEAR[text])
    if found := re.fullmatch(r"([+-])(\d{1,4})", text):
        return today + timedelta(days=int(found[1] + found[2]))
    return None


def _weekday(text: str, today: date, past: bool) -> date | None:
    wanted = _place_of(text, WEEKDAYS)
    if wanted is None:
        return None
    ahead = (wanted - today.weekday() - 1) % 7 + 1
    return today + timedelta(days=ahead - 7 if past and ahead < 7 else -7 if past else ahead)


def _month_in_letters(text: str, today: date, past: bool) -> date | None:
    found = re.fullmatch(r"(\d{1,2})(?: de)?[ -]([a-z]{3,10})\.?(?:(?: de)?[ -](\d{4}))?", text)
    turned = re.fullmatch(r"([a-z]{3,10})\.? (\d{1,2})(?:,? (\d{4}))?", text)
    if not found and not turned:
        return None
    day, name, year = (found[1], found[2], found[3]) if found else (turned[2], turned[1], turned[3])
    index = _place_of(name, MONTHS)
    if index is None:
        return None
    month = index + 1
    return _real(int(year), month, int(day)) if year else _nearest(month, int(day), today, past)


def _slashed(text: str, today: date, past: bool) -> date | None:
    found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?", text)
    if not found:
        return None
    first, second = int(found[1]), int(found[2])
    if first <= 12 and second <= 12 and first != second:
        raise ValidationError(
            _("Is it %(one)s or %(other)s? Write the month in letters."),
            code="two_days",
            params={"one": _lettered(first, second), "other": _lettered(second, first)},
        )
    day, month = (first, second) if second <= 12 else (second, first)
    return _real(int(found[3]), month, day) if found[3] else _nearest(month, day, today, past)


def _lettered(day: int, month: int) -> str:
    """A day as it may be typed again: `3 apr`."""
    return date_format(date(2000, month, day), "j M").lower().rstrip(".")


def _real(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValidationError(_("There is no such day."), code="no_such_day") from error


def _nearest(month: int, day: int, today: date, past: bool) -> date:
    years = [today.year, today.year - 1] if past else [today.year, today.year + 1]
    for year in years:
        candidate = _real(year, month, day) if (month, day) != (2, 29) else _leap_day(year, past)
        if (candidate <= today) if past else (candidate >= today):
            return candidate
    return candidate


def _leap_day(year: int, past: bool) -> date:
    while year % 4 or (year % 100 == 0 and year % 400):
        year += -1 if past else 1
    return date(year, 2, 29)
