"""How amounts, days, times and masked numbers are written, in both languages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from accounts.foundation.card_numbers import contains_card_number
from collections_crm.ui import masks, words

NOW = datetime(2026, 11, 22, 15, 12, tzinfo=UTC)


def test_an_amount_is_written_with_its_currency_and_a_minus():
    assert words.money(Decimal("1240.5"), "MXN") == "1,240.50 MXN"
    assert words.money(Decimal("-620"), "USD") == "-620.00 USD"
    assert words.money(Decimal("5000"), "JPY") == "5,000 JPY"


def test_an_unknown_amount_is_not_a_zero():
    assert words.money(None, "MXN") == "-"


@pytest.mark.parametrize(("language", "written"), [("en", "Fri 27 Nov 2026"), ("es-mx", "vie 27 nov 2026")])
def test_a_date_shows_its_month_in_letters(language, written):
    with translation.override(language):
        assert words.civil(date(2026, 11, 27)) == written


def test_a_date_and_an_amount_are_said_in_words_before_saving():
    with translation.override("es-mx"):
        assert words.civil_in_words(date(2026, 11, 27), date(2026, 11, 22)).startswith(
            "viernes 27 de noviembre de 2026"
        )
        assert words.money_in_words(Decimal("620"), "MXN") == "620.00 pesos mexicanos"


def test_local_time_names_its_place_and_both_places_when_they_differ():
    assert words.local_time(["America/Monterrey"], NOW) == "09:12 Monterrey"
    assert words.local_time(["America/Monterrey", "America/Tijuana"], NOW) == "09:12 Monterrey / 07:12 Tijuana"
    assert words.local_time(["America/Monterrey", "America/Mexico_City"], NOW) == "09:12 Monterrey"


@pytest.mark.parametrize(
    ("apart", "written"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=3), "3 min ago"),
        (timedelta(hours=-2), "in 2 h"),
        (timedelta(days=1, hours=1), "yesterday"),
        (timedelta(days=5), "5 days ago"),
    ],
)
def test_how_long_ago_is_said_in_the_largest_sensible_unit(apart, written):
    assert words.ago(NOW - apart, NOW) == written


def test_counts_are_exact_to_ten_thousand():
    assert words.first_count(10_000) == "10,000"
    assert words.first_count(10_001) == "10,000+"


def test_a_masked_phone_number_shows_country_area_and_last_digits():
    assert masks.masked_phone("+528112344410") == "+52 81 •••• 4410"
    assert masks.masked_phone("+442079460123") == "+44 20 •••• 0123"
    assert masks.masked_phone("+61491570006") == "+61 •••• 0006"


def test_a_masked_address_keeps_one_letter_and_the_domain():
    assert masks.masked_email("juana.ramirez@example.com") == "j•••@example.com"
    assert masks.masked_post("Av. Hidalgo 12, Monterrey, NL") == "••••, NL"
    assert masks.masked_post("1 High Street, Chicago 60614") == "••••, Chicago"
    assert masks.masked_post("1 High Street, London N1 9GU") == "••••, London"
    assert masks.masked_post("1 High Street, 60614") == "••••"


@pytest.mark.parametrize("text", ["4111 1111 1111 1111", "pay with 5500-0000-0000-0004 please", "card 378282246310005"])
def test_a_card_number_is_noticed_however_it_is_spaced(text):
    assert contains_card_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1112",
        "+52 81 1234 4410",
        "account 0000000000000000",
        "A-10233, 12,240.50",
        "2026-11-22 15:12:00",
    ],
)
def test_other_numbers_are_not_taken_for_cards(text):
    assert not contains_card_number(text)
