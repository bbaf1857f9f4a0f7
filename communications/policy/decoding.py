"""Turns plain values read from JSON or TOML back into the frozen records of this package, by their annotations."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any

PARSERS = {datetime: datetime.fromisoformat, date: date.fromisoformat, time: time.fromisoformat}
Reading = Callable[[Any], Any]


def decode(record: type, values: Mapping[str, Any]) -> Any:
    """Make `record` from plain values. A key that the record does not have is refused, never ignored."""
    readings = _readings(record)
    try:
        found = {name: reading(values[name]) if (reading := readings[name]) else values[name] for name in values}
    except KeyError:
        if unknown := set(values) - set(readings):
            raise ValueError(f"{record.__name__} has no {', '.join(sorted(unknown))}") from None
        raise
    return record(**found)


@cache
def _readings(record: type) -> dict[str, Reading | None]:
    """How each field of a record is read, worked out once a record; None for what stands as it is."""
    hints = typing.get_type_hints(record)
    return {field.name: _reading(hints[field.name]) for field in fields(record)}


def _reading(hint: Any) -> Reading | None:
    if isinstance(hint, types.UnionType):
        hint = next(option for option in typing.get_args(hint) if option is not types.NoneType)
    if typing.get_origin(hint) is tuple:
        return _tuple_of(_reading(typing.get_args(hint)[0]))
    if is_dataclass(hint):
        return lambda value: None if value is None else decode(hint, value)  # type: ignore[arg-type]
    if parse := PARSERS.get(hint):
        return lambda value: parse(value) if isinstance(value, str) else value
    return None


def _tuple_of(inner: Reading | None) -> Reading:
    if inner is None:
        return lambda value: None if value is None else tuple(value)
    return lambda value: None if value is None else tuple([inner(item) for item in value])
