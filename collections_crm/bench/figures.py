"""A measured figure, and the gate it has to pass."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`value` in `unit` at `size` accounts. With `least` or `most` it is a gate: a ratio measured within one run."""

    what: str
    size: int
    value: float
    unit: str = ""
    least: float | None = None
    most: float | None = None

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
    def verdict(self) -> str:
        return ("ok" if self.passes else "FAILS") if self.gate else ""

    def line(self, part: str) -> str:
        value = f"{self.value:,.0f}" if abs(self.value) >= 100 else f"{self.value:,.2f}"
        return f"{part:<12} {self.size:>9,}  {self.what:<48} {value:>12} {self.unit:<12} {self.gate:<14} {self.verdict}"
