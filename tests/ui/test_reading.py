"""What people type for amounts and days is read strictly: nothing that could mean two things is guessed."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from collections_crm.ui import words
from collections_crm.ui.reading import read_amount, read_day

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("1,240.50", "1240.50"), ("1240.5", "1240.50"), ("620", "620"), ("$ 5.00", "5"), ("-3.10", "-3.10")],
)
def test_an_amount_has_comma_groups_and_a_decimal_point(typed, meant):
    assert read_amount(typed) == Decimal(meant)


@pytest.mark.parametrize(
    ("typed", "instead"),
    [("1.240,50", "1,240.50"), ("1.240", "1,240.00"), ("12,40", "12.40"), ("1.000.000,00", "1,000,000.00")],
)
def test_points_for_groups_are_refused_with_what_to_write(typed, instead):
    with pytest.raises(ValidationError) as refused:
        read_amount(typed)

    assert instead in refused.value.messages[0]


@pytest.mark.parametrize("typed", ["", "abc", "1,24,0.5", "1e5", "NaN", "1.2.3,4", "12.345.6"])
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValidationError):
        read_amount(typed)


@given(st.decimals(min_value="-999999999", max_value="999999999", places=2))
def test_what_we_write_for_an_amount_is_read_back_as_the_same_amount(amount):
    assert read_amount(words.figure(amount)) == amount


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-11-28", date(2026, 11, 28)),
        ("28 nov", date(2026, 11, 28)),
        ("Nov 28", date(2026, 11, 28)),
        ("3 abr", date(2027, 4, 3)),
        ("3 de abril de 2027", date(2027, 4, 3)),
        ("+7", date(2026, 11, 29)),
        ("fri", date(2026, 11, 27)),
        ("VIE", date(2026, 11, 27)),
        ("sun", date(2026, 11, 29)),
        ("martes", date(2026, 11, 24)),
        ("mañana", date(2026, 11, 23)),
        ("28/11", date(2026, 11, 28)),
        ("29 feb", date(2028, 2, 29)),
    ],
)
def test_a_day_may_be_typed_as_people_say_it(typed, meant):
    assert read_day(typed, SUNDAY) == meant


@pytest.mark.parametrize(
    ("typed", "meant"), [("28 nov", date(2025, 11, 28)), ("fri", date(2026, 11, 20)), ("sun", date(2026, 11, 15))]
)
def test_a_day_gone_by_is_the_nearest_one_behind(typed, meant):
    assert read_day(typed, SUNDAY, past=True) == meant


def test_a_day_that_could_be_two_days_is_asked_back():
    with pytest.raises(ValidationError) as refused:
        read_day("03/04", SUNDAY)

    assert "3 apr" in refused.value.messages[0]
    assert "4 mar" in refused.value.messages[0]


@pytest.mark.parametrize("typed", ["31 feb", "march", "soon", "1 foo", "2026-13-01", "99999999999"])
def test_what_is_no_day_is_refused(typed):
    with pytest.raises(ValidationError):
        read_day(typed, SUNDAY)


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31)), st.sampled_from(["en", "es-mx"]))
def test_what_we_write_for_a_day_is_read_back_as_the_same_day(day, language):
    with translation.override(language):
        assert read_day(words.civil(day, weekday=False), SUNDAY) == day


@pytest.mark.parametrize("typed", ["0.001", "0.0005", "00.123"])
def test_less_than_a_cent_is_no_thousands(typed):
    with pytest.raises(ValidationError) as refusal:
        read_amount(typed)

    assert refusal.value.code == "amount"
