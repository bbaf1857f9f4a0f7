"""Control totals: what the columns of the file add up to, whatever became of the rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from accounts.placements.fields import AMOUNTS, PARTS
from accounts.placements.mapping import Mapping
from accounts.placements.raw import RawRow
from accounts.placements.rows import Result, RowRead

ZERO = Decimal("0")


@dataclass
class ColumnTotal:
    """The plain sum of one column, by what became of the row. `unreadable` counts the cells that hold no number."""

    sums: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(Result, ZERO))
    whole: Decimal = ZERO
    unreadable: int = 0

    def add(self, text: str, result: str) -> None:
        text = text.strip().replace(",", "").lstrip("$£")
        if not text:
            return
        try:
            number = Decimal(text)
        except InvalidOperation:
            self.unreadable += 1
            return
        if not number.is_finite():
            self.unreadable += 1
            return
        self.whole += number
        self.sums[result] += number


class FileTotals:
    """Counts and sums of a whole file, row by row. `as_json` is what a placement keeps and a person reads."""

    def __init__(self, mapping: Mapping, places: dict[str, int]) -> None:
        self._mapping = mapping
        columns = [
            column
            for name, source in mapping.fields.items()
            if name in AMOUNTS
            for column in (source.column, source.minus)
        ]
        self._places = {column: places[column] for column in [*columns, *mapping.control] if column in places}
        self.columns = {column: ColumnTotal() for column in self._places}
        self.results: Counter[str] = Counter()
        self.reasons: dict[str, Counter[str]] = {result: Counter() for result in Result}
        self.warnings: Counter[str] = Counter()
        self.opened = ZERO

    def add(self, raw: RawRow, row: RowRead) -> None:
        self.results[row.result] += 1
        self.reasons[row.result][row.reason or row.status] += 1
        self.warnings.update(code for code, _column in row.warnings)
        if row.placed:
            self.opened += row.placed.total
        for column, place in self._places.items():
            if place < len(raw.cells):
                self.columns[column].add(raw.cells[place], row.result)

    @property
    def expected(self) -> Decimal:
        """What the placed rows must open with, from the plain sums of the columns alone."""
        total = ZERO
        for name in PARTS:
            source = self._mapping.fields.get(name)
            if source and source.column in self.columns:
                total += self.columns[source.column].sums[Result.PLACED]
            if source and source.minus in self.columns:
                total -= self.columns[source.minus].sums[Result.PLACED]
        return total

    def counts(self) -> dict[str, Any]:
        return {
            "rows": sum(self.results.values()),
            **{str(result): self.results[result] for result in Result},
            **{f"{result}_by": {k: v for k, v in sorted(self.reasons[result].items()) if k} for result in Result},
            "warnings": dict(sorted(self.warnings.items())),
        }

    def control(self) -> dict[str, Any]:
        return {
            "columns": {
                column: {
                    "sum": _plain(total.whole),
                    **{str(result): _plain(total.sums[result]) for result in Result},
                    "unreadable": total.unreadable,
                }
                for column, total in self.columns.items()
            },
            "expected": _plain(self.expected),
            "opened": _plain(self.opened),
            "agrees": self.expected == self.opened,
        }


def _plain(amount: Decimal) -> str:
    return format(amount.quantize(Decimal("0.01")) if amount == amount.quantize(Decimal("0.01")) else amount, "f")
