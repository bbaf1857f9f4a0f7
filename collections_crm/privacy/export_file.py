"""The file of an export: one JSON with codes, one page to read in the person's language, and the files we keep."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Attachment
from collections_crm.models import DataExport
from collections_crm.privacy.holdings import Holdings
from collections_crm.privacy.sections import LABELS, SECTIONS, Section
from collections_crm.ui.erased import tombstone
from collections_crm.ui.words import civil, figure, moment

FORMAT = 1


@dataclass(frozen=True)
class Table:
    """A section with its rows: `told` with codes for the JSON, `shown` in words for the page."""

    section: Section
    told: list[dict[str, Any]]
    shown: list[list[str]]

    @property
    def headings(self) -> list[str]:
        return [str(LABELS[column]) for column in self.section.columns]


def make_file(export: DataExport, of: Holdings, *, zone: str, now: datetime, tick: Callable[[], None]) -> bytes:
    """The ZIP as bytes. `tick` is called after each section, so that the row can tell how far it is."""
    tables = []
    with translation.override(export.language), timezone.override(zone):
        for section in SECTIONS:
            tables.append(table_of(section, of))
            tick()
        page = render_to_string("privacy/export_file.html", {"tables": tables, "now": now, "language": export.language})
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", _json(export, tables, now))
        archive.writestr("index.html", page)
        for name, content in _files(of):
            archive.writestr(name, content)
    return held.getvalue()


def table_of(section: Section, of: Holdings) -> Table:
    told, shown = [], []
    for row in section.rows(of):
        told.append(_told(section, row, of))
        shown.append(_shown(section, row, told[-1]))
    return Table(section, told, shown)


def _told(section: Section, row: Any, of: Holdings) -> dict[str, Any]:
    values = {}
    for column in section.columns:
        read = section.read.get(column)
        values[column.replace("__", "_")] = read(row, of) if read else _value(row, column)
    if getattr(row, "erased_on", None):
        values["erased"] = {"on": row.erased_on, "rule": row.erased_under}
    return values


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = None if row is None else getattr(row, name)
    return row


def _shown(section: Section, row: Any, told: dict[str, Any]) -> list[str]:
    cells = [_cell(section, row, column, told[column.replace("__", "_")]) for column in section.columns]
    if "erased" in told:
        cells[-1] = tombstone(row.erased_on, row.erased_under)
    return cells


def _cell(section: Section, row: Any, path: str, value: Any) -> str:
    """A value in words: what has choices by their label."""
    *holders, name = path.split("__")
    owner = _value(row, "__".join(holders)) if holders else row
    display = getattr(owner, f"get_{name}_display", None) if path not in section.read else None
    return str(display()) if display else _words(value)


def _words(value: Any) -> str:
    if value is None or value == "" or value == []:
        return "-"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return civil(value)
    if isinstance(value, Decimal):
        return figure(value)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "; ".join(value)
    return (
        json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder) if isinstance(value, list | dict) else str(value)
    )


def _json(export: DataExport, tables: list[Table], now: datetime) -> str:
    about = {"format": FORMAT, "export": export.pk, "person": export.person_id, "made_at": now}
    sections = {table.section.key: table.told for table in tables}
    return json.dumps({"about": about, **sections}, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder)


def _files(of: Holdings) -> list[tuple[str, bytes]]:
    """The files on accounts that are the person's alone, under their number and the name they were kept by."""
    kept = Attachment.objects.filter(account__in=of.alone, erased_on=None).order_by("pk")
    return [(f"files/{file.pk}-{PurePosixPath(file.name).name}", bytes(file.content)) for file in kept]
