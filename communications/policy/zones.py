"""In which time zones a person may be: every zone that an address, a statement or a number suggests.

A number that names no place (mobiles where numbering isn't geographic, toll-free, VoIP) adds no zone when an address or
a statement gives one, else the populated mainland zones of its country. No clue at all gives no zone, and the gate
refuses to guess.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from accounts.foundation.regions import country_code, plain_place, region_of
from communications.policy.facts import ZoneFact

TABLES = Path(__file__).parent / "zone_tables"
NORTH_AMERICA = {"US", "CA", "PR", "DO", "JM", "BS"}
# Countries in which a mobile number carries the area code of a place, as a fixed line does.
GEOGRAPHIC_MOBILES = NORTH_AMERICA | {"MX"}
COUNTRIES = ("GB", "US", "MX", "AU")


@dataclass(frozen=True, slots=True)
class AddressClue:
    """Where an address lies. Country as ISO alpha-2; the rest may be empty."""

    country: str
    region: str = ""
    postcode: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class NumberClue:
    """A phone number: country as ISO alpha-2, national digits, kind geographic, mobile, toll_free, voip or unknown."""

    country: str
    national: str
    kind: str = "geographic"


def zones_of(
    *,
    addresses: Iterable[AddressClue] = (),
    numbers: Iterable[NumberClue] = (),
    stated: Iterable[str] = (),
) -> tuple[ZoneFact, ...]:
    """Every zone the clues suggest, each once, with what suggests it; the surest clue of a zone is the one named."""
    found = {zone: ZoneFact(zone, "statement") for zone in stated}
    for address in addresses:
        for zone in address_zones(address):
            found.setdefault(zone, ZoneFact(zone, "address", address.region or address.postcode))
    placed = bool(found)
    for number in numbers:
        for fact in _number_facts(number, placed):
            found.setdefault(fact.zone, fact)
    return tuple(found.values())


@lru_cache(maxsize=20_000)
def address_zones(address: AddressClue) -> tuple[str, ...]:
    """The zones of an address by city and post code where a region is split, else by region, else of the mainland."""
    country = country_code(address.country)
    if country not in _places():
        return ()
    postcode = "".join(address.postcode.split())
    return (
        _by_city(country, address.city, region_of(country, address.region))
        or _longest_prefix(_table(country, "postcodes"), postcode)
        or _by_region(country, region_of(country, address.region, postcode))
        or mainland(country)
    )


@lru_cache(maxsize=20_000)
def number_zones(number: NumberClue) -> tuple[str, ...]:
    """The zones of a number that names a place; empty when it names none."""
    country = country_code(number.country)
    places = number.kind == "geographic" or (number.kind == "mobile" and country in GEOGRAPHIC_MOBILES)
    if not places:
        return ()
    if country in NORTH_AMERICA:
        return _area_codes("north_america").get(number.national[:3], ())
    if country == "MX":
        return _longest_prefix(_area_codes("mexico"), number.national)
    if country == "GB":
        return mainland("GB")
    return _longest_prefix(_table(country, "numbers"), number.national)


def zones_in(country: str) -> tuple[str, ...]:
    """Every zone of a country that our tables know, the mainland's first."""
    places = _places().get(country_code(country), {})
    lists = [zones for name in ("regions", "postcodes", "numbers", "cities") for zones in places.get(name, {}).values()]
    return tuple(dict.fromkeys([*mainland(country), *sorted({zone for zones in lists for zone in zones})]))


def mainland(country: str) -> tuple[str, ...]:
    """The populated mainland zones of a country; empty for a country we don't know."""
    return tuple(_places().get(country_code(country), {}).get("mainland", ()))


def _number_facts(number: NumberClue, placed: bool) -> list[ZoneFact]:
    if zones := number_zones(number):
        return [ZoneFact(zone, "number", number.national[:3]) for zone in zones]
    return [] if placed else [ZoneFact(zone, "country", number.country) for zone in mainland(number.country)]


def _by_city(country: str, city: str, region: str) -> tuple[str, ...]:
    """A city only narrows a region that is split: the same name elsewhere says nothing."""
    zones = tuple(_table(country, "cities").get(plain_place(city).replace(".", "").lower(), ()))
    possible = _table(country, "regions").get(region, zones)
    return tuple(zone for zone in zones if zone in possible)


def _by_region(country: str, region: str) -> tuple[str, ...]:
    return tuple(_table(country, "regions").get(region, ()))


def _longest_prefix(table: dict[str, Any], digits: str) -> tuple[str, ...]:
    for length in range(len(digits), 0, -1):
        if zones := table.get(digits[:length]):
            return tuple(zones)
    return ()


def _table(country: str, name: str) -> dict[str, Any]:
    return _places().get(country, {}).get(name, {})


@cache
def _places() -> dict[str, Any]:
    return tomllib.loads((TABLES / "places.toml").read_text(encoding="utf-8"))


@cache
def _area_codes(name: str) -> dict[str, tuple[str, ...]]:
    areas = tomllib.loads((TABLES / f"{name}.toml").read_text(encoding="utf-8"))["area"]
    return {code: tuple(area["zones"]) for area in areas for code in area["codes"].split()}


@cache
def known_zones() -> tuple[str, ...]:
    """Every zone that an address or a number may suggest, by name."""
    places = _places().values()
    tables = [table for country in places for table in country.values() if isinstance(table, dict)]
    by_place = [zones for table in tables for zones in table.values() if isinstance(zones, list)]
    main = [country["mainland"] for country in places]
    by_number = [zones for name in ("north_america", "mexico") for zones in _area_codes(name).values()]
    return tuple(sorted({zone for zones in [*by_place, *main, *by_number] for zone in zones}))
