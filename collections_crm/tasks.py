"""What beat starts. Each task only reads the clock and calls a service."""

from celery import shared_task
from celery.signals import after_task_publish, beat_init, heartbeat_sent
from django.conf import settings

from accounts.foundation import clock
from accounts.services.approval_ends import release_claims
from collections_crm.closing.close import close_ended_days
from collections_crm.selectors.health import BEAT_SEEN, WORKER_SEEN, note_seen
from collections_crm.services.drafts import forget_old_drafts
from collections_crm.work.minute import turn_minute


@shared_task
def pulse() -> None:
    """Sent by beat and run by a worker: its coming through shows that both are alive."""
    note_seen(BEAT_SEEN)


@shared_task
def forget_drafts() -> None:
    forget_old_drafts(now=clock.now())


@shared_task
def release_approvals() -> None:
    """Each minute: requests whose claim ran out go back to the team's inbox."""
    release_claims(now=clock.now())


@shared_task
def turn_queue() -> None:
    """Each minute: windows that open or close, callbacks that come due."""
    turn_minute(now=clock.now())


@shared_task
def close_days() -> None:
    """Each minute: close the days that have ended, in every portfolio; missed ones first."""
    close_ended_days(now=clock.now())


@heartbeat_sent.connect
def worker_is_alive(**_: object) -> None:
    note_seen(WORKER_SEEN)


@beat_init.connect
def watch_beat(**_: object) -> None:
    """In beat's own process only: pages and workers hand tasks over too."""
    after_task_publish.connect(beat_is_alive)


def beat_is_alive(**_: object) -> None:
    """Beat handed a job over just now. Its container's health check looks at how old this file is."""
    (settings.BEAT_FOLDER / "beat.alive").touch()
