"""What beat starts. Each task only reads the clock and calls a service."""

import logging

from celery import shared_task
from celery.signals import after_task_publish, beat_init, heartbeat_sent
from django.conf import settings

from accounts.foundation import clock
from accounts.foundation.nudges import nudge
from accounts.services.approval_ends import release_claims
from collections_crm.closing.close import close_ended_days
from collections_crm.privacy.exports import exports_to_make, make_export, tidy_exports
from collections_crm.privacy.retention import carry_out_line, end_reports, lines_to_do, report_overdue
from collections_crm.selectors.health import BEAT_SEEN, WORKER_SEEN, note_seen
from collections_crm.services.drafts import forget_old_drafts
from collections_crm.work.minute import turn_minute

logger = logging.getLogger(__name__)


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


@shared_task
def make_exports() -> None:
    """Make what compliance asked for; take away what was there long enough."""
    tidy_exports(now=clock.now())
    for export_id in exports_to_make():
        try:
            make_export(export_id=export_id, now=clock.now())
        except Exception:  # One that fails must not keep all others waiting; it is begun anew when it counts as lost.
            logger.exception("export %s could not be made", export_id)


def nudge_exports() -> None:
    """Ask a worker to begin now."""
    nudge(make_exports)


@shared_task
def report_retention() -> None:
    """Each hour, once a day: what is kept longer than its time. Nothing is blanked by it."""
    report_overdue(now=clock.now())


@shared_task
def carry_out_retention() -> None:
    """Each minute: blank what released reports list, person by person."""
    for line_id in lines_to_do():
        try:
            carry_out_line(line_id=line_id, now=clock.now())
        except Exception:  # Nothing of this person was blanked; the others needn't wait for it.
            logger.exception("line %s of a retention report could not be carried out", line_id)
    end_reports(now=clock.now())


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
