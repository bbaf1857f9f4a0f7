"""The code of a state or nation, however it was written: laws, rules and limitation periods go by it."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

COUNTRY_ALIASES = {"UK": "GB", "USA": "US", "MEX": "MX", "AUS": "AU"}
OUTWARD = re.compile(r"([A-Z]{1,2})([0-9]{1,2})")


@lru_cache(maxsize=20_000)
def region_of(country: str, region: str, postcode: str = "") -> str:
    """`MA` for `Massachusetts` or `Mass.`; `SCT` for a post code of Edinburgh when the region says nothing known.

    What neither tells is answered as it was written, in capitals. A region that is known outweighs the post code.
    """
    written, places = plain_place(region), _places().get(country_code(country), {})
    if not places:
        return written
    name = written.replace(".", "").strip()
    if name in places["codes"]:
        return name
    return places["names"].get(name) or _by_postcode(places, postcode) or written


def known_regions(country: str) -> frozenset[str]:
    """The regions of a country, as codes and names; empty where we keep no list."""
    places = _places().get(country_code(country), {})
    return frozenset(places.get("codes", ())) | frozenset(places.get("names", ()))


@lru_cache(maxsize=20_000)
def plain_place(text: str) -> str:
    """A state or city as facts and rules write it: in capitals, without accents."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).upper().strip()


def country_code(code: str) -> str:
    """ISO alpha-2 for what people write instead: `GB` for `UK`."""
    return COUNTRY_ALIASES.get(code.upper(), code.upper())


def _by_postcode(places: dict[str, Any], postcode: str) -> str:
    code = "".join(postcode.upper().split())
    if areas := places.get("areas"):
        outward = OUTWARD.match(code[:-3])
        return areas.get(outward[0], areas.get(outward[1], "")) if outward else ""
    for span, region in places.get("spans", {}).items():
        first, last = span.split("-")
        digits = code[: len(first)]
        if len(digits) == len(first) and digits.isdigit() and first <= digits <= last and len(code) >= MOST[len(first)]:
            return region
    return ""


# How long a whole post code is, by how many of its digits the table goes by.
MOST = {3: 5, 4: 4}


@cache
def _places() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("regions.toml").read_text(encoding="utf-8"))
