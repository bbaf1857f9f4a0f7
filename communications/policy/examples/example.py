"""One worked example: the case, what the gate answered, and the sentence that tells it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

from communications.policy.facts import OUTBOUND_PURPOSES
from communications.policy.wording import WEEKDAYS, civil_day, word

WORDS_OF = {"hold": "hold", "channel": "channel", "purpose": "purpose", "standing": "standing", "status": "status",
            "wanted": "language", "used": "language", "other": "channel", "element": "element"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """A case and what the gate answered to it. `values` are days, codes and figures; `told` puts them into words."""

    code: str
    values: dict[str, Any]

    def told(self, language: str) -> str:
        """One sentence, in English or Spanish."""
        tongue = "es" if language.lower().startswith("es") else "en"
        shown = {name: _shown(name, value, tongue) for name, value in self.values.items()}
        return _templates()[self.code][tongue == "es"].format_map(shown)


def _shown(name: str, value: Any, tongue: str) -> str:
    if name.startswith("verdict"):
        return word("answer", value or "none", tongue)
    if isinstance(value, date):
        return civil_day(value, tongue)
    if isinstance(value, time):
        return value.strftime("%H:%M:%S" if value.second else "%H:%M")
    if name == "days":
        names = [WEEKDAYS[tongue][weekday] for weekday in value]
        return names[0] if len(names) == 1 else f"{names[0]} - {names[-1]}"
    if isinstance(value, list):
        if len(value) == len(OUTBOUND_PURPOSES):
            return word("param", "everything", tongue)
        return ", ".join(word("purpose", each, tongue) for each in value) or word("param", "nothing", tongue)
    return word(WORDS_OF[name], str(value), tongue) if name in WORDS_OF else "-" if value is None else str(value)


@cache
def _templates() -> dict[str, list[str]]:
    return tomllib.loads((Path(__file__).parent / "sentences.toml").read_text(encoding="utf-8"))
