"""The shipped periods and grounds, read once and checked as they are read."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from accounts.foundation.days import add_months

FILE = Path(__file__).with_name("periods.toml")
RECORD, SENSITIVE, RECORDING, OF_NOBODY = "record", "sensitive_note", "recording", "of_nobody"
KINDS = (RECORD, SENSITIVE, RECORDING, OF_NOBODY)
COUNTED_FROM = ("last_activity", "written")
LEGAL_FORCES = ("statute", "rule", "presumption", "guideline", "policy")
CONFIDENCES = ("P", "S", "G")


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Why values are blanked. Both kinds of grounds have a source and a title in both languages."""

    id: str
    jurisdiction: str
    citation: str
    confidence: str
    title_en: str
    title_es: str

    def __post_init__(self) -> None:
        if self.confidence not in CONFIDENCES or not (self.citation and self.title_en and self.title_es):
            raise ValueError(f"{self.id}: no source, no title or an unknown confidence")

    @property
    def title(self) -> str:
        return self.title_es if (get_language() or "").startswith("es") else self.title_en


@dataclass(frozen=True, kw_only=True)
class Period(Ground):
    """How long one kind of value is kept in one country, counted from what."""

    kind: str
    months: int
    counted_from: str
    legal_force: str

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.kind not in KINDS or self.counted_from not in COUNTED_FROM or self.legal_force not in LEGAL_FORCES:
            raise ValueError(f"{self.id}: unknown kind, start or legal force")
        if self.months < 1:
            raise ValueError(f"{self.id}: a period has a month at least")

    def ends(self, start: date) -> date:
        """The last day on which it is kept. From the 31st, a shorter month ends on its last day."""
        return add_months(start, self.months)


@cache
def _all() -> tuple[dict[tuple[str, str], Period], dict[str, Ground]]:
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    periods = [Period(**row) for row in told["periods"]]
    grounds = {ground.id: ground for ground in [*periods, *(Ground(**row) for row in told["grounds"])]}
    if len(grounds) != len(told["periods"]) + len(told["grounds"]):
        raise ValueError("two periods or grounds of one id")
    return {(period.jurisdiction, period.kind): period for period in periods}, grounds


def period_of(jurisdiction: str, kind: str) -> Period:
    """How long this kind is kept there. A country without its period is a KeyError: nothing may be blanked there."""
    return _all()[0][jurisdiction, kind]


def periods() -> list[Period]:
    return list(_all()[0].values())


def grounds_for(jurisdictions: set[str]) -> list[Ground]:
    """The grounds on which somebody with accounts there may ask to be erased."""
    asked = [ground for ground in _all()[1].values() if not isinstance(ground, Period)]
    return [ground for ground in asked if ground.jurisdiction in jurisdictions]


def title_of(code: str) -> str:
    """A period or ground in the active language; a code that is no longer shipped stays a code."""
    ground = _all()[1].get(code)
    return ground.title if ground else code
