"""Rows that are drawn from a prepared template say what the template says, and escape what they are given."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils import translation
from django.utils.safestring import SafeString

from collections_crm.ui.prepared import drawn_once, drawn_row

LINE = "account/partials/_happening.html"
FLAGS = {"by": True, "decided": False, "is_file": False, "is_note": False}


@dataclass(frozen=True)
class Line:
    when: str = "yesterday"
    head: str = "Note"
    detail: str = "Called back"
    by: str = "agent"
    url: str = "/decisions/7/"


def test_what_a_customer_is_called_or_an_agent_wrote_is_never_markup():
    drawn = drawn_row(LINE, Line(detail="<script>alert('x')</script> & \ue000head\ue001"), **FLAGS)

    assert "<script>" not in drawn
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; \ue000head\ue001" in drawn


def test_what_is_markup_already_stays_as_it_is():
    drawn = drawn_row(LINE, Line(detail=SafeString("one<br>two")), **FLAGS)

    assert "one<br>two" in drawn


def test_each_row_has_its_own_values_and_flags():
    plain = drawn_row(LINE, Line(), **FLAGS)
    decided = drawn_row(LINE, replace(Line(), head="Call"), **FLAGS | {"decided": True})

    assert "Note" in plain
    assert "/decisions/7/" not in plain
    assert "Call" in decided
    assert "Note" not in decided
    assert 'href="/decisions/7/"' in decided


def test_what_is_drawn_once_is_drawn_for_each_language():
    with translation.override("en"):
        english = drawn_once("ui/_keys.html")
    with translation.override("es-mx"):
        spanish = drawn_once("ui/_keys.html")

    assert "next account" in english
    assert "next account" not in spanish
