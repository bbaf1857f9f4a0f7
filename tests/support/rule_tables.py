"""The two tables of docs/policy.md: every shipped rule, and every row of the law that others hold.

`.venv/bin/python -m tests.support.rule_tables` writes them anew.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from communications.policy.pack import Rule
from communications.policy.rules import KINDS
from communications.policy.shipped import CODES, FOLDER, shipped_pack
from communications.policy.wording import word

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "policy.md"
BEGINS = "## Every shipped rule\n"
EVERYWHERE = "test_every_rule"
COUNTRIES = {"UK": "United Kingdom", "US": "United States", "MX": "Mexico", "AU": "Australia"}


def law() -> dict[str, dict[str, Any]]:
    """The rows of the law by country: those that a rule of the same name holds, and where the others are held."""
    return tomllib.loads((FOLDER.parent / "law.toml").read_text(encoding="utf-8"))


def tables() -> str:
    """Both tables with what is said of them."""
    return "\n".join([BEGINS, SHIPPED, *map(_pack, CODES), ELSEWHERE, *map(_country, COUNTRIES)])


def _pack(code: str) -> str:
    pack = shipped_pack(code)
    head = "| rule | kind, where | does | force | source | also tested in | conf |\n|---|---|---|---|---|---|---|"
    return f"### {pack.title_en} ({code} {pack.version})\n\n{head}\n" + "".join(map(_row, pack.rules))


def _row(rule: Rule) -> str:
    file = KINDS[rule.kind].params.__module__.rsplit(".", 1)[-1]
    cells = (
        f"`{rule.id}`",
        f"{word('kind', rule.kind, 'en')}, `{file}.py`",
        word("action", rule.action, "en"),
        rule.legal_force,
        rule.citation,
        ", ".join(_tests_of(rule.id)),
        rule.confidence,
    )
    return f"| {' | '.join(cells)} |\n"


def _country(code: str) -> str:
    head = "| row | what it asks | held by | conf |\n|---|---|---|---|\n"
    rows = (
        f"| `{row}` | {says} | {_held(place)} | {confidence} |\n"
        for row, (confidence, says, place) in law()[code]["elsewhere"].items()
    )
    return f"### {COUNTRIES[code]}: held elsewhere\n\n{head}" + "".join(rows)


def _held(place: str) -> str:
    kind, _colon, what = place.partition(": ")
    if kind == "gate":
        return "the gate: " + ", ".join(f"`{rule}`" for rule in what.split(", "))
    return place if kind == "not built" else f"`{place}`"


def _tests_of(rule: str) -> list[str]:
    return sorted(name for name, text in _tests().items() if f'"{rule}"' in text and name != EVERYWHERE)


@cache
def _tests() -> dict[str, str]:
    return {
        path.stem: path.read_text(encoding="utf-8")
        for path in (ROOT / "tests" / "communications" / "policy").glob("test_*.py")
    }


SHIPPED = """\
Where: the kind's file in `communications/policy/rules/`, asked by `decide`. Test: `test_the_rule_speaks_up[id]` in
`tests/communications/policy/test_every_rule.py` for every one; the last but one column names what else there tests it.
Both tables are made from the packs and `communications/policy/law.toml` by `tests/support/rule_tables.py`.
"""
ELSEWHERE = """\
## Every other row of the law

What the law of each country asks beside the rules above, with who holds it today: rules of the gate under other names,
a file, or nothing yet, and then the area that will.
"""


def write() -> None:
    told = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(told[: told.index(BEGINS)] + tables(), encoding="utf-8")


if __name__ == "__main__":
    write()
