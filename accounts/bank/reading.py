"""What a bank file is, by its content and never by its name; then read, and checked as a whole."""

from __future__ import annotations

import re

from accounts.bank.bai2 import read_bai2
from accounts.bank.camt import read_camt
from accounts.bank.direct_debits import read_arudd, read_direct_entry, read_pain002
from accounts.bank.nacha import read_nacha
from accounts.bank.ofx import read_ofx
from accounts.bank.refusals import BankFileRefused
from accounts.bank.statement import BankFile, Statement
from accounts.bank.swift import read_mt940

MOST_BYTES = 50 * 1024 * 1024


def read_bank_file(content: bytes) -> BankFile:
    """The file, read right and adding up; or refused by `BankFileRefused`, which names place and reason.

    A statement without a movement is one only with both balances, which say that there was none.
    """
    if not content.strip():
        raise BankFileRefused("empty")
    if len(content) > MOST_BYTES:
        raise BankFileRefused("too_large", size=len(content), limit=MOST_BYTES)
    file = _read(content)
    for statement in file.statements:
        _refuse_wrong(statement, is_whole=file.format in WHOLE)
    if not file.count:
        _refuse_unsaid(file)
    return file


# Statements of a whole day: what stands in them is all that happened. The others tell of a part of it.
WHOLE = {"mt940", "camt.053", "bai2"}


def _refuse_wrong(statement: Statement, *, is_whole: bool) -> None:
    is_whole = is_whole and None not in (statement.opening, statement.closing)
    for movement in statement.movements if is_whole else ():
        if movement.currency != statement.currency:
            raise BankFileRefused(
                "mixed_currencies", statement.place, found=movement.currency, expected=statement.currency
            )
    if is_whole and not statement.is_balanced:
        expected = statement.opening + statement.booked  # type: ignore[operator]
        raise BankFileRefused(
            "not_balanced",
            statement.place,
            opening=statement.opening,
            booked=statement.booked,
            expected=expected,
            closing=statement.closing,
            difference=statement.closing - expected,  # type: ignore[operator]
        )


def _refuse_unsaid(file: BankFile) -> None:
    for statement in file.statements:
        if statement.opening is None or statement.closing is None:
            raise BankFileRefused("no_movement", statement.place)
    if not file.statements:
        raise BankFileRefused("no_statement", "line 1")


def _read(content: bytes) -> BankFile:
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n\x01\x00")
    if re.search(rb"<(\w+:)?OFX\b|OFXHEADER", content[:8192], re.IGNORECASE):
        return read_ofx(_text(content))
    if head.startswith(b"<"):
        return _read_xml(content)
    text = _text(content)
    bare = text.lstrip("\ufeff \t\r\n\x01\x00")
    if re.match(r"01,", bare) or re.match(r"\d\d,[^\n]*/\s*$", bare.split("\n")[0]):
        return read_bai2(bare)
    if _is_nacha(bare):
        return read_nacha(text)
    if re.match(r"0\s{17}\d\d", bare):
        return read_direct_entry(bare)
    if re.search(r"^:(20|25|28C?|60[FM]|61|62[FM]|86|NS):", text, re.MULTILINE) or bare.startswith("{1:"):
        return read_mt940(text.replace("\r\n", "\n").replace("\r", "\n"))
    raise BankFileRefused("unknown_format")


def _read_xml(content: bytes) -> BankFile:
    if b"<ARUDD" in content or b"BACSDocument" in content:
        return read_arudd(content)
    if b"CstmrPmtStsRpt" in content or b"pain.002" in content[:2000]:
        return read_pain002(content)
    if re.search(rb"BkToCstmr", content):
        return read_camt(content)
    raise BankFileRefused("unknown_format")


def _is_nacha(text: str) -> bool:
    first = text.split("\n")[0].rstrip("\r")
    return bool(re.match(r"101[ \d]|5(200|220|225|280)|6[2345]\d|9000", first)) and len(first) > 60


def _text(content: bytes) -> str:
    """Banks write UTF-8 or Latin-1; what isn't the one is the other."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")
