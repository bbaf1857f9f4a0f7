"""Doors for the workers: ids in, one service call. Running one twice is harmless."""

from __future__ import annotations

import time

from celery import shared_task

from accounts.foundation import clock
from communications.services.messages import find_lost
from communications.services.send import deliver, due_messages

BATCH = 200
SWEEP_SECONDS = 50


@shared_task(queue="replies", time_limit=120)
def deliver_message(message_id: int) -> None:
    """The nudge for one message that somebody is waiting for."""
    deliver(message_id=message_id, now=clock.now())


@shared_task(queue="bulk", time_limit=120)
def sweep_messages() -> None:
    """Send what is due, lost nudges and campaigns alike, until nothing is left or the next sweep is near."""
    find_lost(now=clock.now())
    ends = time.monotonic() + SWEEP_SECONDS
    while time.monotonic() < ends:
        due = due_messages(now=clock.now(), most=BATCH)
        if not due:
            return
        for message_id in due:
            deliver(message_id=message_id, now=clock.now())
            if time.monotonic() > ends:
                return
