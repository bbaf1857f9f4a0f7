"""Rows as PostgreSQL's COPY reads them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db import connection

from accounts.placements.phones import Phone
from accounts.placements.raw import RawRow
from accounts.placements.rows import AdvanceColumns, PlacedRow, Result, RowRead
from accounts.services.parties import search_form

NULL = r"\N"
COLUMNS = (
    "placement_id", "number", "result", "reason", '"column"', "status", "warnings", "cells",
    "account_number", "party_number", "reference", "name", "search_name", "party_kind", "language", "birth_date",
    "tax_id",
    "phone", "phone_line", "phone_2", "phone_2_line", "email", "address", "city", "region", "postcode", "country",
    "creditor", "originated_on", "lent", "purchased_amount", "principal", "interest", "fees", "costs",
    "due_on", "due_amounts", "due_basis", "charged_off_on", "last_paid_on", "limitation_on",
    "purchase_price", "share", "rhythm", "remittance", "yearly_rate",
)  # fmt: skip
COPY = f"COPY accounts_stagedrow ({', '.join(COLUMNS)}) FROM STDIN"
NULLABLE = {
    "account_number",
    "party_number",
    "birth_date",
    "lent",
    "purchased_amount",
    "purchase_price",
    "share",
    "remittance",
    "yearly_rate",
} | {name for name in COLUMNS if name.endswith("_on") and name != "due_on"}
EMPTY = {"principal": "0", "interest": "0", "fees": "0", "costs": "0", "due_on": "{}", "due_amounts": "{}"}
NOT_PLACED = "\t".join(EMPTY.get(name, NULL if name in NULLABLE else "") for name in COLUMNS[8:])
NUMBERS = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
SPECIAL = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(placement_id: int, rows: list[tuple[RawRow, RowRead]]) -> None:
    """Write rows to the staging table in the caller's transaction. Placed rows get the ids they will live under."""
    count = sum(1 for _raw, read in rows if read.placed)
    with connection.cursor() as cursor:
        accounts, parties = _numbers(cursor, "accounts_account", count), _numbers(cursor, "accounts_party", count)
        text = io.StringIO("".join(_line(placement_id, raw, read, accounts, parties) for raw, read in rows))
        cursor.copy_expert(COPY, text)


def _numbers(cursor, table: str, count: int) -> Iterator[int]:
    cursor.execute(NUMBERS, [table, count])
    return iter([number for (number,) in cursor.fetchall()])


def _line(placement_id: int, raw: RawRow, read: RowRead, accounts: Iterator[int], parties: Iterator[int]) -> str:
    cells = _text(json.dumps(raw.cells, ensure_ascii=False)) if read.result == Result.REJECTED else NULL
    told = f"{_text(read.reason)}\t{_text(read.column[:120])}\t{_text(read.status)}\t{_warnings(read)}\t{cells}"
    tail = f"{next(accounts)}\t{next(parties)}\t{_placed(read.placed)}" if read.placed else NOT_PLACED
    return f"{placement_id}\t{read.number}\t{read.result}\t{told}\t{tail}\n"


def _placed(row: PlacedRow) -> str:
    phone, second = (*row.phones, Phone(), Phone())[:2]
    return "\t".join(
        (
            _text(row.reference), _text(row.name), search_form(row.name)[:200], row.party_kind, row.language,
            _day(row.birth_date), _text(row.tax_id),
            phone.number, phone.line, second.number, second.line, _text(row.email), _text(row.address), _text(row.city),
            _text(row.region), _text(row.postcode), row.country, _text(row.creditor), _day(row.originated_on),
            _amount(row.lent), _amount(row.purchased_amount), f"{row.principal}", f"{row.interest}", f"{row.fees}",
            f"{row.costs}", f"{{{','.join(on.isoformat() for on, _ in row.due)}}}",
            f"{{{','.join(str(amount) for _, amount in row.due)}}}", row.due_basis, _day(row.charged_off_on),
            _day(row.last_paid_on), _day(row.limitation_on), *_terms(row.terms),
            _amount(row.yearly_rate),
        )
    )  # fmt: skip


def _terms(terms: AdvanceColumns | None) -> tuple[str, str, str, str]:
    if terms is None:
        return NULL, NULL, "", NULL
    return f"{terms.purchase_price}", f"{terms.share}", terms.rhythm, f"{terms.remittance}"


def _warnings(read: RowRead) -> str:
    if not read.warnings:
        return "{}"
    pairs = (f"{{{_element(code)},{_element(column)}}}" for code, column in read.warnings)
    return _text(f"{{{','.join(pairs)}}}")


def _element(text: str) -> str:
    """One element of an array literal, before COPY's own escapes."""
    return '"' + text[:120].replace("\\", "\\\\").replace('"', '\\"') + '"'


def _text(text: str) -> str:
    return text.translate(SPECIAL) if "\\" in text or not text.isprintable() else text


def _day(day: date | None) -> str:
    return day.isoformat() if day else NULL


def _amount(amount: Decimal | None) -> str:
    return NULL if amount is None else f"{amount}"
