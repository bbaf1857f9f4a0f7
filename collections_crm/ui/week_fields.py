"""Hours of a week as typed: one field for Monday to Friday, and one a day where a day differs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.foundation.week_hours import ALL_DAY, DAYS, bounds_of

CLOSED_WORDS = {"no", "none", "never", "nunca", "ninguno", "-", "–"}
ANY_WORDS = {"any", "all", "all day", "siempre", "todo", "todo el dia", "todo el día", "24 h", "24h"}
CLOCK = r"(?:(\d{1,2})(?:[:.]?(\d{2}))?(?:\s*h)?)?"
WINDOW = re.compile(rf"{CLOCK}\s*(?:-|–|to|a)\s*{CLOCK}")


class WindowField(forms.CharField):
    """The hours of a day typed as `17:00-20:00`, `17-20`, `17-` (until midnight), `22-6` (into the next day), `no`.

    Answers the window, an empty one for a closed day, and None where nothing was typed.
    """

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"placeholder": "17:00-20:00", "inputmode": "text", "autocomplete": "off"})
        super().__init__(max_length=20, required=False, widget=widget, **options)

    def clean(self, value: Any) -> str | None:
        text = str(super().clean(value)).strip().lower()
        return read_window(text) if text else None


def read_window(text: str) -> str:
    """ValidationError with what to write for anything that is no window."""
    if text in CLOSED_WORDS:
        return ""
    if text in ANY_WORDS:
        return ALL_DAY
    found = WINDOW.fullmatch(text)
    if not found or not (found[1] or found[3]):
        raise forms.ValidationError(_("Write hours such as 17:00-20:00, 17-, or no."), code="no_window")
    window = f"{_clock(found[1], found[2], '00:00')}-{_clock(found[3], found[4], '24:00')}"
    try:
        bounds_of(window)
    except ValueError:
        raise forms.ValidationError(_("There are no such hours of a day."), code="no_such_hours") from None
    return window


def _clock(hour: str | None, minute: str | None, otherwise: str) -> str:
    return f"{int(hour):02}:{minute or '00'}" if hour else otherwise


def week_fields(help_text: Any) -> dict[str, forms.Field]:
    """The eight fields, by name. The first carries the help."""
    days = {name: WindowField(label=capfirst(WEEKDAYS[index])) for index, name in enumerate(DAYS)}
    return {"weekdays": WindowField(label=_("Monday to Friday"), help_text=help_text), **days}


def week_from(cleaned: dict[str, Any], *, unsaid: str) -> list[str]:
    """Seven windows, Monday first, or none when nothing was typed. Days of which nothing was said are `unsaid`."""
    said = [cleaned.get(day) for day in DAYS]
    working = cleaned.get("weekdays")
    week = [working if day is None and index < 5 else day for index, day in enumerate(said)]
    return [unsaid if day is None else day for day in week] if any(day is not None for day in week) else []


def week_typed(hours: Sequence[str], *, unsaid: str) -> dict[str, str]:
    """What would have to be typed for these hours."""
    return dict(_typed(hours, unsaid)) if hours else {}


def _typed(hours: Sequence[str], unsaid: str) -> Iterator[tuple[str, str]]:
    alike = len(set(hours[:5])) == 1
    if alike:
        yield "weekdays", _one(hours[0], unsaid)
    for index, name in enumerate(DAYS):
        if index >= 5 or not alike:
            yield name, _one(hours[index], unsaid)


def _one(window: str, unsaid: str) -> str:
    if window == unsaid:
        return ""
    return window or str(_("no"))
