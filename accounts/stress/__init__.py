"""Signs that somebody may be in difficulty: what counts as one, as data; no database."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any


@cache
def thresholds() -> dict[str, Any]:
    """What `signs.toml` says: each sign with its figures, the words, and whom to refer to by jurisdiction."""
    return tomllib.loads(Path(__file__).with_name("signs.toml").read_text(encoding="utf-8"))


def folded(text: str) -> str:
    """Without accents and capitals."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted((folded(word) for word in thresholds()["words"]["any_of"]), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")


def tells_of_difficulty(text: str) -> bool:
    """Whether one of the words stands in it, as whole words, accents and capitals aside."""
    return _pattern().search(folded(text)) is not None
