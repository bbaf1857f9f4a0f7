"""A measured figure, and the gate it has to pass."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`value` in `unit` at `size` accounts. With `least` or `most` it is a gate: a ratio measured within one run, or a
    count. `aim` is what is wished for on a machine of one's own: it is told, and fails nothing."""

    what: str
    size: int
    value: float
    unit: str = ""
    least: float | None = None
    most: float | None = None
    aim: float | None = None

    @property
    def passes(self) -> bool:
        high_enough = self.least is None or self.value >= self.least
        return high_enough and (self.most is None or self.value <= self.most)

    @property
    def gate(self) -> str:
        if self.least is not None:
            return f"at least {self.least:g}"
        return f"at most {self.most:g}" if self.most is not None else ""

    @property
    def wanted(self) -> str:
        """The gate, or the aim, as the table says it."""
        return self.gate or (f"aim {self.aim:,g}" if self.aim is not None else "")

    @property
    def verdict(self) -> str:
        if self.gate:
            return "ok" if self.passes else "FAILS"
        return "" if self.aim is None else "reached" if self.value >= self.aim else "missed"

    @property
    def written(self) -> str:
        return f"{self.value:,.0f}" if abs(self.value) >= 100 else f"{self.value:,.2f}"

    def line(self, part: str) -> str:
        told = f"{part:<10} {self.size:>9,}  {self.what:<52} {self.written:>11} {self.unit:<12}"
        return f"{told} {self.wanted:<14} {self.verdict}".rstrip()


def table(figures: list[tuple[str, Figure]]) -> str:
    """The gates alone, as a table in Markdown: what a run comes to."""
    rows = [
        f"| {part} | {one.size:,} | {one.what} | {one.written} {one.unit} | {one.gate} | {one.verdict} |"
        for part, one in figures
        if one.gate
    ]
    head = ["| part | accounts | figure | measured | gate | |", "|---|---:|---|---:|---|---|"]
    return "\n".join([*head, *rows])
