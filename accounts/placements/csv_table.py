"""Delimited text: UTF-8 with or without a byte order mark; comma, semicolon, tab or bar."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from accounts.placements.limits import Limits
from accounts.placements.raw import RawRow
from accounts.placements.refusals import FileRefused

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
DELIMITERS = ",;\t|"


def csv_rows(stream: BinaryIO, limits: Limits, notes: list[str]) -> Iterator[RawRow]:
    """Every row, the header first, as text. Reads one line at a time; refuses by `FileRefused` at the damaged line."""
    lines = _Lines(stream, limits)
    first = next(lines, "")
    lines.push_back(first)
    reader = csv.reader(lines, delimiter=_delimiter(first), strict=True)
    number = 0
    started = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as damage:
            raise _refusal(damage, started, lines.count) from damage
        if cells is None:
            break
        number += 1
        started = lines.count + 1
        yield RawRow(number, cells)
    if not lines.ended_with_line_end:
        notes.append("no_final_line_end")


def _delimiter(header: str) -> str:
    outside = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _refusal(damage: csv.Error, started: int, line: int) -> FileRefused:
    """A quote that is never closed swallows the rest of the file, so it is named by the line where its row began."""
    text = str(damage)
    if "unexpected end of data" in text or "field larger" in text:
        return FileRefused("placement.unterminated_quote", line=started)
    return FileRefused("placement.bad_quoting", line=line)


class _Lines(Iterator[str]):
    """Decoded lines, each measured before it is decoded."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self._stream = stream
        self._limit = limits.line_bytes
        self._pushed: str | None = None
        self.count = 0
        self.ended_with_line_end = True

    def push_back(self, line: str) -> None:
        self._pushed = line or None
        self.count = 0

    def __next__(self) -> str:
        if self._pushed is not None:
            line, self._pushed = self._pushed, None
            self.count = 1
            return line
        return self._read()

    def _read(self) -> str:
        encoded = self._stream.readline(self._limit + 1)
        if not encoded:
            raise StopIteration
        self.count += 1
        if len(encoded) > self._limit:
            raise FileRefused("placement.line_too_long", line=self.count, limit=self._limit)
        self.ended_with_line_end = encoded.endswith(b"\n")
        if self.count == 1 and encoded.startswith(BYTE_ORDER_MARK):
            encoded = encoded[len(BYTE_ORDER_MARK) :]
        if b"\0" in encoded:
            raise FileRefused("placement.not_a_table", found="binary")
        return _decoded(encoded, self.count)


def _decoded(encoded: bytes, line: int) -> str:
    try:
        return encoded.decode("utf-8")
    except UnicodeDecodeError as damage:
        raise FileRefused("placement.wrong_encoding", line=line, detected=_likely_encoding(encoded)) from damage


def _likely_encoding(encoded: bytes) -> str:
    try:
        encoded.decode("cp1252")
    except UnicodeDecodeError:
        return "binary"
    return "Windows-1252"
