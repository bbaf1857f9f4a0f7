"""BAI2 of the United States and Canada: statements with implied decimals. Ours: no kept parser reads the real files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.bank import values
from accounts.bank.refusals import BankFileRefused
from accounts.bank.statement import BankFile, Movement, Statement

CODES = ("01", "02", "03", "16", "49", "88", "98", "99")
# A slash ends a record, and may stand in a text: it ends one only where another record begins behind it.
NEXT_RECORD = re.compile(r"/\s+(?=(?:01|02|03|16|49|88|98|99),)|\n(?=(?:01|02|03|16|49|88|98|99),)")
OPENING, CLOSING = "010", "015"
NO_DECIMALS = {"JPY": 0, "KRW": 0, "CLP": 0}


@dataclass(slots=True)
class Record:
    code: str
    fields: list[str]
    line: int

    @property
    def place(self) -> str:
        return f"line {self.line}"


def read_bai2(text: str) -> BankFile:
    """Refuses records out of order or unknown, amounts that are none, trailers that don't agree, and accounts whose
    ledger balances and movements don't."""
    records = list(_records(text))
    if not records or records[0].code != "01":
        raise BankFileRefused("record_unknown", "line 1", found=records[0].code if records else text[:2])
    if records[-1].code != "99":
        raise BankFileRefused("record_missing", records[-1].place, expected="99")
    reading = _Reading()
    for record in records[1:]:
        reading.take(record)
    return reading.file


class _Reading:
    """One record after the other: a file holds groups of a day, these accounts, these movements. Each ends by a trailer
    with the sum of everything in it, whatever its sign of meaning."""

    def __init__(self) -> None:
        self.file = BankFile("bai2")
        self.group: Record | None = None
        self.account: Statement | None = None
        self.of_account = self.of_group = self.of_file = Decimal(0)

    def take(self, record: Record) -> None:
        acts = {"02": self._begin_group, "03": self._begin_account, "16": self._move, "49": self._end_account,
                "98": self._end_group, "99": self._end}  # fmt: skip
        if record.code not in acts:
            raise BankFileRefused("record_misplaced", record.place, found=record.code)
        acts[record.code](record)

    def _begin_group(self, record: Record) -> None:
        self.group, self.of_group = record, Decimal(0)

    def _begin_account(self, record: Record) -> None:
        self.account, self.of_account = _account(record, self.group)
        self.file.statements.append(self.account)

    def _move(self, record: Record) -> None:
        if self.account is None or self.group is None:
            raise BankFileRefused("record_misplaced", record.place, found="16")
        movement, size = _movement(record, _day_of(self.group), self.account.currency)
        self.account.movements.append(movement)
        self.of_account += size

    def _end_account(self, record: Record) -> None:
        _refuse_other_total(record, self.of_account)
        self.of_group += self.of_account
        self.account = None

    def _end_group(self, record: Record) -> None:
        _refuse_other_total(record, self.of_group)
        self.of_file += self.of_group
        self.group = None

    def _end(self, record: Record) -> None:
        _refuse_other_total(record, self.of_file)


def _records(text: str) -> Iterator[Record]:
    """Logical records: continuations (88) are joined to what they continue."""
    current: Record | None = None
    line = 1
    at = 0
    for raw in NEXT_RECORD.split(text.strip("\r\n\x1a ")):
        line += text.count("\n", at, text.find(raw, at))
        at = text.find(raw, at)
        bare = " ".join(raw.split("\n")).rstrip("\r ")
        bare = bare[:-1] if bare.endswith("/") else bare
        code, _comma, rest = bare.partition(",")
        if code not in CODES:
            raise BankFileRefused("record_unknown", f"line {line}", found=code[:20])
        if code == "88":
            if current is None:
                raise BankFileRefused("record_misplaced", f"line {line}", found="88")
            current.fields += rest.split(",")
            continue
        if current is not None:
            yield current
        current = Record(code, rest.split(","), line)
    if current is not None:
        yield current


def _day_of(group: Record) -> date:
    return values.short_day(group.fields[3] if len(group.fields) > 3 else "", group.place)


def _places(currency: str) -> int:
    return NO_DECIMALS.get(currency, 2)


def _account(record: Record, group: Record | None) -> tuple[Statement, Decimal]:
    if group is None:
        raise BankFileRefused("record_misplaced", record.place, found="03")
    number, currency = record.fields[0].strip(), (record.fields[1:2] or [""])[0].strip()
    if not number:
        raise BankFileRefused("no_account", record.place)
    in_group = group.fields[5].strip() if len(group.fields) > 5 else ""
    currency = currency or in_group or "USD"
    balances, total = _summaries(record.fields[2:], record.place, _places(currency))
    statement = Statement(number, currency, record.place, opening=balances.get(OPENING), closing=balances.get(CLOSING))
    return statement, total


def _summaries(fields: list[str], place: str, places: int) -> tuple[dict[str, Decimal], Decimal]:
    """Groups of type, amount, count, funds type; the sum of all of them is part of the account's control total."""
    found: dict[str, Decimal] = {}
    total, at = Decimal(0), 0
    while at < len(fields):
        kind = fields[at].strip()
        if not kind:
            at += 1
            continue
        size = fields[at + 1].strip() if at + 1 < len(fields) else ""
        if size:
            found.setdefault(kind, values.minor_units(size, place, places))
            total += values.minor_units(size, place, places)
        at += 3
        at = _past_funds(fields, at)
    return found, total


def _past_funds(fields: list[str], at: int) -> int:
    """Behind the funds type at this place stand as many fields as it needs."""
    funds = fields[at].strip() if at < len(fields) else ""
    at += 1
    if funds == "S":
        return at + 3
    if funds == "V":
        return at + 2
    if funds == "D" and at < len(fields):
        return at + 1 + 2 * int(fields[at] or 0)
    return at


def _movement(record: Record, on: date, currency: str) -> tuple[Movement, Decimal]:
    fields, place = record.fields, record.place
    kind = fields[0].strip()
    if not re.fullmatch(r"\d{3}", kind):
        raise BankFileRefused("record_unknown", place, found=f"16,{kind[:10]}")
    size = values.minor_units(fields[1] or "0", place, _places(currency)) if len(fields) > 1 else Decimal(0)
    behind = _past_funds(fields, 2)
    rest = [one.strip() for one in fields[behind:]]
    value_on = (
        values.short_day(fields[3], place) if len(fields) > 3 and fields[2].strip() == "V" and fields[3] else None
    )
    text = " ".join(part for part in rest[2:] if part)
    return (
        Movement(
            booked_on=on,
            amount=-size if 400 <= int(kind) <= 699 else size,
            currency=currency,
            value_on=value_on,
            reference=rest[1] if len(rest) > 1 else "",
            bank_reference=rest[0] if rest else "",
            text=text,
            payer=_named(text, "DBNM"),
        ),
        size,
    )


def _named(text: str, key: str) -> str:
    found = re.search(rf"{key}: (.+?)(?= [A-Z]{{4}}: |$)", text)
    return found[1].strip() if found else ""


def _refuse_other_total(record: Record, found: Decimal) -> None:
    said = values.minor_units(record.fields[0] or "0", record.place)
    if said != found:
        raise BankFileRefused("totals_differ", record.place, expected=said, found=found)
