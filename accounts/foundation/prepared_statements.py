"""Long statements that every page asks: the server reads and plans each once a connection instead of once a page.

Planning takes longer than the answer for what joins many tables. After a few times the server keeps one plan for all
values where that is as good. A table that changed is planned anew by the server itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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
    number, a moment, a day, a text, or a list of one of them. Of another value, an empty list for one, the server finds
    the type out as it does for what is written into a statement."""
    names = _names_in(statement)
    if not names:
        cursor.execute(statement, given)
        return
    types = tuple(_type_of(given[name]) for name in names)
    alone = tuple(kind.endswith("[]") and len(given[name]) == 1 for name, kind in zip(names, types, strict=True))
    prepared = _prepared(_name_of(statement, types, alone), cursor, lambda: _numbered(statement, names, types, alone))
    values = [given[name][0] if is_alone else given[name] for name, is_alone in zip(names, alone, strict=True)]
    cursor.execute(_execute(prepared, len(names)), values)


def ask_about(ids: Sequence[int], cursor: Any, statement: str, given: Mapping[str, Any]) -> None:
    """As `ask` where it is about one row, as after each act: planning takes longer there than the answer. Many at a
    time get a plan for as many."""
    if len(ids) == 1:
        ask(cursor, statement, given)
    else:
        cursor.execute(statement, given)


@contextmanager
def planned_once() -> Iterator[None]:
    """Have the server plan what querysets ask in here once a connection, as `ask` does. For pages that are opened all
    day and ask the same questions each time; not for a question whose best plan depends on its values."""
    with connection.execute_wrapper(_ask_prepared):
        yield


def _ask_prepared(
    execute: Callable[..., Any], statement: str, params: Sequence[Any] | None, many: bool, context: dict[str, Any]
) -> Any:
    if many or not isinstance(params, Sequence) or not statement.startswith("SELECT"):
        return execute(statement, params, many, context)
    name = _name_of(statement, (), ())

    def numbered() -> str:
        pieces = statement.split("%s")
        text = "".join(f"{piece}${number}" for number, piece in enumerate(pieces[:-1], start=1)) + pieces[-1]
        return f"PREPARE {name} AS {text.replace('%%', '%')}"

    _prepared(name, context["cursor"].cursor, numbered)
    return execute(_execute(name, len(params)), params, many, context)


def _prepared(name: str, cursor: Any, statement: Callable[[], str]) -> str:
    """The name, once this connection knows the statement by it."""
    known = _known.setdefault(connection.connection, set())
    if name not in known:
        # By the driver's own cursor: what is done once a connection is no query of the page that happens to be first.
        getattr(cursor, "cursor", cursor).execute(statement())
        known.add(name)
    return name


def _execute(name: str, number: int) -> str:
    return f"EXECUTE {name} ({', '.join(['%s'] * number)})" if number else f"EXECUTE {name}"


def _numbered(statement: str, names: tuple[str, ...], types: tuple[str, ...], alone: tuple[bool, ...]) -> str:
    """A list of one is written as such: of any list the server expects ten, and plans that anew each time."""
    name = _name_of(statement, types, alone)
    places = {
        one: f"ARRAY[${number}]" if is_alone else f"${number}"
        for number, (one, is_alone) in enumerate(zip(names, alone, strict=True), start=1)
    }
    kinds = [kind.removesuffix("[]") if is_alone else kind for kind, is_alone in zip(types, alone, strict=True)]
    text = _NAMED.sub(lambda found: places[found[1]], statement).replace("%%", "%")
    return f"PREPARE {name} ({', '.join(kinds)}) AS {text}"


@lru_cache(maxsize=256)
def _names_in(statement: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_NAMED.findall(statement)))


@lru_cache(maxsize=256)
def _name_of(statement: str, types: tuple[str, ...], alone: tuple[bool, ...]) -> str:
    return "page_" + sha256(repr((statement, types, alone)).encode()).hexdigest()[:24]


def _type_of(value: Any) -> str:
    if isinstance(value, list):
        within = {_type_of(one) for one in value if one is not None}
        return f"{within.pop()}[]" if len(within) == 1 else "unknown"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _LARGEST:
        return "bigint"
    return next((name for kind, name in _TYPES if isinstance(value, kind)), "unknown")
