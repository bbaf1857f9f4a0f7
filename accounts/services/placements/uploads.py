"""Receiving a file, and keeping its content where every worker can read it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import PurePath
from typing import BinaryIO

from django.db import connection

from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import Placement, PlacementState, UploadedPiece
from accounts.models.placement import GIVEN_UP
from accounts.placements.table import file_digest, open_table

PIECE = 1024 * 1024


def same_file(*, portfolio_id: int, digest: str) -> Placement | None:
    """The placement of this very file in this portfolio that wasn't given up."""
    return Placement.objects.filter(portfolio_id=portfolio_id, file_digest=digest).exclude(state__in=GIVEN_UP).first()


@retrying
def receive_file(
    *,
    portfolio_id: int,
    stream: BinaryIO,
    file_name: str,
    as_of: date,
    actor: User | None,
    now: datetime,
    keep_content: bool = True,
) -> tuple[Placement, bool]:
    """Take a file in: answers its placement and whether it is new.

    The same content again answers the first placement and changes nothing. Refuses, by `FileRefused`, what can't be
    read as a table. `keep_content` stores the bytes for a worker; without it the caller reads the file itself.
    """
    digest = file_digest(stream)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 11))", [f"{portfolio_id}:{digest}"])
    if known := same_file(portfolio_id=portfolio_id, digest=digest):
        return known, False
    open_table(stream, file_name)
    placement = Placement.objects.create(
        portfolio_id=portfolio_id,
        file_name=PurePath(file_name).name[-200:],
        file_digest=digest,
        as_of=as_of,
        uploaded_by=actor,
        uploaded_at=now,
    )
    if keep_content:
        _keep(placement, stream)
    record("placement.uploaded", subject=placement, actor=actor, at=now, codes={"digest": digest})
    return placement, True


def _keep(placement: Placement, stream: BinaryIO) -> None:
    stream.seek(0)
    ordinal = 0
    while piece := stream.read(PIECE):
        UploadedPiece.objects.create(placement=placement, ordinal=ordinal, content=piece)
        ordinal += 1


@contextmanager
def kept_content(placement: Placement) -> Iterator[BinaryIO]:
    """The uploaded file as a seekable stream, in a file without a name that goes away at the end."""
    with tempfile.TemporaryFile() as stream:
        for piece in placement.pieces.order_by("ordinal").values_list("content", flat=True).iterator(chunk_size=8):
            stream.write(piece)
        stream.seek(0)
        yield stream


@retrying
def choose_mapping(*, placement_id: int, mapping_name: str, actor: User, now: datetime) -> Placement:
    """Say by which mapping an uploaded file is to be read. From here a worker reads it. Refuses one already read."""
    placement = Placement.objects.lock(placement_id)
    if placement.state != PlacementState.UPLOADED:
        raise Refused("placement.already_read")
    placement.mapping = mapping_name
    placement.save(update_fields=["mapping"])
    record("placement.mapping_chosen", subject=placement, actor=actor, at=now, codes={"mapping": mapping_name})
    return placement


@retrying
def cancel_placement(*, placement_id: int, actor: User | None, now: datetime, reason: str = "given_up") -> Placement:
    """Give a placement up before loading: its rows and its file are dropped. A second call changes nothing.

    Refuses one that is being loaded or is live.
    """
    placement = Placement.objects.lock(placement_id)
    if placement.state == PlacementState.CANCELLED:
        return placement
    if placement.state in (PlacementState.LOADING, PlacementState.LIVE):
        raise Refused("placement.too_late_to_cancel")
    move(placement, "cancel", actor=actor, at=now, reason=reason)
    placement.rows.all().delete()
    placement.pieces.all().delete()
    return placement
