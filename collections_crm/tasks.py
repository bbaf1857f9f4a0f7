"""What beat starts. Each task only reads the clock and calls a service."""

from celery import shared_task
from celery.signals import heartbeat_sent

from collections_crm.selectors.health import BEAT_SEEN, WORKER_SEEN, note_seen


@shared_task
def pulse() -> None:
    """Sent by beat and run by a worker: its coming through shows that both are alive."""
    note_seen(BEAT_SEEN)


@heartbeat_sent.connect
def worker_is_alive(**_: object) -> None:
    note_seen(WORKER_SEEN)
