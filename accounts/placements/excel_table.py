"""The first sheet of a plain Excel workbook, read after its parts were measured."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import BinaryIO

import python_calamine as calamine

from accounts.placements.limits import Limits
from accounts.placements.raw import RawRow
from accounts.placements.refusals import FileRefused
from accounts.placements.workbook import SheetShape, inspect_workbook


def excel_rows(stream: BinaryIO, limits: Limits, notes: list[str]) -> Iterator[RawRow]:
    """Every row of the first sheet, the header first, as text; computed cells are marked."""
    shape = inspect_workbook(stream, limits)
    if shape.other_sheets:
        notes.append("other_sheets")
    stream.seek(0)
    sheet = _first_sheet(stream)
    offset = sheet.start[1] if sheet.start else 0
    for number, values in enumerate(sheet.iter_rows(), 1):
        cells = [""] * offset + [_text(value) for value in values]
        yield RawRow(number, cells, _formulas_of(shape, number))


def _first_sheet(stream: BinaryIO) -> calamine.CalamineSheet:
    try:
        return calamine.CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0)
    except calamine.PasswordError as locked:
        raise FileRefused("placement.locked_workbook") from locked
    except (calamine.CalamineError, IndexError) as damage:
        raise FileRefused("placement.damaged_workbook") from damage


def _formulas_of(shape: SheetShape, number: int) -> frozenset[int]:
    return frozenset(shape.formulas.get(number, ()))


def _text(value: object) -> str:
    """What the cell shows, without its formatting. Numbers keep the fifteen digits that Excel itself keeps."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(sep=" ")
    if isinstance(value, (date, time, timedelta, int)):
        return value.isoformat() if isinstance(value, (date, time)) else str(value)
    return ""
