# ruff: noqa: S608 - statements are put together from the table names of the database
"""Closing a day against a bare UPDATE and INSERT of exactly the rows that it changes, triggers and indexes included."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

from django.db import connection, transaction

from accounts.foundation.days import civil_day
from accounts.foundation.runs import Run
from accounts.models import Portfolio
from collections_crm.bench.books import book_of
from collections_crm.bench.closing_book import (
    CALLBACKS,
    HOLDS,
    PAUSES,
    PROMISES,
    REMINDERS,
    bring_to_evening,
    moved_buckets,
)
from collections_crm.bench.databases import copied_database
from collections_crm.bench.figures import Figure
from collections_crm.bench.pages_book import MORNING
from collections_crm.closing.close import close_through
from collections_crm.closing.day import ONE_DAY, closing_instant

# A day of the smaller books is closed this often, each time on a fresh copy, in turns with the bare statements.
ROUNDS, MANY = 3, 100_000


def measure(sizes: list[int]) -> Iterator[Figure]:
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="crm-bench-") as folder, book_of(size) as placed:
            yield from _measure(size, placed, Path(folder))


def _measure(size: int, placed: Portfolio, folder: Path) -> Iterator[Figure]:
    portfolio, day = evening(placed, bring_to_evening)
    moving = moved_buckets(portfolio, day + ONE_DAY)
    rounds = rounds_of(portfolio, day, folder, size, lambda counts: _check(counts, moving, size))
    closing = median(one.closing for one in rounds)
    yield Figure("accounts closed", size, size / closing, "accounts/s", aim=20_000)
    yield Figure("closing the day", size, closing, "s")
    yield Figure("bare UPDATE and INSERT of its rows", size, median(one.bare for one in rounds), "s")
    for kind, count in rounds[0].moved.items():
        yield Figure(f"rows: {kind}", size, count, "rows")
    yield Figure("rows written in all", size, rounds[0].rows, "rows")
    yield Figure("closing / bare", size, median(one.closing / one.bare for one in rounds), "", most=5)
    yield Figure("the same day again / the first time", size, median(one.again / one.closing for one in rounds), "",
                 most=0.1)  # fmt: skip


@dataclass(frozen=True)
class Round:
    """The day closed once, once again, and its rows written bare, each on a copy of the same evening. In seconds."""

    closing: float
    again: float
    bare: float
    rows: int
    moved: dict[str, int]


Check = Callable[[dict[str, dict[str, int]]], dict[str, int]]


def rounds_of(portfolio: Portfolio, day: date, folder: Path, size: int, check: Check) -> list[Round]:
    """Close the day of this evening, as often as its size allows. `check` answers the rows by kind or refuses them."""
    return [_round(portfolio, day, folder, check) for _ in range(ROUNDS if size <= MANY else 1)]


def _round(portfolio: Portfolio, day: date, folder: Path, check: Check) -> Round:
    with copied_database() as of_closing, copied_database() as before:
        with of_closing():
            first_row = _transaction_number()
            closing, run = _close(portfolio, day)
            again, _run = _close(portfolio, day)
            moved = check(run.counts)
            changed = _dump(folder, first_row)
        with before():
            bare = _bare(folder, changed)
    return Round(closing, again, bare, sum(changed.values()), moved)


def _close(portfolio: Portfolio, day: date) -> tuple[float, Run]:
    began = time.monotonic()
    run = close_through(portfolio_id=portfolio.pk, on=day, now=closing_instant(portfolio, day))[-1]
    return time.monotonic() - began, run


def evening(portfolio: Portfolio, bring: Callable[[Portfolio, date], object]) -> tuple[Portfolio, date]:
    """The book on the evening of a working day, with what is brought into it."""
    day = civil_day(MORNING, portfolio.zone)
    Portfolio.objects.filter(pk=portfolio.pk).update(closed_through=day - ONE_DAY, cash_posted_through=day - ONE_DAY)
    with transaction.atomic():
        bring(portfolio, day)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Portfolio.objects.get(pk=portfolio.pk), day


def _check(counts: dict[str, dict[str, int]], moving: int, size: int) -> dict[str, int]:
    """The rows by kind as the closing counted them. A kind that differs from the recount, or is zero, is an error."""
    recount = {
        "accounts": moving,
        "payments": PROMISES // 2,
        "arrangement.fall_through": PROMISES // 2,
        "reminders": REMINDERS,
        "to_review": HOLDS - PAUSES,
        "lifted": PAUSES,
        "missed": CALLBACKS,
    }
    if moving < size / 100:
        raise RuntimeError(f"only {moving} accounts change their bucket")
    return as_counted(counts, recount)


def as_counted(counts: dict[str, dict[str, int]], recount: dict[str, int]) -> dict[str, int]:
    """The recount, once the closing told the same of each kind and none of them is zero."""
    told = Counter({kind: count for step in counts.values() for kind, count in step.items()})
    wrong = {kind: (told[kind], count) for kind, count in recount.items() if told[kind] != count or not count}
    if wrong:
        raise RuntimeError(f"the closing counted otherwise than the recount: {wrong}")
    return recount


def _transaction_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT txid_current()")
        return int(cursor.fetchone()[0])


def _dump(folder: Path, first: int) -> dict[str, int]:
    """Write to files what the transactions since `first` wrote, table by table; answers how many rows of each."""
    changed = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            rows = f"SELECT {_columns(table)} FROM {table} WHERE xmin::text::bigint > {first}"
            with (folder / table).open("wb") as target:
                cursor.copy_expert(f"COPY ({rows}) TO STDOUT", target)
            if cursor.rowcount:
                changed[table] = cursor.rowcount
    return changed


def _bare(folder: Path, changed: dict[str, int]) -> float:
    """The same rows into the book as it was: staged first, unmeasured, then one UPDATE and one INSERT a table, checked
    and committed as durably as the closing commits."""
    statements = [statement for table in changed for statement in _staged(folder, table)]
    began = time.monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    return time.monotonic() - began


def _staged(folder: Path, table: str) -> list[str]:
    """Lay the rows ready beside their table; answers the statements that bring them into it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE new_{table} AS SELECT {_columns(table)} FROM {table} LIMIT 0")
        with (folder / table).open("rb") as source:
            cursor.copy_expert(f"COPY new_{table} ({_columns(table)}) FROM STDIN", source)
        cursor.execute(f"ANALYZE new_{table}")
        return _statements(cursor, table)


def _statements(cursor, table: str) -> list[str]:
    key = connection.introspection.get_primary_key_column(cursor, table)
    names = [name for name in _columns(table).split(", ") if name != f'"{key}"']
    assigned = ", ".join(f"{name} = n.{name}" for name in names)
    return [
        f'UPDATE {table} t SET {assigned} FROM new_{table} n WHERE n."{key}" = t."{key}"',
        f"INSERT INTO {table} ({_columns(table)}) SELECT {_columns(table)} FROM new_{table} n "
        f'WHERE NOT EXISTS (SELECT 1 FROM {table} t WHERE t."{key}" = n."{key}")',
    ]


def _columns(table: str) -> str:
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, table)
    return ", ".join(f'"{c.name}"' for c in columns if (table, c.name) != ("accounts_party", "person_id"))
