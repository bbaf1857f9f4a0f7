"""What only the passing of time changes in the queue."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.foundation.runs import claim_run
from collections_crm.work.refresh import refresh_after_policy, refresh_turned
from collections_crm.work.windows import open_windows


def turn_minute(*, now: datetime) -> dict[str, int]:
    """Open and close windows, turn the entries whose time has come. Once a minute, whoever asks."""
    with transaction.atomic():
        run, first = claim_run(job="queue.turn", scope="house", period=f"{now:%Y-%m-%dT%H:%M}", at=now)
    if not first:
        return run.counts
    run.counts = {
        "windows": open_windows(now=now),
        "policy": refresh_after_policy(now=now),
        "entries": refresh_turned(now=now),
    }
    run.ended_at = now
    run.save(update_fields=["counts", "ended_at"])
    return run.counts
