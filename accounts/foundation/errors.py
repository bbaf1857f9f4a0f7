"""Refusals: what the business says no to, in words that the person in front of the screen can act on.

A `Refused` carries a code and parameters; its sentence is looked up when it is shown, so that the same refusal reads in
English or Spanish and can be stored without any words in it. A crash is not a refusal: nothing here catches anything.
"""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise

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
        return str(sentence).format(**self.params) if sentence is not None else self.code


class StaleRecord(Refused):
    """Somebody changed the record after the page was drawn."""
