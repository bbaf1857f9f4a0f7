"""Long statements that every page asks: the server reads and plans each once a connection instead of once a page.

Planning takes longer than the answer for what joins many tables. After a few times the server keeps one plan for all
values where that is as good. A table that changed is planned anew by the server itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

_NAMED = re.compile(r"%\((\w+)\)s")
# What each connection of the driver has prepared; a closed one takes its names with it.
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
_TYPES: list[tuple[type, str]] = [
    (bool, "boolean"),
    (int, "integer"),
    (datetime, "timestamptz"),
    (date, "date"),
    (Decimal, "numeric"),
    (str, "text"),
]
_LARGEST = 2**31


def ask(cursor: Any, statement: str, given: Mapping[str, Any]) -> None:
    """Carry out a statement with named parameters, `%(name)s`, each of them of a type that its value tells: a truth, a
    number, a moment, a day, a text, or a list of one of them. What has another value, an empty list for one, is asked
    in the ordinary way."""
    names = _names_in(statement)
    types = tuple(_type_of(given[name]) for name in names)
    if None in types or not names:
        cursor.execute(statement, given)
        return
    name = _name_of(statement, types)
    prepared = _known.setdefault(connection.connection, set())
    if name not in prepared:
        numbered = _NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", statement).replace("%%", "%")
        cursor.execute(f"PREPARE {name} ({', '.join(map(str, types))}) AS {numbered}")
        prepared.add(name)
    cursor.execute(f"EXECUTE {name} ({', '.join(['%s'] * len(names))})", [given[one] for one in names])


@lru_cache(maxsize=256)
def _names_in(statement: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_NAMED.findall(statement)))


@lru_cache(maxsize=256)
def _name_of(statement: str, types: tuple[str | None, ...]) -> str:
    return "page_" + sha256(repr((statement, types)).encode()).hexdigest()[:24]


def _type_of(value: Any) -> str | None:
    if isinstance(value, list):
        within = {_type_of(one) for one in value if one is not None}
        return f"{within.pop()}[]" if len(within) == 1 else None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _LARGEST:
        return "bigint"
    return next((name for kind, name in _TYPES if isinstance(value, kind)), None)
