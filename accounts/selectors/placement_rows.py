"""The rows behind the numbers of a placement: its accounts once it is live, its staged rows otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, F, Func, Q, QuerySet

from accounts.models import Account, Placement, StagedRow
from accounts.placements.reasons import reason_words

RESULTS = ("placed", "skipped", "rejected", "warnings")


@dataclass(frozen=True)
class FileRow:
    """One row of a file: its number and reference, why it stands there, and its account's reference and balance."""

    number: int | None
    reference: str
    why: str
    account: str = ""
    balance: Decimal | None = None


def rows_behind(placement: Placement, result: str, code: str) -> QuerySet[Any]:
    """What a number of the page counts, in the order of the file: accounts where they exist, else staged rows."""
    if result in ("placed", "warnings") and placement.live_at is not None:
        return _accounts(placement, result, code)
    rows = StagedRow.objects.filter(placement=placement, result="placed" if result == "warnings" else result)
    if result == "warnings":
        return rows.annotate(told=_flat()).filter(Q(told__contains=[code] if code else [])).exclude(warnings=[])
    by = "status" if result == "placed" else "reason"
    return rows.filter(**{by: code}) if code else rows


def _flat() -> Func:
    """`{{code, column}, ...}` as text of the codes among its cells."""
    template = "ARRAY(SELECT unnest(%(expressions)s))::varchar[]"
    return Func(F("warnings"), template=template, output_field=ArrayField(CharField()))


def _accounts(placement: Placement, result: str, code: str) -> QuerySet[Account]:
    found = Account.objects.filter(placement=placement).select_related("origin")
    if result == "warnings":
        return found.filter(origin__warnings__contains=[code]) if code else found.exclude(origin__warnings=[])
    return found.filter(origin__status=code) if code else found


def order_of(rows: QuerySet[Any]) -> list[str]:
    return ["placement_row"] if rows.model is Account else ["number"]


def row_of(record: Account | StagedRow, result: str) -> FileRow:
    if isinstance(record, Account):
        codes = record.origin.warnings if result == "warnings" else [record.origin.status]
        why = ", ".join(dict.fromkeys(reason_words(code) for code in codes if code))
        return FileRow(record.placement_row, record.external_reference, why, record.reference, record.balance)
    codes = [pair[0] for pair in record.warnings] if result == "warnings" else [record.reason or record.status]
    return FileRow(record.number, record.reference, ", ".join(reason_words(code) for code in codes if code))
