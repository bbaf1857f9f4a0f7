"""One row as it stands in a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RawRow:
    """`number` is the row as a spreadsheet counts it (the header is 1); `formulas` are the places of computed cells."""

    number: int
    cells: list[str]
    formulas: frozenset[int] = frozenset()
