"""What is owed and what of it is overdue, as a file says it or lets it be estimated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.limitation.clock import limitation_date
from accounts.placements.fields import PARTS
from accounts.placements.mapping import StatusMeaning
from accounts.placements.rows import RowRejected, RowSkipped

STEP = timedelta(days=30)
MONTH = timedelta(days=30)
ZERO = Decimal("0.00")
ColumnOf = Callable[[str], str]


@dataclass(slots=True)
class Standing:
    parts: list[Decimal]
    due: list[tuple[date, Decimal]]
    due_basis: str
    charged_off_on: date | None
    limitation_on: date | None


def standing_of(
    values: dict[str, Any],
    meaning: StatusMeaning | None,
    as_of: date,
    country: str,
    region: str,
    warnings: list[tuple[str, str]],
    column_of: ColumnOf,
) -> Standing:
    """Refuses rows that owe nothing, owe less than nothing, or don't say since when or how much is overdue."""
    parts = [_part(values, name, column_of) for name in PARTS]
    total = sum(parts, ZERO)
    if total == 0:
        raise RowRejected("nothing_owed", _first_column(column_of))
    _look_at_dates(values, as_of, warnings, column_of)
    if values.get("lent") is not None and parts[0] > values["lent"]:
        warnings.append(("owes_more_than_lent", column_of("lent")))
    charged_off = values.get("charged_off_on")
    since, basis = _past_due_since(values, meaning, as_of, column_of)
    if basis == "band":
        warnings.append(("past_due_estimated", column_of("status")))
    whole = bool(charged_off or (meaning and meaning.charged_off))
    if whole and charged_off is None:
        # The word alone says that it was charged off, not when: the estimated day stands in for it.
        charged_off = since
    return Standing(
        parts=parts,
        due=[(since, total)] if whole else _overdue(values, since, total, as_of, column_of),
        due_basis=basis,
        charged_off_on=charged_off,
        limitation_on=limitation_date(
            country=country,
            region=region,
            consumer=values.get("party_kind") != "business",
            defaulted_on=since,
            last_paid_on=values.get("last_paid_on"),
        ),
    )


def _part(values: dict[str, Any], name: str, column_of: ColumnOf) -> Decimal:
    amount = values.get(name) or ZERO
    if amount < 0:
        raise RowRejected("amount_negative", column_of(name))
    return amount


def _first_column(column_of: ColumnOf) -> str:
    return next(column for column in map(column_of, PARTS) if column)


def _look_at_dates(values: dict[str, Any], as_of: date, warnings: list[tuple[str, str]], column_of: ColumnOf) -> None:
    """A charge-off or arrears of the future would be demanded too early: refused. Other odd dates are shown."""
    for name in ("charged_off_on", "past_due_on"):
        if values.get(name) and values[name] > as_of:
            raise RowRejected("date_after_as_of", column_of(name))
    for name in ("originated_on", "last_paid_on", "birth_date"):
        if values.get(name) and values[name] > as_of:
            warnings.append(("date_after_as_of", column_of(name)))


def _past_due_since(
    values: dict[str, Any], meaning: StatusMeaning | None, as_of: date, column_of: ColumnOf
) -> tuple[date, str]:
    """The oldest unmet due date and how it is known: from the file, from the charge-off, or from the status's band.

    A band is read at its lower end, so that nobody is treated as later than they are; nothing falls due before the
    first instalment.
    """
    if values.get("past_due_on"):
        return values["past_due_on"], ""
    if values.get("charged_off_on"):
        return values["charged_off_on"], "charge_off"
    if meaning is None or meaning.days_late is None:
        raise RowRejected("past_due_on_missing", column_of("past_due_on"))
    estimated = as_of - timedelta(days=meaning.days_late)
    originated = values.get("originated_on")
    if originated and originated + MONTH < as_of:
        estimated = max(estimated, originated + MONTH)
    return estimated, "band"


def _overdue(
    values: dict[str, Any], since: date, total: Decimal, as_of: date, column_of: ColumnOf
) -> list[tuple[date, Decimal]]:
    stated = values.get("due_now")
    if stated is None:
        return _instalments(values, since, total, as_of, column_of)
    if stated < 0:
        raise RowRejected("amount_negative", column_of("due_now"))
    if stated == 0:
        raise RowSkipped("not_overdue", column_of("due_now"))
    if stated > total:
        raise RowRejected("due_exceeds_balance", column_of("due_now"))
    return [(since, stated)]


def _instalments(
    values: dict[str, Any], since: date, total: Decimal, as_of: date, column_of: ColumnOf
) -> list[tuple[date, Decimal]]:
    """One instalment for each month begun since the oldest unmet one, never more than is owed."""
    instalment = values.get("instalment")
    if not instalment or instalment < 0:
        raise RowRejected("due_now_missing", column_of("due_now"))
    due, left = [], total
    while since < as_of and left > 0:
        due.append((since, min(instalment, left)))
        left -= instalment
        since += STEP
    return due or [(since, min(instalment, total))]
