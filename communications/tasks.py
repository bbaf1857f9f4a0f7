"""Doors for the workers: ids in, one service call. Running one twice is harmless."""

from __future__ import annotations

import logging
import time
from functools import partial

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from accounts.foundation import clock
from accounts.foundation.nudges import nudge
from communications.services.messages import find_lost
from communications.services.policy_simulations import give_back_lost, run_simulation, waiting_simulations
from communications.services.policy_versions import retire_replaced
from communications.services.send import deliver, due_messages
from communications.services.send_sets import turn_away

BATCH = 200
SWEEP_SECONDS = 50
logger = logging.getLogger(__name__)


@shared_task(soft_time_limit=100, time_limit=120)
def deliver_message(message_id: int) -> None:
    """The nudge for one message that somebody is waiting for."""
    deliver(message_id=message_id, now=clock.now())


@shared_task(soft_time_limit=100, time_limit=120)
def sweep_messages() -> None:
    """Send what is due, lost nudges and campaigns alike, until nothing is left or the next sweep is near."""
    find_lost(now=clock.now())
    ends = time.monotonic() + SWEEP_SECONDS
    failed: set[int] = set()
    while time.monotonic() < ends and (due := due_messages(now=clock.now(), most=BATCH, without=failed)):
        for message_id in _sendable(due):
            if time.monotonic() > ends:
                return
            if not _delivered(message_id):
                failed.add(message_id)


def _sendable(message_ids: list[int]) -> list[int]:
    """Without those that the gate turns away. When the set can't be judged together, each is judged alone."""
    try:
        return turn_away(message_ids=message_ids, now=clock.now())
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        logger.exception("due messages could not be judged together")
        return message_ids


def _delivered(message_id: int) -> bool:
    """One message that fails, or whose person somebody holds just now, must not keep all others waiting."""
    try:
        deliver(message_id=message_id, now=clock.now())
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        logger.exception("message %s could not be sent", message_id)
        return False
    return True


@shared_task
def turn_policy() -> None:
    """Each minute: versions whose end has come are over."""
    retire_replaced(now=clock.now())


def nudge_message(message_id: int) -> None:
    """Once the row is committed, ask a worker to send it."""
    transaction.on_commit(partial(nudge, deliver_message, message_id))


@shared_task
def simulate_policy(simulation_id: int) -> None:
    """The nudge for one simulation that somebody asked for."""
    run_simulation(simulation_id=simulation_id, clock=clock.now)


@shared_task
def sweep_simulations() -> None:
    """Find simulations that lost their worker or their nudge."""
    give_back_lost(now=clock.now())
    for simulation_id in waiting_simulations():
        simulate_policy.delay(simulation_id)


def nudge_simulation(simulation_id: int) -> None:
    """Ask a worker to run it."""
    nudge(simulate_policy, simulation_id)
