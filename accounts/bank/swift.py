"""SWIFT MT940 (statement) and MT942 (interim report), read by the mt-940 library, one message at a time."""

from __future__ import annotations

import logging
import re
from decimal import Decimal
from typing import Any

import mt940

from accounts.bank import values
from accounts.bank.refusals import BankFileRefused
from accounts.bank.statement import BankFile, Movement, Statement

BEGINS = re.compile(r"^:20:", re.MULTILINE)
# It writes what it couldn't read into the log: names and what people pay for.
logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)


def read_mt940(text: str) -> BankFile:
    """Refuses what has no statement, no account, no movement without both balances, a line that can't be read, and a
    statement whose balances and movements don't agree."""
    # What stands before the first message belongs to it: an envelope of the bank.
    starts = [found.start() for found in BEGINS.finditer(text)]
    if not starts:
        raise BankFileRefused("record_missing", "line 1", expected=":20:")
    ends = [*starts[1:], len(text)]
    pieces = [(text[start:end], text.count("\n", 0, start) + 1) for start, end in zip(starts, ends, strict=True)]
    statements = [_statement(piece, line) for piece, line in pieces]
    interim = all(re.search(r"^:34F:|^:13D:", piece, re.MULTILINE) for piece, _line in pieces)
    return BankFile("mt942" if interim else "mt940", statements)


def _statement(piece: str, line: int) -> Statement:
    place = f"line {line}"
    found = _parsed(piece, place)
    account = str(found.data.get("account_identification") or "").strip()
    if not account:
        raise BankFileRefused("no_account", place)
    opening, closing = _balance(found, "opening"), _balance(found, "closing")
    movements = [_movement(one.data, f"{place}, movement {at}") for at, one in enumerate(_lines(found), start=1)]
    _refuse_lost(piece, movements, place)
    currency = _currency(found) or (movements[0].currency if movements else "")
    return Statement(
        account=account,
        currency=currency,
        place=place,
        number=str(found.data.get("statement_number") or ""),
        opening=opening,
        closing=closing,
        movements=movements,
    )


def _parsed(piece: str, place: str) -> Any:
    """Some banks write free text under a movement that the standard has no room for: the library knows theirs too."""
    problem: Exception | None = None
    for tags in ({}, {mt940.tags.StatementASNB.id: mt940.tags.StatementASNB()}):
        try:
            found = mt940.models.Transactions(tags=tags or None)
            found.parse(piece)
        except Exception as damage:  # noqa: BLE001 - the library raises what its patterns meet
            problem = damage
        else:
            return found
    raise BankFileRefused("damaged", place, problem=str(problem).splitlines()[0][:80]) from problem


def _lines(found: Any) -> list[Any]:
    return [one for one in found if one.data.get("amount") is not None]


def _refuse_lost(piece: str, movements: list[Movement], place: str) -> None:
    written = len(re.findall(r"^:61:", piece, re.MULTILINE))
    if written != len(movements):
        raise BankFileRefused("movements_unreadable", place, written=written, found=len(movements))


def _balance(found: Any, which: str) -> Decimal | None:
    for kind in ("final", "intermediate"):
        balance = found.data.get(f"{kind}_{which}_balance")
        if balance is not None and balance.amount is not None:
            return balance.amount.amount
    return None


def _currency(found: Any) -> str:
    for which in ("final_opening", "final_closing", "intermediate_opening", "intermediate_closing"):
        balance = found.data.get(f"{which}_balance")
        if balance is not None and balance.amount is not None:
            return balance.amount.currency
    limit = found.data.get("floor_limit") or found.data.get("c_floor_limit") or found.data.get("d_floor_limit")
    return getattr(limit, "currency", "") or ""


def _movement(data: dict[str, Any], place: str) -> Movement:
    # A reversed credit takes money, a reversed debit brings it: the library knows neither's sign.
    size = abs(data["amount"].amount)
    leaves = data.get("status") in ("D", "RC")
    day = data.get("entry_date") or data.get("date")
    if day is None:
        raise BankFileRefused("day_missing", place)
    said = [
        data.get("purpose"),
        data.get("transaction_details"),
        data.get("additional_purpose"),
        data.get("extra_details"),
    ]
    return Movement(
        booked_on=values.day(str(day), place),
        amount=-size if leaves else size,
        currency=data["amount"].currency or data.get("currency") or "",
        value_on=values.day(str(data["date"]), place) if data.get("date") else None,
        reference=_clean(data.get("end_to_end_reference") or data.get("customer_reference")),
        bank_reference=_clean(data.get("bank_reference")),
        text=" ".join(dict.fromkeys(part for one in said if (part := _clean(one)))),
        payer=_clean(data.get("applicant_name")),
        payer_account=_clean(data.get("applicant_iban") or data.get("gvc_applicant_iban")),
    )


def _clean(value: object) -> str:
    text = " ".join(str(value or "").split())
    return "" if text in ("NONREF", "NOTPROVIDED") else text
