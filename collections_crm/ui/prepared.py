"""Parts of pages that are drawn often: their template is drawn once, and what remains each time is joining strings.

Drawing a template costs some 10 microseconds for each of its tags. A list of fifty rows, or a layer that every page
carries and that says the same on all of them, needn't pay that each time.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

# Of Unicode's private use area: no text of ours or of a customer's file holds them where a template is drawn.
BEGIN, END = "\ue000", "\ue001"
_MARKS = re.compile(f"{BEGIN}(\\w+){END}")


class _Marks:
    """Stands for a row while its template is drawn: each value answers with a mark of its own name."""

    def __getitem__(self, name: str) -> str:
        return f"{BEGIN}{name}{END}"


@lru_cache(maxsize=256)
def _prepared(template: str, language: str | None, flags: tuple[tuple[str, bool], ...]) -> tuple[list[str], list[str]]:
    """The texts of the drawn template, and the names of the values between them."""
    drawn = _MARKS.split(get_template(template).render({"row": _Marks(), **dict(flags)}))
    return drawn[::2], drawn[1::2]


def drawn_row(template: str, row: Any, **flags: bool) -> str:
    """A row's markup, every value of it escaped unless it is markup already.

    The template shows `{{ row.name }}` for plain texts of `row` and asks `{% if flag %}`; it knows nothing else, so it
    is drawn once for each set of flags and language.
    """
    texts, names = _prepared(template, get_language(), tuple(flags.items()))
    parts = [text + _escaped(getattr(row, name)) for text, name in zip(texts, names, strict=False)]
    return "".join([*parts, texts[-1]])


def _escaped(value: Any) -> str:
    return value if isinstance(value, SafeString) else escape(str(value))


@lru_cache(maxsize=256)
def _drawn(template: str, language: str | None) -> SafeString:
    return get_template(template).render()


def drawn_once(template: str) -> SafeString:
    """A part that depends on nothing but the language, drawn once for each."""
    return _drawn(template, get_language())
