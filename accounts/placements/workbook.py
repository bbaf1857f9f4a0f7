"""What is inside a workbook, measured part by part before any of it is opened as a table.

A workbook is a ZIP archive of XML. Both can claim one size and unpack to another, so every part is read through once,
in small pieces and against the limits; the same reading finds how far the first sheet reaches and which cells are
computed.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from accounts.placements.limits import Limits
from accounts.placements.refusals import FileRefused

PIECE = 256 * 1024
SMALL_PART = 4 * 1024 * 1024
CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")


@dataclass
class SheetShape:
    """How far the first sheet reaches, and its computed cells: row number -> places of columns, from 0."""

    rows: int = 0
    columns: int = 0
    other_sheets: bool = False
    formulas: dict[int, set[int]] = field(default_factory=dict)


def inspect_workbook(stream: BinaryIO, limits: Limits) -> SheetShape:
    """Measure every part and the first sheet. Refuses bombs, passwords, macros, damage and sheets out of bounds."""
    try:
        with zipfile.ZipFile(stream) as archive:
            return _inspected(archive, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, expat.ExpatError, KeyError, NotImplementedError) as damage:
        raise FileRefused("placement.damaged_workbook") from damage
    except (OSError, ValueError) as damage:
        raise FileRefused("placement.damaged_workbook") from damage


def _inspected(archive: zipfile.ZipFile, limits: Limits) -> SheetShape:
    _refuse_bombs(archive.infolist(), limits)
    _refuse_other_documents(archive)
    sheets = _sheet_parts(archive)
    shape = SheetShape(other_sheets=len(sheets) > 1)
    unpacked = 0
    for entry in archive.infolist():
        reading = _SheetReading(shape, limits) if entry.filename == sheets[0] else None
        for piece in _pieces(archive, entry):
            unpacked += len(piece)
            if unpacked > limits.unpacked_bytes:
                raise FileRefused("placement.zip_bomb")
            if reading:
                reading.feed(piece)
        if reading:
            reading.close()
    return shape


def _refuse_bombs(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    # Small workbooks are allowed any ratio: a sheet of equal rows packs a hundredfold and harms nobody.
    squeezed = unpacked > SMALL_PART * 4 and unpacked / packed > limits.packing_ratio
    if len(entries) > limits.archive_entries or unpacked > limits.unpacked_bytes or squeezed:
        raise FileRefused("placement.zip_bomb")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise FileRefused("placement.locked_workbook")


def _refuse_other_documents(archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise FileRefused("placement.not_a_table", found="archive")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileRefused("placement.macro_workbook")
    if len(names) != len(archive.namelist()):
        raise FileRefused("placement.damaged_workbook")


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as part:
        while piece := part.read(PIECE):
            yield piece


def _sheet_parts(archive: zipfile.ZipFile) -> list[str]:
    """The sheets' parts in the order of the tabs."""
    targets = {tag["Id"]: tag["Target"] for tag in _tags(archive, "xl/_rels/workbook.xml.rels", "Relationship")}
    order = list(_tags(archive, "xl/workbook.xml", "sheet"))
    parts = [targets[tag["r:id"] if "r:id" in tag else _relation(tag)] for tag in order]
    if not parts:
        raise FileRefused("placement.damaged_workbook")
    return [part.lstrip("/") if part.startswith("/") else f"xl/{part}" for part in parts]


def _relation(tag: dict[str, str]) -> str:
    """Some writers use another prefix than `r` for the relationship."""
    return next(value for name, value in tag.items() if name.endswith(":id"))


def _tags(archive: zipfile.ZipFile, part: str, wanted: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    if archive.getinfo(part).file_size > SMALL_PART:
        raise FileRefused("placement.zip_bomb")

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == wanted:
            found.append(attributes)

    parser = _parser()
    parser.StartElementHandler = start
    parser.Parse(archive.read(part), True)
    return found


def _parser() -> expat.XMLParserType:
    def refuse_dtd(*_: object) -> None:
        raise FileRefused("placement.zip_bomb")

    parser = expat.ParserCreate()
    # Entities are how a few lines of XML become gigabytes; no honest workbook declares any.
    parser.StartDoctypeDeclHandler = refuse_dtd
    return parser


class _SheetReading:
    """Reads one sheet's XML by pieces and notes its reach and its computed cells."""

    def __init__(self, shape: SheetShape, limits: Limits) -> None:
        self._shape = shape
        self._limits = limits
        self._row = 0
        self._place = -1
        self._parser = _parser()
        self._parser.StartElementHandler = self._start

    def feed(self, piece: bytes) -> None:
        self._parser.Parse(piece, False)

    def close(self) -> None:
        self._parser.Parse(b"", True)
        found = self._shape.rows * self._shape.columns
        if found > self._limits.excel_cells:
            raise FileRefused("placement.too_many_cells", found=found, limit=self._limits.excel_cells)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self._cell(attributes.get("r", ""))
        elif name == "f":
            self._shape.formulas.setdefault(self._row, set()).add(self._place)
        elif name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._place = -1

    def _cell(self, reference: str) -> None:
        match = CELL.match(reference)
        if match:
            self._place, self._row = _column_place(match[1]), int(match[2])
        else:
            self._place += 1
        self._shape.rows = max(self._shape.rows, self._row)
        self._shape.columns = max(self._shape.columns, self._place + 1)
        if self._shape.columns > self._limits.columns:
            raise FileRefused("placement.too_many_columns", found=self._shape.columns, limit=self._limits.columns)
        if self._shape.rows > self._limits.rows:
            raise FileRefused("placement.too_many_rows", limit=self._limits.rows)


def _column_place(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1
