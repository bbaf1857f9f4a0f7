"""What one unit of each currency counts for when accounts of several books are ranked together. Never used to add."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

# The house's own rates for ranking, in US dollars, fixed for the quarter that begins on this day.
RATES_ON = date(2026, 10, 1)
BASE_CURRENCY = "USD"
BASE_RATES = {
    "USD": Decimal("1.00"),
    "GBP": Decimal("1.30"),
    "MXN": Decimal("0.055"),
    "AUD": Decimal("0.65"),
}
