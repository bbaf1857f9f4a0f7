"""The true-up and the schedule, by themselves: sums are exact, rounding happens once, every day is an open one."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.remittance.schedule import MOST_REMITTANCES, Calendar, expected_end, remittances
from accounts.remittance.true_up import Period, gaps, true_up

NEW_YORK = Calendar("US")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "remittance.md"
CENT = Decimal("0.01")

cents = st.integers(0, 50_000_000).map(lambda number: Decimal(number) / 100)
some = st.integers(1, 50_000_000).map(lambda number: Decimal(number) / 100)
shares = st.integers(1, 100_000).map(lambda number: Decimal(number) / 100_000)
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
rhythms = st.sampled_from(["daily", "weekly"])


@given(receipts=cents, share=shares, remitted=cents, first=days, length=st.integers(7, 400), rhythm=rhythms)
def test_what_is_over_or_under_is_the_difference_and_each_amount_is_rounded_once(
    receipts, share, remitted, first, length, rhythm
):
    period = Period(first, first + timedelta(days=length - 1))
    if not (number := period.remittances(rhythm, NEW_YORK)):
        return

    made = true_up(
        receipts=receipts, share=share, remitted=remitted, period=period, rhythm=rhythm, calendar=NEW_YORK,
        currency="USD",
    )  # fmt: skip

    assert made.under - made.over == made.due - made.remitted
    assert 0 in (made.over, made.under)
    assert abs(Fraction(made.due) - Fraction(receipts) * Fraction(share)) <= Fraction(1, 200)
    assert made.due <= receipts
    average = Fraction(receipts) * Fraction(share) / Fraction(number)
    assert abs(Fraction(made.remittance) - average) <= Fraction(1, 200) + Fraction(1, 10**9)


@given(total=some, each=some, first=days, rhythm=rhythms)
def test_remittances_add_up_fall_on_open_days_and_the_last_one_is_what_is_left(total, each, first, rhythm):
    if total / each > 400:
        each = total / 400

    laid_out = remittances(total, each, first, rhythm, NEW_YORK)

    on, amounts = [day for day, _ in laid_out], [amount for _, amount in laid_out]
    assert sum(amounts) == total
    assert set(amounts[:-1]) <= {each}
    assert 0 < amounts[-1] <= each
    assert on == sorted(set(on))
    assert all(NEW_YORK.is_open(day) for day in on)
    assert on[0] >= first
    assert expected_end(total, each, first, rhythm, NEW_YORK) == on[-1]


@given(receipts=cents, share=shares, first=days, rhythm=rhythms)
def test_who_remitted_exactly_the_share_is_neither_over_nor_under(receipts, share, first, rhythm):
    period = Period(first, first + timedelta(days=27))
    remitted = (receipts * share).quantize(CENT)

    made = true_up(
        receipts=receipts, share=share, remitted=remitted, period=period, rhythm=rhythm, calendar=NEW_YORK,
        currency="USD",
    )  # fmt: skip

    assert (made.over, made.under) == (0, 0)


def test_a_week_keeps_its_day_and_gives_way_to_a_holiday():
    laid_out = remittances(Decimal(400), Decimal(100), date(2026, 11, 12), "weekly", NEW_YORK)

    # Thanksgiving is Thursday 26 November; the week after it is a Thursday again.
    assert [day.isoformat() for day, _ in laid_out] == ["2026-11-12", "2026-11-19", "2026-11-27", "2026-12-03"]


def test_receipts_of_nothing_leave_nothing_to_remit_and_no_end_in_sight():
    first = date(2026, 11, 12)

    assert remittances(Decimal(400), Decimal(0), first, "daily", NEW_YORK) == []
    assert expected_end(Decimal(400), Decimal(0), first, "daily", NEW_YORK) is None
    assert expected_end(Decimal(MOST_REMITTANCES + 1), Decimal(1), first, "daily", NEW_YORK) is None
    assert len(remittances(Decimal(MOST_REMITTANCES + 1), Decimal(1), first, "daily", NEW_YORK)) == MOST_REMITTANCES


def test_gaps_are_told_with_their_neighbours_and_closed_days_are_none():
    period = Period(date(2026, 11, 2), date(2026, 11, 13))
    said = {date(2026, 11, day) for day in (2, 3, 6, 12)}

    assert gaps(period, said, NEW_YORK) == [
        Period(date(2026, 11, 4), date(2026, 11, 5)),
        Period(date(2026, 11, 9), date(2026, 11, 10)),
        Period(date(2026, 11, 13), date(2026, 11, 13)),
    ]


def examples() -> list[list[str]]:
    """The rows of the table of worked examples."""
    table = PAGE.read_text(encoding="utf-8").split("## Worked examples")[1].split("##")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:1] == "|"]
    return rows[2:]


def test_there_are_worked_examples():
    assert len(examples()) >= 5


@pytest.mark.parametrize("row", examples(), ids=lambda row: row[0])
def test_each_worked_example_is_what_the_code_makes(row):
    _name, days_told, rhythm, receipts, share, remitted, due, over, under, remittance = row
    first, last = (date.fromisoformat(day) for day in re.findall(r"\d{4}-\d\d-\d\d", days_told))

    made = true_up(
        receipts=number(receipts), share=number(share.rstrip(" %")) / 100, remitted=number(remitted),
        period=Period(first, last), rhythm=rhythm, calendar=NEW_YORK, currency="USD",
    )  # fmt: skip

    assert (made.due, made.over, made.under, made.remittance) == tuple(map(number, (due, over, under, remittance)))


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))
