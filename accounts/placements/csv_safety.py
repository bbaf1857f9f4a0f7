"""Text that a spreadsheet shows and never computes."""

from __future__ import annotations

from accounts.placements.cells import looks_like_formula


def inert(text: str) -> str:
    """The text, with an apostrophe before anything that Excel would take for a formula."""
    return f"'{text}" if looks_like_formula(text) else text
