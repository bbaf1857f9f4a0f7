"""Staging: a file's rows into the staging table, by COPY, all of them or none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, BinaryIO

from django.db import transaction

from accounts.foundation.errors import Refused
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import Account, Placement, PlacementState, Portfolio
from accounts.placements.mapping import Mapping
from accounts.placements.raw import RawRow
from accounts.placements.reading import RowReader, read_rows
from accounts.placements.refusals import FileRefused
from accounts.placements.rows import Result, RowRead
from accounts.placements.table import Table, open_table
from accounts.placements.totals import FileTotals
from accounts.selectors.total_cost import cap_in
from accounts.services.placements.mappings import find_mapping
from accounts.services.placements.staging_copy import copy_rows

CHUNK = 10_000
Chunk = list[tuple[RawRow, RowRead]]


class FileReading:
    """A file read against a portfolio's book, chunk by chunk; its totals are complete at the end.

    Refuses by `FileRefused`, when it is made or while it is read.
    """

    def __init__(
        self, *, portfolio: Portfolio, mapping: Mapping, stream: BinaryIO, file_name: str, as_of: date
    ) -> None:
        self.portfolio = portfolio
        self.mapping = mapping
        self.table: Table = open_table(stream, file_name)
        cap = cap_in(portfolio)
        self.reader = RowReader(
            mapping,
            self.table.header,
            as_of=as_of,
            currency=portfolio.currency,
            country=portfolio.country,
            most_interest=cap.yearly_rate if cap else None,
        )
        self.totals = FileTotals(mapping, self.reader.places)

    def chunks(self) -> Iterator[Chunk]:
        rows = read_rows(self.table, self.reader)
        while chunk := list(islice(rows, CHUNK)):
            self._skip_known([read for _raw, read in chunk if read.placed])
            for raw, read in chunk:
                self.totals.add(raw, read)
            yield chunk

    def counts(self) -> dict[str, Any]:
        return {
            **self.totals.counts(),
            "header": self.table.header,
            "unknown_columns": self.mapping.unknown(self.table.header),
            "notes": self.table.notes,
        }

    def _skip_known(self, placed: list[RowRead]) -> None:
        """A reference that the portfolio already has isn't placed a second time."""
        references = [read.placed.reference for read in placed if read.placed]
        known = set(
            Account.objects.filter(portfolio=self.portfolio, external_reference__in=references).values_list(
                "external_reference", flat=True
            )
        )
        for read in placed if known else ():
            if read.placed and read.placed.reference in known:
                read.result, read.reason, read.placed = Result.SKIPPED, "already_placed", None
                read.column = self.mapping.fields["reference"].column


def stage_file(
    *, placement_id: int, mapping_name: str, stream: BinaryIO, actor: User | None, now: datetime
) -> Placement:
    """Read the file of an uploaded placement into the staging table, all rows or none.

    A file that can't be read fails the placement with the refusal's code: the answer's state says which. Refuses one
    that was read before; a second call at the same time waits and is refused.
    """
    try:
        with transaction.atomic():
            return _stage(placement_id, mapping_name, stream, actor, now)
    except FileRefused as refusal:
        return _fail(placement_id, refusal, actor, now)


def _stage(placement_id: int, mapping_name: str, stream: BinaryIO, actor: User | None, now: datetime) -> Placement:
    placement = Placement.objects.lock(placement_id)
    if placement.state != PlacementState.UPLOADED:
        raise Refused("placement.already_read")
    mapping = find_mapping(mapping_name)
    reading = FileReading(
        portfolio=placement.portfolio,
        mapping=mapping,
        stream=stream,
        file_name=placement.file_name,
        as_of=placement.as_of,
    )
    for chunk in reading.chunks():
        copy_rows(placement_id, chunk)
    placement.mapping, placement.mapping_terms = mapping.name, mapping.terms
    placement.counts, placement.control_totals = reading.counts(), reading.totals.control()
    placement.pieces.all().delete()
    placement.save(update_fields=["mapping", "mapping_terms", "counts", "control_totals"])
    move(placement, "stage", actor=actor, at=now)
    return placement


@transaction.atomic
def _fail(placement_id: int, refusal: FileRefused, actor: User | None, now: datetime) -> Placement:
    placement = Placement.objects.lock(placement_id)
    given = {"code": refusal.code, "params": refusal.params}
    move(placement, "fail", actor=actor, at=now, reason=refusal.code, given=given)
    placement.pieces.all().delete()
    return placement
