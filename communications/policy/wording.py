"""Sentences for reasons, in English or Spanish: the rule's own sentence, filled with what was found."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import get_timezone_location

MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "es": ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
}
WEEKDAYS = {
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    "es": ["lun", "mar", "mié", "jue", "vie", "sáb", "dom"],
}
DATE_PARAMS = {"day", "since", "talked_on", "free_on", "barred_on"}
WORD_PARAMS = {"weekday": "weekday", "media": "channel", "hold": "hold", "role": "role", "channel": "channel",
               "purpose": "purpose", "standing": "standing", "notice": "notice", "element": "element",
               "stopped": "stopped", "cause": "stop_cause"}  # fmt: skip
LANGUAGE_PARAMS = {"wanted", "used"}


def sentence(template: str, code: str, params: Mapping[str, Any], language: str) -> str:
    """Fill a rule's sentence. `language` is en or es (es-mx counts as es); an unknown word stays as its code."""
    tongue = "es" if language.lower().startswith("es") else "en"
    shown = {name: _shown(name, value, tongue) for name, value in params.items()}
    return template.format_map(_Blank(shown, code=word("code", code, tongue)))


def word(group: str, code: str, language: str) -> str:
    """The word for a code, e.g. `word("hold", "dispute", "es")`."""
    pair = _words().get(group, {}).get(code or "none")
    return pair[1 if language.startswith("es") else 0] if pair else code


def words(group: str) -> list[str]:
    """The codes of a group of words, in the order of the file."""
    return list(_words().get(group, {}))


def civil_day(day: date, language: str) -> str:
    """`Fri 27 Nov 2026`, `vie 27 nov 2026`."""
    tongue = "es" if language.startswith("es") else "en"
    return f"{WEEKDAYS[tongue][day.weekday()]} {day.day} {MONTHS[tongue][day.month - 1]} {day.year}"


def place(zone: str, language: str) -> str:
    """The city by which a zone is known: `Mexico City`, `Ciudad de México`."""
    locale = "es_MX" if language.startswith("es") else "en"
    return get_timezone_location(zone, locale=locale, return_city=True).rsplit("/", 1)[-1]


def _shown(name: str, value: Any, language: str) -> str:
    if name in DATE_PARAMS and isinstance(value, str):
        return civil_day(date.fromisoformat(value), language)
    if name == "zone":
        return place(str(value), language)
    if name in LANGUAGE_PARAMS and isinstance(value, str):
        return word("language", value.split("-")[0], language)
    if isinstance(value, (list, tuple)):
        return ", ".join(_shown(name, part, language) for part in value)
    return word(WORD_PARAMS[name], str(value), language) if name in WORD_PARAMS else str(value)


class _Blank(dict[str, str]):
    """A parameter that a finding does not carry is left out of the sentence."""

    def __missing__(self, name: str) -> str:
        return ""


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((Path(__file__).parent / "wording.toml").read_text(encoding="utf-8"))
