"""Mappings: which column of a creditor's file is which field, and how its cells are written.

A mapping is data (the JSON of `docs/placement-format.md`), shipped in `shipped/` or saved by a manager, and is checked
when it is loaded: a mapping that can't work refuses every file at once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from accounts.placements.fields import AMOUNTS, FIELDS, PARTS
from accounts.placements.refusals import FileRefused

SHIPPED = Path(__file__).parent / "shipped"
STATUS_KEYS = {"label", "skip", "days_late", "charged_off"}


@dataclass(frozen=True)
class Source:
    """Where a field comes from: a column, less another one, with a prefix."""

    column: str
    minus: str = ""
    prefix: str = ""


@dataclass(frozen=True)
class StatusMeaning:
    """What a word in the creditor's status column means for the row."""

    label: str
    skip: bool = False
    days_late: int | None = None
    charged_off: bool = False


@dataclass(frozen=True)
class Mapping:
    """Column names are compared without regard to case and spacing. `set_aside` are columns known and not used;
    `terms` is the JSON it was made from.
    """

    name: str
    title: str
    fields: dict[str, Source]
    defaults: dict[str, str] = field(default_factory=dict)
    dates: list[str] = field(default_factory=list)
    century_from: int = 1970
    statuses: dict[str, StatusMeaning] = field(default_factory=dict)
    expected: list[str] = field(default_factory=list)
    control: list[str] = field(default_factory=list)
    set_aside: frozenset[str] = frozenset()
    terms: dict[str, Any] = field(default_factory=dict)

    def places(self, header: list[str]) -> dict[str, int]:
        """Each needed column's place in this header. Refuses when a needed one is missing, naming all that are."""
        have = {folded(name): place for place, name in enumerate(header)}
        wanted = {column: have.get(folded(column)) for column in self.columns()}
        missing = [column for column, place in wanted.items() if place is None and self._needs(column)]
        if missing:
            raise FileRefused("placement.missing_columns", columns=", ".join(missing))
        return {column: place for column, place in wanted.items() if place is not None}

    def columns(self) -> list[str]:
        """Every column that is read, each once."""
        named = [name for source in self.fields.values() for name in (source.column, source.minus) if name]
        return list(dict.fromkeys([*named, *self.control]))

    def unknown(self, header: list[str]) -> list[str]:
        """Columns of the file that the mapping neither reads nor sets aside knowingly."""
        known = {folded(name) for name in [*self.columns(), *self.set_aside]}
        return [name for name in header if folded(name) not in known]

    def _needs(self, column: str) -> bool:
        """The file of a shipped or saved mapping always has its columns; only our own format has optional ones."""
        users = [name for name, source in self.fields.items() if column in (source.column, source.minus)]
        return self.name != "standard" or any(FIELDS[name].required for name in users)


def folded(name: str) -> str:
    return " ".join(name.split()).casefold()


@cache
def shipped_mapping(name: str) -> Mapping | None:
    """The mapping of that name that comes with the product, or None."""
    path = SHIPPED / f"{name}.json"
    if not name.isidentifier() or not path.is_file():
        return None
    return mapping_from(name, json.loads(path.read_text(encoding="utf-8")))


def shipped_names() -> list[str]:
    return sorted(path.stem for path in SHIPPED.glob("*.json"))


def mapping_from(name: str, terms: dict[str, Any]) -> Mapping:
    """Build a mapping from its JSON. Refuses unknown fields and words, and a mapping without reference or amount."""
    sources = {field_name: _source(field_name, given) for field_name, given in terms.get("fields", {}).items()}
    mapping = Mapping(
        name=name,
        title=terms.get("title", name),
        fields=sources,
        defaults=dict(terms.get("defaults", {})),
        dates=list(terms.get("dates", [])),
        century_from=int(terms.get("century_from", 1970)),
        statuses={folded(word): _status(word, given) for word, given in terms.get("statuses", {}).items()},
        expected=list(terms.get("expected", [])),
        control=list(terms.get("control", [])),
        set_aside=frozenset(terms.get("set_aside", [])),
        terms=terms,
    )
    _refuse_unusable(mapping)
    return mapping


def _source(field_name: str, given: dict[str, str] | str) -> Source:
    if field_name not in FIELDS:
        raise FileRefused("placement.bad_mapping", problem=f"there is no field {field_name}")
    source = Source(given) if isinstance(given, str) else Source(**given)
    if source.minus and field_name not in AMOUNTS:
        raise FileRefused("placement.bad_mapping", problem=f"{field_name} is not an amount")
    return source


def _status(word: str, given: dict[str, Any]) -> StatusMeaning:
    if not given.keys() <= STATUS_KEYS:
        raise FileRefused("placement.bad_mapping", problem=f"status {word}")
    return StatusMeaning(
        label=given.get("label") or given.get("skip") or folded(word).replace(" ", "_")[:40],
        skip="skip" in given,
        days_late=given.get("days_late"),
        charged_off=bool(given.get("charged_off")),
    )


def _refuse_unusable(mapping: Mapping) -> None:
    strangers = [name for name in [*mapping.defaults, *mapping.expected] if name not in FIELDS]
    if strangers:
        raise FileRefused("placement.bad_mapping", problem=f"there is no field {strangers[0]}")
    if "reference" not in mapping.fields:
        raise FileRefused("placement.bad_mapping", problem="no column is the reference")
    if not any(part in mapping.fields for part in PARTS):
        raise FileRefused("placement.bad_mapping", problem="no column is an amount owed")


def suggested(header: list[str]) -> dict[str, str]:
    """Field -> column of this header whose name says the same, for the first look at an unknown file."""
    columns = {_bare(name): name for name in reversed(header)}
    found: dict[str, str] = {}
    for name, known in FIELDS.items():
        match = next((columns[alias] for alias in (_bare(name), *known.aliases) if alias in columns), None)
        if match and match not in found.values():
            found[name] = match
    return found


def _bare(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
