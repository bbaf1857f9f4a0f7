"""A file from beginning to end in one go, as a command does it; and looking at one without placing anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from accounts.foundation.users import User
from accounts.models import Placement, PlacementState, Portfolio
from accounts.placements.table import file_digest
from accounts.services.placements.advancing import advance_placement
from accounts.services.placements.checking import check_placement, confirm_placement
from accounts.services.placements.mappings import find_mapping
from accounts.services.placements.staging import FileReading, stage_file
from accounts.services.placements.uploads import cancel_placement, receive_file, same_file

S = PlacementState


@dataclass(frozen=True)
class Imported:
    """`same_file`: it was live before this call, which therefore placed nothing."""

    placement: Placement
    same_file: bool


def import_file(
    *,
    portfolio_id: int,
    stream: BinaryIO,
    file_name: str,
    mapping_name: str,
    as_of: date,
    actor: User | None,
    now: datetime,
) -> Imported:
    """Place a file of accounts: receive, stage, check, load, go live.

    A file that is live already places nothing. One whose import was interrupted is taken up where it stopped, whatever
    interrupted it. A file without a row to place is given up. Refuses what its steps refuse; a file that fails on its
    content leaves a failed placement that says why.
    """
    find_mapping(mapping_name)
    placement, _new = receive_file(
        portfolio_id=portfolio_id, stream=stream, file_name=file_name, as_of=as_of, actor=actor, now=now,
        keep_content=False,
    )  # fmt: skip
    same = placement.state == S.LIVE
    if placement.state == S.UPLOADED:
        placement = stage_file(
            placement_id=placement.pk, mapping_name=mapping_name, stream=stream, actor=actor, now=now
        )
    if placement.state == S.STAGED:
        placement = check_placement(placement_id=placement.pk, actor=actor, now=now)
    if placement.state == S.CHECKED:
        placement = _confirmed(placement, actor, now)
    while advance_placement(placement_id=placement.pk, now=now):
        pass
    return Imported(Placement.objects.select_related("portfolio").get(pk=placement.pk), same)


def _confirmed(placement: Placement, actor: User | None, now: datetime) -> Placement:
    """A file of which nothing can be placed is given up, unless its rejected rows wait to be put right."""
    if not placement.counts["placed"]:
        if placement.counts["rejected"]:
            return placement
        return cancel_placement(placement_id=placement.pk, actor=actor, now=now, reason="nothing_to_place")
    return confirm_placement(placement_id=placement.pk, actor=actor, now=now)


def preview_file(
    *, portfolio: Portfolio, stream: BinaryIO, file_name: str, mapping_name: str, as_of: date
) -> dict[str, Any]:
    """What placing the file would do: counts and control totals, and the placement of the same file if there is one.

    Writes nothing. Refuses what can't be read.
    """
    known = same_file(portfolio_id=portfolio.pk, digest=file_digest(stream))
    reading = FileReading(
        portfolio=portfolio, mapping=find_mapping(mapping_name), stream=stream, file_name=file_name, as_of=as_of
    )
    for _chunk in reading.chunks():
        pass
    return {"counts": reading.counts(), "control": reading.totals.control(), "same_file": known.pk if known else None}
