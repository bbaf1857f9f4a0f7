"""Turns plain values read from JSON or TOML back into the frozen records of this package, by their annotations."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any

PARSERS = {datetime: datetime.fromisoformat, date: date.fromisoformat, time: time.fromisoformat}


@cache
def _hints(record: type) -> dict[str, Any]:
    return typing.get_type_hints(record)


def decode(record: type, values: Mapping[str, Any]) -> Any:
    """Make `record` from plain values. A key that the record does not have is refused, never ignored."""
    known = {field.name for field in fields(record)}
    if unknown := set(values) - known:
        raise ValueError(f"{record.__name__} has no {', '.join(sorted(unknown))}")
    hints = _hints(record)
    return record(**{name: _value(hints[name], value) for name, value in values.items()})


def _value(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(hint, types.UnionType):
        hint = next(option for option in typing.get_args(hint) if option is not types.NoneType)
    if typing.get_origin(hint) is tuple:
        inner = typing.get_args(hint)[0]
        return tuple(_value(inner, item) for item in value)
    if is_dataclass(hint):
        return decode(hint, value)  # type: ignore[arg-type]
    if hint in PARSERS and isinstance(value, str):
        return PARSERS[hint](value)
    return value
