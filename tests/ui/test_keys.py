"""One key, one meaning: what templates bind is what the help says."""

import re
from pathlib import Path

from collections_crm.ui.keys import APPROVALS, KEY_GROUPS, REACH, RESOLVE

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
KNOWN = {key for group in KEY_GROUPS for key, _meaning in group.keys}
FORBIDDEN = re.compile(r"Alt|F\d|[\[\]{}$@]")


def bound(attribute: str) -> set[tuple[str, str]]:
    """(file, key) of every key that a template writes out."""
    pattern = re.compile(rf'{attribute}="([^"{{]+)"')
    return {
        (path.name, key)
        for path in TEMPLATES.rglob("*.html")
        for key in pattern.findall(path.read_text(encoding="utf-8"))
    }


def test_every_key_on_a_button_is_in_the_help():
    unknown = {(name, key) for name, key in bound("data-key") if key not in KNOWN}

    assert unknown == set()


def test_the_help_promises_no_key_without_a_button():
    promised = {key for group in (REACH, RESOLVE, APPROVALS) for key, _meaning in group.keys}

    assert promised - {key for _name, key in bound("data-key")} == set()


def test_every_place_reached_after_g_is_in_the_help():
    assert {(name, key) for name, key in bound("data-go") if f"G {key}" not in KNOWN} == set()


def test_no_key_is_one_that_a_keyboard_or_screen_reader_needs():
    assert [key for key in KNOWN if FORBIDDEN.search(key)] == []
