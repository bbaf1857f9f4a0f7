"""A plan: its terms, and the payments that they make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.foundation.money import ZERO
from arrangements.schedules.amounts import in_payments, of_amount
from arrangements.schedules.rhythms import Rhythm, nominal_days, open_days

# Five years of weekly payments: what takes longer is no plan that anybody keeps.
MOST_PAYMENTS = 260


@dataclass(frozen=True)
class PlanTerms:
    """What is agreed about a plan. Either `count` or `each` says how the sum is divided, the other is worked out.

    `first_on` is the day of the first regular payment; a down payment, where there is one, comes before it on `down_on`
    and is not counted in `count`. `pay_days` are days of the month, for the rhythm of that name.
    """

    total: Decimal
    currency: str
    rhythm: Rhythm
    first_on: date
    count: int = 0
    each: Decimal = ZERO
    down: Decimal = ZERO
    down_on: date | None = None
    pay_days: tuple[int, ...] = ()


@dataclass(frozen=True)
class Payment:
    """One payment of a schedule: `due_on` is an open day, `nominal_on` the day that the rhythm gives."""

    number: int
    nominal_on: date
    due_on: date
    amount: Decimal


class BadTerms(ValueError):
    """Terms that make no schedule; `field` is the one to mend."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def payments_of(terms: PlanTerms, *, is_open: Callable[[date], bool]) -> list[Payment]:
    """The payments of a plan, in order; they add up to its total exactly, none falls on a closed day.

    Raises `BadTerms` for a down payment that leaves nothing or has no day before the first payment, for a division that
    leaves nothing for the last payment or makes more than 260 payments, and for pay days that are none.
    """
    if terms.down < 0 or terms.down >= terms.total:
        raise BadTerms("down")
    if terms.down and (terms.down_on is None or terms.down_on >= terms.first_on):
        raise BadTerms("down_on")
    amounts = _amounts(terms)
    days = _days(terms, len(amounts))
    if terms.down and terms.down_on:
        amounts, days = [terms.down, *amounts], [terms.down_on, *days]
    due = open_days(days, is_open)
    return [
        Payment(number, nominal, day, amount)
        for number, (nominal, day, amount) in enumerate(zip(days, due, amounts, strict=True), start=1)
    ]


def _amounts(terms: PlanTerms) -> list[Decimal]:
    rest = terms.total - terms.down
    if terms.each and rest > terms.each * MOST_PAYMENTS:
        raise BadTerms("each")
    try:
        return of_amount(rest, terms.each) if terms.each else in_payments(rest, terms.count, terms.currency)
    except ValueError as problem:
        raise BadTerms("each" if terms.each else "count") from problem


def _days(terms: PlanTerms, count: int) -> list[date]:
    try:
        return nominal_days(terms.rhythm, terms.first_on, count, terms.pay_days)
    except ValueError as problem:
        raise BadTerms("pay_days" if terms.rhythm == Rhythm.PAY_DAYS else "count") from problem
