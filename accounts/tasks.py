"""Background work of this floor. Each task reads the clock and calls a service."""

from __future__ import annotations

import time

from celery import shared_task

from accounts.foundation import clock
from accounts.foundation.nudges import nudge
from accounts.services.placements.advancing import advance_placement, unfinished_placements
from accounts.services.skip_traces import due_traces, give_back_lost, run_trace

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


def nudge_placement(placement_id: int) -> None:
    """Ask a worker to take a placement on."""
    nudge(advance_one_placement, placement_id)


@shared_task
def run_due_traces() -> None:
    """Look for the people whom somebody asked for; what a lost worker left is taken up again."""
    give_back_lost(now=clock.now())
    for trace_id in due_traces(now=clock.now()):
        run_trace(skip_trace_id=trace_id, now=clock.now())


def nudge_traces() -> None:
    """Ask a worker to look now."""
    nudge(run_due_traces)
