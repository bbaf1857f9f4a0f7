"""What payments are worth: present value, level payment, yearly rate. Rates are yearly shares, 0.12 for 12 %."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

DAYS_OF_YEAR = Decimal(365)
# The yearly rate of payments is looked for between these; beyond them nobody needs a figure.
LEAST_RATE, MOST_RATE = Decimal("-0.99"), Decimal(100)
RATE_STEPS = 200

Paid = tuple[date, Decimal]


def present_value(payments: Sequence[Paid], *, rate: Decimal, on: date) -> Decimal:
    """What the payments are worth on the civil day `on` to somebody who earns `rate` a year, unrounded.

    Each is discounted by the days until it, over 365, with yearly compounding; a payment before `on` grows.
    """
    with localcontext(prec=34):
        return sum((amount * (1 + rate) ** -(Decimal((day - on).days) / DAYS_OF_YEAR) for day, amount in payments), _0)


_0 = Decimal(0)


def level_payment(principal: Decimal, *, rate: Decimal, periods: int, per_year: int) -> Decimal:
    """The equal payment at the end of each period that repays `principal` with interest at `rate` a year, unrounded."""
    if periods < 1:
        raise ValueError("at least one period is needed")
    with localcontext(prec=34):
        each = rate / per_year
        if each == 0:
            return principal / periods
        return principal * each / (1 - (1 + each) ** -periods)


def yearly_rate(lent: Decimal, payments: Sequence[Paid], *, on: date) -> Decimal | None:
    """The rate a year at which the payments are worth what was lent on the civil day `on`, to six places.

    None where no rate between -99 % and 10,000 % does. Found by halving: a present value falls as its rate grows.
    """
    low, high = LEAST_RATE, MOST_RATE
    if not payments or not _reaches(lent, payments, low, high, on):
        return None
    for _ in range(RATE_STEPS):
        middle = (low + high) / 2
        if present_value(payments, rate=middle, on=on) > lent:
            low = middle
        else:
            high = middle
    return high.quantize(Decimal("0.000001"), rounding=ROUND_HALF_EVEN)


def _reaches(lent: Decimal, payments: Sequence[Paid], low: Decimal, high: Decimal, on: date) -> bool:
    ends = (present_value(payments, rate=rate, on=on) for rate in (high, low))
    least, most = ends
    return least <= lent <= most
