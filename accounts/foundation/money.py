"""Amounts: always `Decimal`, always with a currency, rounded in one place."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from django.db import models

EXPONENTS = {"USD": 2, "GBP": 2, "MXN": 2, "AUD": 2, "EUR": 2, "CZK": 2, "JPY": 0}


class Currency(models.TextChoices):
    GBP = "GBP", "GBP"
    USD = "USD", "USD"
    MXN = "MXN", "MXN"
    AUD = "AUD", "AUD"


def rounded(amount: Decimal, currency: str, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """The amount in whole minor units of its currency, half to even. An unknown currency is a KeyError."""
    return amount.quantize(Decimal(1).scaleb(-EXPONENTS[currency]), rounding=rounding)


def amount_field(**options) -> models.DecimalField:
    """A column for an amount of money: fourteen digits, two of them after the point."""
    return models.DecimalField(max_digits=14, decimal_places=2, **options)


ZERO = Decimal("0.00")
