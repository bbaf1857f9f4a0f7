"""Files of accounts, sound and broken, made as they are needed."""

import csv
import io
import zipfile

import xlsxwriter

HEADER = ["reference", "name", "principal", "due_now", "past_due_on", "phone", "region", "postcode", "country"]
ROW = ["A-1", "Ana Pérez", "1,240.50", "120.00", "2026-10-01", "(212) 555-0100", "NY", "10001", "US"]


def csv_bytes(rows=None, header=None, encoding="utf-8", **dialect):
    text = io.StringIO(newline="")
    csv.writer(text, **dialect).writerows([header or HEADER, *([ROW] if rows is None else rows)])
    return text.getvalue().encode(encoding)


def row(**cells):
    """The ordinary row, with the named cells changed."""
    return [cells.get(name, ordinary) for name, ordinary in zip(HEADER, ROW, strict=True)]


def workbook_bytes(rows=None, header=None, write=None):
    """An Excel workbook of one sheet; `write(sheet, workbook)` adds what a table of values can't say."""
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content)
    sheet = workbook.add_worksheet("accounts")
    for number, cells in enumerate([header or HEADER, *([ROW] if rows is None else rows)]):
        sheet.write_row(number, 0, cells)
    if write:
        write(sheet, workbook)
    workbook.close()
    return content.getvalue()


def repacked(content, change):
    """The workbook with its parts changed: `change(name, bytes)` answers the new bytes, or None to leave a part out."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
    return result.getvalue()
