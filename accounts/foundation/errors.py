"""Refusals: what the business says no to, in words that the person in front of the screen can act on.

A `Refused` carries a code and parameters; its sentence is looked up when it is shown, so that the same refusal reads in
English or Spanish and can be stored without any words in it. A crash is not a refusal: nothing here catches anything.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language

SENTENCES: dict[str, str | Promise] = {}


def register_sentences(sentences: dict[str, str | Promise]) -> None:
    """Add the sentences of one subject. A code said twice with other words is a mistake and stops the start."""
    for code, sentence in sentences.items():
        if SENTENCES.setdefault(code, sentence) is not sentence:
            raise ValueError(f"two sentences for the refusal {code!r}")


class CollectionsError(Exception):
    """The root of everything the domain may refuse."""


class Refused(CollectionsError):
    """The act is not allowed as things stand. `str(refusal)` is the sentence in the active language."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        sentence = SENTENCES.get(self.code)
        if sentence is None:
            return self.code
        return str(sentence).format(**{name: _in_words(value) for name, value in self.params.items()})


def _in_words(value: Any) -> Any:
    """Days with their month in letters, amounts with comma groups, as everywhere on screen."""
    if isinstance(value, date):
        text = date_format(value, "D j M Y")
        return text.lower() if (get_language() or "").startswith("es") else text
    return f"{value:,.2f}" if isinstance(value, Decimal) else value


class StaleRecord(Refused):
    """Somebody changed the record after the page was drawn."""
