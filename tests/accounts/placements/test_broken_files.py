"""Files that are refused whole, each kind once, and what the refusal says."""

import dataclasses
import io
import zipfile

import pytest
import xlsxwriter

from accounts.placements.limits import DEFAULT_LIMITS
from accounts.placements.refusals import FileRefused
from tests.support.placement_files import HEADER, ROW, csv_bytes, repacked, row, workbook_bytes

SOUND = csv_bytes()
MANY_COLUMNS = csv_bytes(header=[f"c{n}" for n in range(3_000)], rows=[["1"] * 3_000])

REFUSED = {
    "empty": (b"", "empty_file"),
    "a header alone": (csv_bytes(rows=[]), "no_rows"),
    "no header": (b"\n" + SOUND, "no_header"),
    "Windows-1252": (csv_bytes(encoding="cp1252"), "wrong_encoding"),
    "UTF-16": (csv_bytes(encoding="utf-16"), "wrong_encoding"),
    "binary": (SOUND[:50] + b"\0" + SOUND[50:], "not_a_table"),
    "PDF": (b"%PDF-1.7\n" + SOUND, "not_a_table"),
    "gzip": (b"\x1f\x8b\x08" + SOUND, "not_a_table"),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "not_a_table"),
    "web page": (b"<html><table><tr><td>reference</td></tr></table></html>", "not_a_table"),
    "3,000 columns": (MANY_COLUMNS, "too_many_columns"),
    "a column twice": (csv_bytes(header=[*HEADER[:-1], "Name"]), "duplicate_column"),
    "a column missing": (csv_bytes(header=["no reference", *HEADER[1:]]), "missing_columns"),
    "cut in a row": (csv_bytes(rows=[ROW, row(reference="A-2")])[:-40], "cut_short"),
    "cut in a quote": (SOUND + b'A-2,Ana,"1,24', "unterminated_quote"),
    "a quote that swallows the rest": (
        csv_bytes(rows=[row(name="x")]) + b'A-2,"never closed\r\n' + b"more,rows\r\n" * 20_000,
        "unterminated_quote",
    ),
    "quotes that don't match": (SOUND + b'A-2,"Ana"Maria,1\r\n', "bad_quoting"),
    "a line of megabytes": (SOUND + b"x" * 2_000_000, "line_too_long"),
}


@pytest.mark.parametrize(("content", "code"), REFUSED.values(), ids=REFUSED)
def test_a_broken_text_file_is_refused_with_its_own_reason(read, content, code):
    with pytest.raises(FileRefused) as refusal:
        read(content)

    assert refusal.value.code == f"placement.{code}"
    assert str(refusal.value) != refusal.value.code, "the refusal has a sentence"


def test_the_wrong_encoding_is_named_with_its_line(read):
    content = csv_bytes(rows=[row(name="Ana Perez"), row(reference="A-2", name="José")], encoding="cp1252")

    with pytest.raises(FileRefused, match=r"Line 3 is not UTF-8 \(it looks like Windows-1252\)"):
        read(content)


def test_a_file_with_more_rows_than_the_limit_is_refused(read):
    limits = dataclasses.replace(DEFAULT_LIMITS, rows=2)

    with pytest.raises(FileRefused, match="more than 2 rows"):
        read(csv_bytes(rows=[row(reference=f"A-{n}") for n in range(3)]), limits=limits)


def test_a_file_larger_than_the_limit_is_refused_unread(read):
    with pytest.raises(FileRefused, match="at most 100 are read"):
        read(SOUND, limits=dataclasses.replace(DEFAULT_LIMITS, file_bytes=100))


@pytest.mark.parametrize(("content", "name"), [(SOUND, "accounts.xlsx"), (workbook_bytes(), "accounts.csv")])
def test_a_file_that_lies_about_its_type_is_refused(read, content, name):
    with pytest.raises(FileRefused) as refusal:
        read(content, name=name)

    assert refusal.value.code == "placement.type_mismatch"


