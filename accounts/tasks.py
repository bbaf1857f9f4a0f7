"""Background work of this floor. Each task reads the clock and calls a service."""

from __future__ import annotations

import time

from celery import shared_task

from accounts.foundation import clock
from accounts.services.placements.advancing import advance_placement, unfinished_placements

TURN = 60


@shared_task
def advance_one_placement(placement_id: int) -> None:
    """Take a placement on for a minute; what is left is a task of its own, so that others get their turn."""
    ends = time.monotonic() + TURN
    while advance_placement(placement_id=placement_id, now=clock.now()):
        if time.monotonic() > ends:
            advance_one_placement.delay(placement_id)
            return


@shared_task
def resume_placements() -> None:
    """Find placements that lost their worker or their nudge."""
    for placement_id in unfinished_placements():
        advance_one_placement.delay(placement_id)
