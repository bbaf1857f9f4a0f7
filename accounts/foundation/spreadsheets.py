"""Files that a spreadsheet opens: what it would compute must stay text."""

from __future__ import annotations

import re

BYTE_ORDER_MARK = "\ufeff"  # Excel takes a CSV file without one for its own code page.
FORMULA_STARTS = "=@+-\t\r\n"
# A sign before nothing but digits and what stands between them is an amount or a phone number.
FORMULA = re.compile(r"[=@\t\r\n]|[+-](?![\d.,()\s-]*\Z)")
# Where another separator is usual than ours, a cell ends there, and what follows begins one.
INNER_CELL = re.compile(r"([;\t\r\n]\s*)(?=[=@]|[+-](?![\d.,()\s-]*(?:[;\t\r\n]|\Z)))")


def looks_like_formula(text: str) -> bool:
    """True for text that a spreadsheet would compute; a negative amount or a phone with its plus is none."""
    return bool(text) and text[0] in FORMULA_STARTS and FORMULA.match(text) is not None


def inert(text: str) -> str:
    """The text, with an apostrophe before anything that Excel would take for a formula, at its beginning and after
    whatever some spreadsheet takes for the end of a cell."""
    if looks_like_formula(text):
        return f"'{text[0]}{_inert_inside(text[1:])}"
    return _inert_inside(text)


def _inert_inside(text: str) -> str:
    return INNER_CELL.sub(r"\1'", text)


class Line:
    """What csv.writer writes into, for a file that is streamed: answers each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line
