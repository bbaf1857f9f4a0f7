"""The periods of limitation, by the place whose law applies (`periods.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Period:
    """How long the claim lives from the day of default, and what begins the period anew."""

    years: int
    citation: str
    confidence: str
    restarts: tuple[str, ...] = ()
    consumer_years: int | None = None
    revives: bool = False
    extinguishes: bool = False
    moratorium_weeks: int = 0

    def years_for(self, *, consumer: bool) -> int:
        return self.consumer_years if consumer and self.consumer_years else self.years


@cache
def _periods() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("periods.toml").read_text(encoding="utf-8"))


@cache
def limitation_period(country: str, region: str = "", instrument: str = "") -> Period | None:
    """The period of a region of a country (ISO codes) or of a paper; the country's own where it has none for them.

    None for a country that isn't known.
    """
    known = _periods().get(country)
    if known is None:
        return None
    own = known.get("instruments", {}).get(instrument) or known.get("regions", {}).get(region.upper()) or known
    values = {name: value for name, value in own.items() if name not in ("regions", "instruments")}
    return Period(**values | {"restarts": tuple(values["restarts"])})
