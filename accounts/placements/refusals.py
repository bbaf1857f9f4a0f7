"""Why a whole file is refused. Nothing of a refused file is ever staged."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import Refused, register_sentences


class FileRefused(Refused):
    """The file can't be read as a table of accounts. Its sentence says what to do about the file."""

    def __str__(self) -> str:
        named = {name: str(FOUND.get(value, value)) for name, value in self.params.items() if isinstance(value, str)}
        return str(Refused(self.code, **{**self.params, **named}))


FOUND = {
    "old_office": _("an old or password-protected Office file"),
    "pdf": _("a PDF document"),
    "archive": _("an archive or another Office document"),
    "picture": _("a picture"),
    "program": _("a program"),
    "document": _("a text document"),
    "binary": _("a binary file"),
    "markup": _("a web page or XML"),
    "workbook": _("an Excel workbook"),
    "text": _("plain text"),
}


register_sentences(
    {
        "placement.empty_file": _("The file is empty."),
        "placement.file_too_large": _("The file has {size} bytes; at most {limit} are read. Split it."),
        "placement.not_a_table": _(
            "The file is {found}, not a table. Save it as CSV (UTF-8) or as an Excel workbook (.xlsx)."
        ),
        "placement.type_mismatch": _(
            "The file is named {name}, but its content is {found}. Save it again under its real type."
        ),
        "placement.wrong_encoding": _(
            "Line {line} is not UTF-8 (it looks like {detected}). Save it as CSV UTF-8, so that no name is damaged."
        ),
        "placement.line_too_long": _("Line {line} has more than {limit} bytes. The file is not a table of accounts."),
        "placement.unterminated_quote": _(
            "A quotation mark opened at line {line} is never closed. The file is damaged or cut."
        ),
        "placement.bad_quoting": _("The quotation marks at line {line} don't match. The file is damaged."),
        "placement.cut_short": _(
            "The last row (row {row}) has {found} cells of {expected}: the file was cut in the middle."
        ),
        "placement.no_header": _("The first row must name the columns."),
        "placement.no_rows": _("The file names columns but holds no rows."),
        "placement.duplicate_column": _("The column {column} is there twice. Name each column once."),
        "placement.too_many_columns": _("The file has {found} columns; at most {limit} are read."),
        "placement.too_many_rows": _("The file has more than {limit} rows. Split it."),
        "placement.too_many_cells": _(
            "The first sheet spans {found} cells; at most {limit} are read. Remove what is far from the table."
        ),
        "placement.damaged_workbook": _("The Excel workbook is damaged or cut. Ask for it again."),
        "placement.zip_bomb": _(
            "The workbook would unpack to far more than a table of accounts needs. It was not opened."
        ),
        "placement.locked_workbook": _("The workbook is protected by a password. Save it without one."),
        "placement.macro_workbook": _("The workbook contains macros. Save it as a plain .xlsx."),
        "placement.missing_columns": _("Columns that the mapping needs are missing: {columns}."),
        "placement.bad_mapping": _("The mapping can't be used: {problem}."),
    }
)
