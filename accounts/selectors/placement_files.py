"""What a person sees of a placement's file: its first rows before it is read, its rejected rows after."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from accounts.foundation.spreadsheets import BYTE_ORDER_MARK, Line, inert
from accounts.models import Placement
from accounts.placements.reasons import reason_words
from accounts.placements.refusals import FileRefused
from accounts.placements.table import open_table
from accounts.services.placements.uploads import kept_content

SAMPLES = 3


def first_rows(placement: Placement) -> tuple[list[str], list[list[str]]]:
    """The header of an uploaded file and, for each column, its first values; none of a file damaged just there."""
    with kept_content(placement) as stream:
        table = open_table(stream, placement.file_name)
        try:
            rows = [raw.cells for raw in islice(table.rows, SAMPLES)]
        except FileRefused:
            rows = []
    return table.header, [[row[place] for row in rows if place < len(row)] for place in range(len(table.header))]


def reject_file(placement: Placement) -> Iterator[str]:
    """The rejected rows as CSV: their cells as they stood, safe in a spreadsheet, after row, reason and column."""
    writer: Any = csv.writer(Line())
    header = placement.counts.get("header", [])
    yield BYTE_ORDER_MARK + writer.writerow([_("row"), _("reason"), _("column"), *map(inert, header)])
    rejected = placement.rows.filter(result="rejected").order_by("number")
    for number, reason, column, cells in rejected.values_list("number", "reason", "column", "cells").iterator():
        yield writer.writerow([number, reason_words(reason), inert(column), *map(inert, cells or [])])
