"""Present value, level payment and yearly rate, compared with numpy-financial and with figures worked by hand."""

from datetime import date, timedelta
from decimal import Decimal

import numpy_financial
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrangements.schedules.worth import level_payment, present_value, yearly_rate

START = date(2027, 1, 4)


def close(ours: Decimal, theirs: float) -> bool:
    return abs(float(ours) - theirs) <= 1e-9 * max(1.0, abs(theirs))


@given(
    st.decimals("1", "1000000", places=2),
    st.decimals("0", "5", places=4),
    st.integers(1, 120),
    st.sampled_from([1, 12, 26, 52]),
)
def test_a_level_payment_is_the_annuity_that_numpy_financial_has(principal, rate, periods, per_year):
    theirs = -numpy_financial.pmt(float(rate) / per_year, periods, float(principal))

    assert close(level_payment(principal, rate=rate, periods=periods, per_year=per_year), theirs)


@given(st.lists(st.decimals("1", "9000", places=2), min_size=1, max_size=20), st.decimals("0", "3", places=4))
def test_yearly_payments_are_worth_what_numpy_financial_says(amounts, rate):
    """Whole periods of 365 days: the same question."""
    ours = present_value(
        [(START + timedelta(days=365 * n), amount) for n, amount in enumerate(amounts)], rate=rate, on=START
    )

    assert close(ours, numpy_financial.npv(float(rate), [float(amount) for amount in amounts]))


@given(st.lists(st.decimals("50", "900", places=2), min_size=2, max_size=24), st.decimals("0.5", "0.95", places=2))
def test_the_yearly_rate_is_the_internal_rate_that_numpy_financial_finds(amounts, share):
    lent = (sum(amounts) * share).quantize(Decimal("0.01"))
    theirs = numpy_financial.irr([-float(lent), *map(float, amounts)])

    ours = yearly_rate(
        lent, [(START + timedelta(days=365 * (n + 1)), amount) for n, amount in enumerate(amounts)], on=START
    )

    assert ours == pytest.approx(Decimal(theirs), abs=Decimal("0.000001"))


def test_a_year_at_ten_per_cent():
    assert present_value([(START + timedelta(days=365), Decimal(110))], rate=Decimal("0.1"), on=START) == 100
    assert yearly_rate(Decimal(100), [(START + timedelta(days=365), Decimal(110))], on=START) == Decimal("0.100000")


def test_a_payday_loan_of_four_weeks_is_dear():
    """100 lent, 124 back after 28 days: 1.24 ^ (365 / 28) - 1."""
    rate = yearly_rate(Decimal(100), [(START + timedelta(days=28), Decimal(124))], on=START)

    assert rate == pytest.approx(Decimal(1.24 ** (365 / 28) - 1), abs=Decimal("0.00001"))


def test_payments_that_no_rate_explains_have_none():
    assert yearly_rate(Decimal(100), [], on=START) is None
    assert yearly_rate(Decimal("0.01"), [(START + timedelta(days=1), Decimal(900))], on=START) is None
