"""A merchant's bank statement read: the credits of each day, and every row that is none with its reason."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import Refused
from accounts.foundation.spreadsheets import looks_like_formula
from accounts.placements import cells
from accounts.placements.limits import Limits
from accounts.placements.mapping import folded
from accounts.placements.raw import RawRow
from accounts.placements.table import Table, open_table

LIMITS = Limits(file_bytes=5 * 1024 * 1024, columns=64, rows=50_000, line_bytes=64 * 1024)
CENTURY = 2000
# How the days of a file are written, besides 2026-11-20.
DAY_FORMS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "iso": ("2026-11-20", ()),
    "day_first": (_("20/11/2026, the day first"), ("%d/%m/%Y", "%d-%m-%Y", "%d/%m/%y", "%d %b %Y")),
    "month_first": (_("11/20/2026, the month first"), ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y", "%b %d %Y")),
}
DAY_NAMES = ("date", "day", "postingdate", "transactiondate", "valuedate", "bookingdate", "fecha", "dia")
AMOUNT_NAMES = ("credit", "credits", "deposit", "deposits", "amount", "importe", "monto", "abono", "abonos", "deposito")
# Why a row counts for nothing although it is in order.
LEFT_OUT = ("debit", "no_amount")


@dataclass(frozen=True)
class Columns:
    """Which column holds the day, which the amount, and how days are written."""

    day: str
    amount: str
    form: str = "iso"


@dataclass(frozen=True)
class Line:
    row: int
    on: date
    amount: Decimal


@dataclass
class StatementRead:
    """`lines` are the credits. `left_out` and `rejected` are (row, column, reason) of what is none or can't be read.

    `first` and `last` are the days of the file, debits included: a day with debits only had no receipts.
    """

    lines: list[Line] = field(default_factory=list)
    left_out: list[tuple[int, str, str]] = field(default_factory=list)
    rejected: list[tuple[int, str, str]] = field(default_factory=list)
    days: set[date] = field(default_factory=set)

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal("0.00"))


def open_statement(content: bytes, name: str) -> Table:
    """The file as a table. Refuses, in words, what isn't delimited text in UTF-8, is cut or damaged, or has no rows."""
    table = open_table(io.BytesIO(content), name, LIMITS)
    if table.kind != "csv":
        raise Refused("statement_not_csv")
    return table


def first_rows(content: bytes, name: str, count: int = 5) -> tuple[list[str], list[list[str]]]:
    """The header, and the first rows as they stand."""
    table = open_statement(content, name)
    return table.header, [raw.cells for raw in islice(table.rows, count)]


def guessed(header: list[str]) -> Columns:
    """The columns by their names; empty where none is known."""
    return Columns(_named(header, DAY_NAMES), _named(header, AMOUNT_NAMES))


def _named(header: list[str], names: tuple[str, ...]) -> str:
    by_name = {_bare(column): column for column in reversed(header)}
    return next((by_name[name] for name in names if name in by_name), "")


def _bare(column: str) -> str:
    """`Depósito (MXN)` as `depositomxn`."""
    plain = unicodedata.normalize("NFKD", folded(column))
    return "".join(letter for letter in plain if letter.isalnum())


def read_statement(content: bytes, name: str, columns: Columns, *, until: date) -> StatementRead:
    """Every row of the file: credits up to the day `until` are lines, debits are left out, the rest is rejected.

    Refuses columns that the file hasn't. No row can raise.
    """
    table = open_statement(content, name)
    if not {columns.day, columns.amount} <= set(table.header) or columns.day == columns.amount:
        raise Refused("statement_columns_unknown")
    day_of = cells.day_reader(list(DAY_FORMS[columns.form][1]), CENTURY)
    read = StatementRead()
    for raw in table.rows:
        _read_row(read, raw, table.header, columns, day_of, until)
    return read


def _read_row(
    read: StatementRead,
    raw: RawRow,
    header: list[str],
    columns: Columns,
    day_of: Callable[[str], date | None],
    until: date,
) -> None:
    if len(raw.cells) != len(header):
        read.rejected.append((raw.number, "", "wrong_number_of_cells"))
        return
    texts = dict(zip(header, raw.cells, strict=True))
    problem = next(_problems(texts, columns, day_of, until), None)
    if problem is not None:
        read.rejected.append((raw.number, *problem))
        return
    on, amount = day_of(texts[columns.day]), cells.amount(texts[columns.amount])
    if on is None:  # _problems has looked
        return
    read.days.add(on)
    if amount is None or amount == 0:
        read.left_out.append((raw.number, columns.amount, "no_amount"))
    elif amount < 0:
        read.left_out.append((raw.number, columns.amount, "debit"))
    else:
        read.lines.append(Line(raw.number, on, amount))


def _problems(
    texts: dict[str, str], columns: Columns, day_of: Callable[[str], date | None], until: date
) -> Iterator[tuple[str, str]]:
    """(column, reason) of what can't be read in a row."""
    for column, read in ((columns.day, day_of), (columns.amount, cells.amount)):
        text = texts[column]
        try:
            value = read(text)
        except cells.Unreadable as problem:
            yield column, "formula_cell" if looks_like_formula(text) else problem.code
            continue
        if column == columns.day and value is None:
            yield column, "day_missing"
        elif column == columns.day and value > until:  # type: ignore[operator]
            yield column, "day_to_come"
