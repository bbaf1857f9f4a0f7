"""Sums and counts of a file are written like every other amount."""

from types import SimpleNamespace

from django.template.loader import render_to_string


def test_the_totals_of_a_placement_are_grouped_by_thousands():
    placement = SimpleNamespace(
        control_totals={"opened": "110149661.00", "expected": "110149661.00"}, portfolio=SimpleNamespace(currency="USD")
    )
    column = {"sum": "110149661.00", "placed": "7000.5", "skipped": "0", "rejected": "none", "unreadable": 3148}

    page = render_to_string(
        "placements/partials/_totals.html", {"placement": placement, "totals": [("ChgOffPrinGr", column)]}
    )

    assert "110,149,661.00 USD" in page
    assert ">7,000.5<" in page
    assert "3,148 cells without a number" in page
    assert "110149661" not in page
