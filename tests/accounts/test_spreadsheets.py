"""Files that people open in a spreadsheet: a cell that somebody else wrote is never computed there."""

import csv
import io
from dataclasses import fields, replace

import pytest

from accounts.foundation.spreadsheets import inert
from collections_crm.selectors.queue_export import export_file
from collections_crm.selectors.queue_rows import Row

FORMULAS = [
    '=HYPERLINK("http://example.com")',
    "=1+1",
    "+cmd|' /c calc'!A0",
    "-cmd|' /c calc'!A0",
    "-1+1",
    "+A1",
    "-SUM(A1)",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
]
ROW = Row(**dict.fromkeys([field.name for field in fields(Row)], "x"))


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_compute_becomes_text(text):
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "harmless"),
    [("x;=cmd|'/C calc'!A0", "x;'=cmd|'/C calc'!A0"), (";@SUM(A1)", ";'@SUM(A1)"), ("a\n-SUM(A1);1", "a\n'-SUM(A1);1")],
)
def test_nor_is_anything_computed_where_another_separator_ends_a_cell(text, harmless):
    assert inert(text) == harmless


@pytest.mark.parametrize("text", ["paid 3; -12.50; rest open", "one;two", "a = b; c"])
def test_what_follows_a_separator_and_is_no_formula_stands_as_it_is(text):
    assert inert(text) == text


@pytest.mark.parametrize("text", ["", "-12.50", "-1,250.00", "+44 20 7946 0321", "+52 81 8345 0001", "O'Brien", "A=1"])
def test_amounts_telephones_and_words_stand_as_they_are(text):
    assert inert(text) == text


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("name", ["reference", "customer", "language", "currency", "last", "next_step", "why"])
def test_no_cell_of_the_queues_file_is_a_formula(name, text):
    lines = list(export_file([replace(ROW, **{name: text})]))

    _header, row = csv.reader(io.StringIO("".join(lines), newline=""))

    assert f"'{text}" in row
    assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