def _bomb(name, content):
    """Ten zeros would do for a small one; this sheet unpacks to 60 MB."""
    return (
        content.replace(b"<sheetData>", b"<sheetData>" + b" " * 60_000_000) if name.endswith("sheet1.xml") else content
    )


def _far_cell(name, content):
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return content.replace(b"</sheetData>", far) if name.endswith("sheet1.xml") else content


def _tall(name, content):
    far = b'<row r="1000000"><c r="Z1000000"><v>1</v></c></row></sheetData>'
    return content.replace(b"</sheetData>", far) if name.endswith("sheet1.xml") else content


def _entities(name, content):
    if not name.endswith("sheet1.xml"):
        return content
    dtd = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    return content.replace(b"<worksheet", dtd + b"<worksheet", 1)


def _macros(content):
    result = io.BytesIO(content)
    with zipfile.ZipFile(result, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    return result.getvalue()


def _many_parts(content):
    result = io.BytesIO(content)
    with zipfile.ZipFile(result, "a") as archive:
        for number in range(600):
            archive.writestr(f"xl/media/{number}.png", b"x")
    return result.getvalue()


def _another_document(_content):
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        archive.writestr("word/document.xml", b"<x/>")
    return result.getvalue()


WORKBOOKS = {
    "a zip bomb": (repacked(workbook_bytes(), _bomb), "zip_bomb"),
    "a bomb of entities": (repacked(workbook_bytes(), _entities), "zip_bomb"),
    "too many parts": (_many_parts(workbook_bytes()), "zip_bomb"),
    "a cell at the far corner": (repacked(workbook_bytes(), _far_cell), "too_many_columns"),
    "a cell at the far bottom": (repacked(workbook_bytes(), _tall), "too_many_cells"),
    "3,000 columns": (workbook_bytes(header=[f"c{n}" for n in range(3_000)], rows=[]), "too_many_columns"),
    "macros": (_macros(workbook_bytes()), "macro_workbook"),
    "cut in the middle": (workbook_bytes()[:2_000], "damaged_workbook"),
    "a sheet of damaged XML": (
        repacked(workbook_bytes(), lambda name, part: part[:-50] if name.endswith("sheet1.xml") else part),
        "damaged_workbook",
    ),
    "no sheet": (
        repacked(workbook_bytes(), lambda name, part: None if name.endswith("sheet1.xml") else part),
        "damaged_workbook",
    ),
    "another document": (_another_document(b""), "not_a_table"),
}


@pytest.mark.parametrize(("content", "code"), WORKBOOKS.values(), ids=WORKBOOKS)
def test_a_broken_workbook_is_refused_with_its_own_reason(read, content, code):
    with pytest.raises(FileRefused) as refusal:
        read(content, name="accounts.xlsx")

    assert refusal.value.code == f"placement.{code}"


def test_a_part_that_unpacks_to_more_than_it_declares_is_refused(read):
    honest = workbook_bytes(rows=[row(reference=f"A-{n}") for n in range(400)])
    with zipfile.ZipFile(io.BytesIO(honest)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = honest.replace(size.to_bytes(4, "little"), (300).to_bytes(4, "little"))
    assert lying != honest

    with pytest.raises(FileRefused) as refusal:
        read(lying, name="accounts.xlsx")

    assert refusal.value.code == "placement.damaged_workbook"


def test_a_workbook_with_a_second_sheet_is_read_from_its_first(read):
    content = workbook_bytes(write=lambda _sheet, workbook: workbook.add_worksheet("notes").write(0, 0, "not this"))

    assert [found.placed.reference for found in read(content, name="a.xlsx")] == ["A-1"]


def test_a_locked_workbook_is_an_old_office_file_to_us_and_refused(read):
    with pytest.raises(FileRefused, match="old or password-protected"):
        read(b"\xd0\xcf\x11\xe0" + bytes(100), name="accounts.xlsx")


def test_an_empty_workbook_has_no_header(read):
    content = io.BytesIO()
    xlsxwriter.Workbook(content).close()

    with pytest.raises(FileRefused, match="must name the columns"):
        read(content.getvalue(), name="a.xlsx")
