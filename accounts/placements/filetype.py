"""What a file really is, judged by its first bytes and never by its name."""

from __future__ import annotations

from pathlib import PurePath
from typing import BinaryIO, Literal

from accounts.placements.limits import Limits
from accounts.placements.refusals import FileRefused

Kind = Literal["csv", "xlsx"]

SIGNATURES = [
    (b"\xd0\xcf\x11\xe0", "old_office"),
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"{\\rtf", "document"),
    (b"PAR1", "binary"),
]
MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<script")
WORKBOOK_NAMES = {".xlsx"}
TEXT_NAMES = {".csv", ".txt", ".tsv"}


def file_kind(stream: BinaryIO, name: str, limits: Limits) -> Kind:
    """`csv` or `xlsx`. Refuses what is neither, what is too large, and a name that says otherwise than the content."""
    size = stream.seek(0, 2)
    stream.seek(0)
    if size == 0:
        raise FileRefused("placement.empty_file")
    if size > limits.file_bytes:
        raise FileRefused("placement.file_too_large", size=size, limit=limits.file_bytes)
    head = stream.read(4096)
    stream.seek(0)
    kind: Kind = "xlsx" if head.startswith(b"PK\x03\x04") else "csv"
    if kind == "csv":
        _refuse_other_than_text(head)
    _refuse_misleading_name(name, kind)
    return kind


def _refuse_other_than_text(head: bytes) -> None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused("placement.wrong_encoding", line=1, detected="UTF-16")
    for signature, found in SIGNATURES:
        if head.startswith(signature):
            raise FileRefused("placement.not_a_table", found=found)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(MARKUP):
        raise FileRefused("placement.not_a_table", found="markup")
    if b"\0" in head:
        raise FileRefused("placement.not_a_table", found="binary")


def _refuse_misleading_name(name: str, kind: Kind) -> None:
    suffix = PurePath(name).suffix.lower()
    expected = WORKBOOK_NAMES if kind == "xlsx" else TEXT_NAMES
    if suffix in (WORKBOOK_NAMES | TEXT_NAMES) - expected:
        raise FileRefused(
            "placement.type_mismatch", name=PurePath(name).name, found="workbook" if kind == "xlsx" else "text"
        )
