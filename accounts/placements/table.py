"""A table as it stands in a file: one header and rows of text, whatever kind of file it came from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from accounts.placements.csv_table import csv_rows
from accounts.placements.excel_table import excel_rows
from accounts.placements.filetype import Kind, file_kind
from accounts.placements.limits import DEFAULT_LIMITS, Limits
from accounts.placements.raw import RawRow
from accounts.placements.refusals import FileRefused


@dataclass
class Table:
    """The header is read; the rows come as they are asked for. `notes` is complete once the rows are exhausted."""

    kind: Kind
    header: list[str]
    rows: Iterator[RawRow]
    notes: list[str] = field(default_factory=list)


def open_table(stream: BinaryIO, name: str, limits: Limits = DEFAULT_LIMITS) -> Table:
    """Open a seekable binary stream as a table.

    Refuses, by `FileRefused`, what isn't a table of text in UTF-8 or a plain Excel workbook, at once or while its rows
    are read. A caller that stages rows does so in one transaction, so a file refused half-way leaves nothing.
    """
    kind = file_kind(stream, name, limits)
    notes: list[str] = []
    rows = csv_rows(stream, limits, notes) if kind == "csv" else excel_rows(stream, limits, notes)
    first = next(rows, None)
    if first is None:
        raise FileRefused("placement.no_header")
    header = _header(first, limits)
    return Table(kind, header, _body(rows, len(header), limits), notes)


def file_digest(stream: BinaryIO) -> str:
    """SHA-256 of the file's bytes in hexadecimal; the stream is left at its beginning."""
    stream.seek(0)
    digest = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    stream.seek(0)
    return digest


def _header(first: RawRow, limits: Limits) -> list[str]:
    cells = list(first.cells)
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > limits.columns:
        raise FileRefused("placement.too_many_columns", found=len(cells), limit=limits.columns)
    names = [" ".join(cell.split()) or f"({place})" for place, cell in enumerate(cells, 1)]
    if not names or all(name.startswith("(") for name in names):
        raise FileRefused("placement.no_header")
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise FileRefused("placement.duplicate_column", column=name[:80])
        seen.add(name.casefold())
    return names


def _body(rows: Iterator[RawRow], width: int, limits: Limits) -> Iterator[RawRow]:
    """Rows that hold something. A short last row means that the file was cut, so one row is always kept back."""
    kept: RawRow | None = None
    count = 0
    for row in rows:
        if not any(cell.strip() for cell in row.cells):
            continue
        count += 1
        if count > limits.rows:
            raise FileRefused("placement.too_many_rows", limit=limits.rows)
        if kept is not None:
            yield kept
        kept = _trimmed(row, width)
    if kept is None:
        raise FileRefused("placement.no_rows")
    if len(kept.cells) < width:
        raise FileRefused("placement.cut_short", row=kept.number, found=len(kept.cells), expected=width)
    yield kept


def _trimmed(row: RawRow, width: int) -> RawRow:
    """Empty cells to the right of the last column are no cells."""
    cells = row.cells
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    return row if cells is row.cells else RawRow(row.number, cells, row.formulas)
