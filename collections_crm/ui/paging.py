"""Pages by the key of the last row seen, never by counting rows from the start: order stands still while one reads."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

COUNTED_TO = 10_001


@dataclass(frozen=True)
class Page:
    """Some rows of a list. `total` is exact to 10,000 (then 10,001); `next` is the mark of the following page."""

    rows: list[Any]
    total: int
    next: str
    started: bool
    as_of: datetime | None = None


def mark(values: list[Any]) -> str:
    """Where a page ended, as one opaque word for the address."""
    return urlsafe_b64encode(json.dumps([str(value) for value in values]).encode()).decode().rstrip("=")


def read_mark(text: str) -> list[str]:
    """The values of a mark; an unreadable one starts from the top."""
    try:
        values = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return []
    return values if isinstance(values, list) else []


def keyset_page(
    rows: QuerySet, *, order: list[str], after: str = "", size: int = 50, as_of: datetime | None = None
) -> Page:
    """One page of `rows` in `order` (field names, `-` for descending; the last must be unique, none may be NULL)."""
    names = [name.removeprefix("-") for name in order]
    seen = read_mark(after)
    window = rows.order_by(*order)
    if len(seen) == len(order):
        window = window.filter(_beyond(order, seen))
    found = list(window[: size + 1])
    more = len(found) > size
    found = found[:size]
    following = mark([_value(found[-1], name) for name in names]) if more else ""
    total = rows.order_by()[:COUNTED_TO].count()
    return Page(found, total, following, started=bool(seen), as_of=as_of)


def _value(row: Any, name: str) -> Any:
    value = row
    for part in name.split("__"):
        value = value[part] if isinstance(value, dict) else getattr(value, part)
    return value


def _beyond(order: list[str], seen: list[str]) -> Q:
    """Rows after the mark: the first field beyond it, or equal there and the second beyond, and so on."""
    beyond, equal = Q(pk__in=[]), Q()
    for name, value in zip(order, seen, strict=True):
        field = name.removeprefix("-")
        step = "lt" if name.startswith("-") else "gt"
        beyond |= equal & Q(**{f"{field}__{step}": value})
        equal &= Q(**{field: value})
    return beyond
