"""A sum in payments that add up to it exactly, in whole minor units of its currency."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from accounts.foundation.money import EXPONENTS, ZERO


class DoesNotDivide(ValueError):
    """So many payments, or payments so large, cannot make up the sum."""


def in_payments(total: Decimal, count: int, currency: str) -> list[Decimal]:
    """`count` equal payments, the last one smaller by what rounding left over.

    Raises `DoesNotDivide` where the last one would be nothing: more payments than the sum has minor units, nearly.
    """
    if count < 1:
        raise DoesNotDivide("at least one payment is needed")
    each = _up(total / count, currency)
    return _made_up(total, each, count)


def of_amount(total: Decimal, each: Decimal) -> list[Decimal]:
    """As many payments of `each` as it takes, the last one of what is left."""
    if each <= 0:
        raise DoesNotDivide("a payment is more than nothing")
    count = int((total / each).to_integral_value(rounding=ROUND_CEILING))
    return _made_up(total, each, max(1, count))


def _made_up(total: Decimal, each: Decimal, count: int) -> list[Decimal]:
    last = total - each * (count - 1)
    if last <= ZERO:
        raise DoesNotDivide("the last payment would be nothing")
    return [each] * (count - 1) + [last]


def _up(amount: Decimal, currency: str) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-EXPONENTS[currency]), rounding=ROUND_CEILING)
