"""Every row of the law has its place: a rule of the gate, a file, or a word that nobody holds it yet."""

from __future__ import annotations

import re

import pytest

from communications.policy.shipped import CODES, shipped_pack
from tests.support.rule_tables import BEGINS, PAGE, ROOT, law, tables

RULES = {rule.id: rule for code in CODES for rule in shipped_pack(code).rules}
ELSEWHERE = {row: place for part in law().values() for row, place in part["elsewhere"].items()}
AT_THE_GATE = [row for part in law().values() for row in part["at_the_gate"]]


def test_the_page_has_both_tables_as_they_are():
    assert PAGE.read_text(encoding="utf-8").split(BEGINS)[1] == tables().split(BEGINS)[1], (
        ".venv/bin/python -m tests.support.rule_tables"
    )


def test_every_row_of_the_law_and_every_shipped_rule_stands_on_the_page_once():
    shown = re.findall(r"^\| `([\w-]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    rows = [*AT_THE_GATE, *ELSEWHERE]

    assert len(rows) == 163
    assert sorted(shown) == sorted({*RULES, *rows})


def test_what_is_said_to_be_a_rule_of_the_gate_is_one_and_nothing_else_is():
    assert set(AT_THE_GATE) <= set(RULES)
    assert set(ELSEWHERE).isdisjoint(RULES)


@pytest.mark.parametrize("row", sorted(ELSEWHERE))
def test_the_place_of_a_row_exists(row):
    confidence, says, place = ELSEWHERE[row]
    kind, _colon, what = place.partition(": ")

    assert confidence in ("P", "S", "G")
    assert says
    if kind == "gate":
        assert set(what.split(", ")) <= set(RULES)
    elif kind == "not built":
        assert what
    else:
        assert (ROOT / place).exists()
