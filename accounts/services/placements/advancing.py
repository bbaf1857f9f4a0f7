"""Taking a placement on, step by step, whoever asks: a worker, the sweep that finds lost work, or a command."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q

from accounts.foundation.users import User
from accounts.models import Placement, PlacementState
from accounts.services.placements.checking import check_placement
from accounts.services.placements.loading import announce_batch, load_batch
from accounts.services.placements.staging import stage_file
from accounts.services.placements.uploads import kept_content

S = PlacementState


def advance_placement(*, placement_id: int, now: datetime) -> bool:
    """Read a placement's file, check it, load a batch, go live, or tell the other floors: the one step that is next.

    Answers whether there may be more to do. Safe at any time, by several at once and after any crash. Waits for a
    person where a mapping has to be chosen or the placement confirmed.
    """
    placement = Placement.objects.get(pk=placement_id)
    if placement.state == S.UPLOADED and placement.mapping:
        return _read(placement, placement.uploaded_by, now).state == S.STAGED
    if placement.state == S.STAGED:
        check_placement(placement_id=placement_id, actor=placement.uploaded_by, now=now)
        return False
    if placement.state == S.LOADING:
        return load_batch(placement_id=placement_id, now=now)
    return placement.state == S.LIVE and announce_batch(placement_id=placement_id, now=now)


def _read(placement: Placement, actor: User | None, now: datetime) -> Placement:
    with kept_content(placement) as stream:
        return stage_file(
            placement_id=placement.pk, mapping_name=placement.mapping, stream=stream, actor=actor, now=now
        )


def unfinished_placements() -> list[int]:
    """Placements that wait for a worker rather than for a person."""
    waiting = (
        (Q(state=S.UPLOADED) & ~Q(mapping=""))
        | Q(state__in=[S.STAGED, S.LOADING])
        | Q(state=S.LIVE, announced_through__lt=F("loaded_through"))
    )
    return list(Placement.objects.filter(waiting).order_by("pk").values_list("pk", flat=True))
