"""Plans made up at random and by hand: they add up, fall on open days, and don't drift."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from accounts.foundation.days import add_months, is_business_day
from accounts.foundation.money import EXPONENTS
from arrangements.schedules.amounts import DoesNotDivide, in_payments, of_amount
from arrangements.schedules.plan import BadTerms, PlanTerms, payments_of
from arrangements.schedules.rhythms import Rhythm, nominal_days, open_days

COUNTRIES = ["GB", "US", "MX", "AU"]
SERIES = [rhythm for rhythm in Rhythm if rhythm != Rhythm.ONCE]


def minor_units(currency: str):
    exponent = Decimal(1).scaleb(-EXPONENTS[currency])
    return st.integers(1, 10_000_000).map(lambda units: units * exponent)


@st.composite
def plans(draw):
    """Terms that make a schedule, in any currency and rhythm."""
    currency = draw(st.sampled_from(sorted(EXPONENTS)))
    total = draw(minor_units(currency))
    terms = {"rhythm": draw(st.sampled_from(SERIES)), "first_on": draw(st.dates(date(2024, 1, 1), date(2032, 12, 31)))}
    if draw(st.booleans()):
        terms["down"] = draw(minor_units(currency))
        terms["down_on"] = terms["first_on"] - timedelta(days=draw(st.integers(1, 40)))
        assume(terms["down"] < total)
    if draw(st.booleans()):
        terms["count"] = draw(st.integers(1, 60))
    else:
        terms["each"] = draw(minor_units(currency))
        assume((total - terms.get("down", 0)) / terms["each"] < 120)
    if terms["rhythm"] == Rhythm.PAY_DAYS:
        terms["pay_days"] = tuple(draw(st.sets(st.integers(1, 31), min_size=1, max_size=4)))
    return PlanTerms(total, currency, **terms)


def payments(terms: PlanTerms, country: str = "GB"):
    try:
        return payments_of(terms, is_open=partial(is_business_day, country=country))
    except BadTerms as bad:
        assume(bad.field not in ("count", "each"))
        raise


@given(plans(), st.sampled_from(COUNTRIES))
def test_payments_add_up_exactly_and_each_is_of_whole_minor_units(terms, country):
    schedule = payments(terms, country)

    assert sum(one.amount for one in schedule) == terms.total
    assert all(one.amount > 0 for one in schedule)
    exponent = Decimal(1).scaleb(-EXPONENTS[terms.currency])
    assert all(one.amount % exponent == 0 for one in schedule)


@given(plans(), st.sampled_from(COUNTRIES))
def test_no_payment_falls_on_a_closed_day_and_each_is_later_than_the_one_before(terms, country):
    schedule = payments(terms, country)

    assert all(is_business_day(one.due_on, country) for one in schedule)
    assert all(one.due_on >= one.nominal_on for one in schedule)
    assert all(one.due_on < later.due_on for one, later in pairwise(schedule))


@given(plans())
def test_a_plan_does_not_drift(terms):
    """The last payment is as far from the first as the rhythm says, whatever was closed in between."""
    regular = payments(terms)[1:] if terms.down else payments(terms)
    first, last, steps = regular[0].nominal_on, regular[-1].nominal_on, len(regular) - 1

    if terms.rhythm == Rhythm.MONTHLY:
        assert last == add_months(first, steps)
    elif terms.rhythm == Rhythm.PAY_DAYS:
        days = [one.nominal_on for one in regular]
        assert all(day.day in terms.pay_days or (day + timedelta(days=1)).day == 1 for day in days)
    else:
        assert last - first == steps * timedelta(days=7 if terms.rhythm == Rhythm.WEEKLY else 14)


@given(plans())
def test_equal_payments_differ_in_the_last_one_only_and_that_is_never_larger(terms):
    regular = [one.amount for one in payments(terms)][1 if terms.down else 0 :]

    assert set(regular[:-1]) <= {regular[0]}
    assert regular[-1] <= regular[0]


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (date(2027, 1, 31), [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]),
        (date(2028, 1, 30), [date(2028, 1, 30), date(2028, 2, 29), date(2028, 3, 30), date(2028, 4, 30)]),
        (date(2027, 11, 29), [date(2027, 11, 29), date(2027, 12, 29), date(2028, 1, 29), date(2028, 2, 29)]),
    ],
)
def test_a_month_is_counted_from_the_first_payment(first, expected):
    assert nominal_days(Rhythm.MONTHLY, first, 4) == expected


def test_pay_days_are_the_fifteenth_and_the_last_of_each_month():
    found = nominal_days(Rhythm.PAY_DAYS, date(2027, 1, 16), 4, (15, 31))

    assert found == [date(2027, 1, 31), date(2027, 2, 15), date(2027, 2, 28), date(2027, 3, 15)]


def test_two_pay_days_that_a_short_month_makes_one_are_paid_once():
    found = nominal_days(Rhythm.PAY_DAYS, date(2027, 2, 1), 2, (30, 31))

    assert found == [date(2027, 2, 28), date(2027, 3, 30)]


def test_a_long_holiday_moves_one_payment_and_leaves_the_others():
    christmas = PlanTerms(Decimal(400), "GBP", Rhythm.WEEKLY, date(2026, 12, 18), count=4)

    due = [one.due_on for one in payments(christmas)]

    assert due == [date(2026, 12, 18), date(2026, 12, 29), date(2027, 1, 4), date(2027, 1, 8)]


def test_payments_that_closed_days_would_push_together_stay_apart():
    closed = {date(2027, 3, 1) + timedelta(days=n) for n in range(9)}
    days = [date(2027, 3, 1), date(2027, 3, 8), date(2027, 3, 15)]

    assert open_days(days, lambda day: day not in closed) == [date(2027, 3, 10), date(2027, 3, 11), date(2027, 3, 15)]


@pytest.mark.parametrize(
    ("total", "count", "expected"),
    [("100.00", 3, ["33.34", "33.34", "33.32"]), ("0.05", 2, ["0.03", "0.02"]), ("900.00", 1, ["900.00"])],
)
def test_what_rounding_leaves_over_is_in_the_last_payment(total, count, expected):
    assert in_payments(Decimal(total), count, "GBP") == [Decimal(one) for one in expected]


def test_an_amount_each_makes_as_many_payments_as_it_takes():
    assert of_amount(Decimal("620.00"), Decimal("250.00")) == [Decimal(250), Decimal(250), Decimal(120)]


def test_more_payments_than_pence_are_refused():
    with pytest.raises(DoesNotDivide):
        in_payments(Decimal("0.02"), 3, "GBP")


PLAIN = {"total": Decimal(500), "currency": "GBP", "rhythm": Rhythm.MONTHLY, "first_on": date(2027, 1, 4), "count": 5}


@pytest.mark.parametrize(
    ("differs", "field"),
    [
        ({"down": Decimal(500), "down_on": date(2026, 12, 1)}, "down"),
        ({"down": Decimal(-1), "down_on": date(2026, 12, 1)}, "down"),
        ({"down": Decimal(50)}, "down_on"),
        ({"down": Decimal(50), "down_on": date(2027, 1, 4)}, "down_on"),
        ({"count": 0}, "count"),
        ({"count": 0, "each": Decimal(-3)}, "each"),
        ({"rhythm": Rhythm.ONCE, "count": 2}, "count"),
        ({"rhythm": Rhythm.PAY_DAYS}, "pay_days"),
        ({"rhythm": Rhythm.PAY_DAYS, "pay_days": (0, 40)}, "pay_days"),
    ],
)
def test_terms_that_make_no_schedule_name_the_field_to_mend(differs, field):
    with pytest.raises(BadTerms) as refused:
        payments_of(PlanTerms(**PLAIN | differs), is_open=lambda day: True)

    assert refused.value.field == field
