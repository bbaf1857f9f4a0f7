"""The JSON form of `ContactFacts` as a JSON Schema, made from the records themselves so that the two can't differ."""

from __future__ import annotations

import types
import typing
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from typing import Any

from communications.policy.facts import CHANNELS, ELEMENTS, PURPOSES, REACHES, STOP_CAUSES, ContactFacts

# Words that a field may hold; a field that isn't named here holds any text.
WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("ContactFacts", "channel"): CHANNELS,
    ("ContactFacts", "purpose"): PURPOSES,
    ("PartyFact", "kind"): ("consumer", "sole_trader", "guarantor", "entity"),
    ("ZoneFact", "source"): ("statement", "address", "number", "country", "record"),
    ("AccountFact", "jurisdiction"): ("UK", "US", "MX", "AU"),
    ("AccountFact", "capacity"): ("original_creditor", "servicer", "third_party_collector", "debt_buyer"),
    ("AccountFact", "debt_purpose"): ("consumer", "commercial"),
    ("AccountFact", "standing"): (
        "", "paid", "settled", "written_off", "recalled", "placed_out", "enforcement",
    ),
    ("StopFact", "channel"): ("", *CHANNELS),
    ("StopFact", "cause"): STOP_CAUSES,
    ("PointFact", "kind"): ("phone", "email", "whatsapp", "post"),
    ("PointFact", "status"): ("unverified", "verified", "wrong_party", "dead"),
    ("PreferenceFact", "channel"): ("", *CHANNELS),
    ("PreferenceFact", "media"): CHANNELS,
    ("HoldFact", "scope"): ("person", "account", "contact_point", "channel", "amount"),
    ("PastContact", "channel"): CHANNELS,
    ("PastContact", "reach"): REACHES,
    ("PastContact", "direction"): ("in", "out"),
    ("PastContact", "marks"): ("unconnected", "misdirected", "consented", "requested", "professional", "work", "asks"),
    ("AccountFact", "band"): ("", "upto_500k", "over_500k"),
    ("ContactFacts", "elements"): ELEMENTS,
}  # fmt: skip
# A moment with its offset, as everywhere where a clock alone would be another instant elsewhere.
INSTANT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$"
DAY = r"^\d{4}-\d{2}-\d{2}$"
PLAIN = {str: "string", int: "integer", bool: "boolean"}


def facts_schema() -> dict[str, Any]:
    """What `explain_contact --facts` takes, and what a stored decision keeps."""
    records: dict[str, Any] = {}
    _record(ContactFacts, records)
    whole = records.pop("ContactFacts")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "ContactFacts"}
    return {**head, **whole, "$defs": dict(sorted(records.items()))}


def _record(record: Any, records: dict[str, Any]) -> dict[str, str]:
    name = record.__name__
    if name not in records:
        records[name] = {}
        hints = typing.get_type_hints(record)
        records[name] = {
            "description": " ".join((record.__doc__ or "").split()),
            "type": "object",
            "additionalProperties": False,
            "required": [field.name for field in fields(record) if _is_required(field)],
            "properties": {f.name: _value(hints[f.name], (name, f.name), records) for f in fields(record)},
        }
    return {"$ref": f"#/$defs/{name}"}


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _value(hint: Any, place: tuple[str, str], records: dict[str, Any]) -> dict[str, Any]:
    if isinstance(hint, types.UnionType):
        inner = next(option for option in typing.get_args(hint) if option is not types.NoneType)
        return {"anyOf": [_value(inner, place, records), {"type": "null"}]}
    if typing.get_origin(hint) is tuple:
        return {"type": "array", "items": _value(typing.get_args(hint)[0], place, records)}
    if is_dataclass(hint):
        return _record(hint, records)
    if hint is datetime:
        return {"type": "string", "pattern": INSTANT}
    if hint is date:
        return {"type": "string", "pattern": DAY}
    return {"type": PLAIN[hint], **({"enum": list(WORDS[place])} if place in WORDS else {})}
