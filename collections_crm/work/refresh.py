"""Keeping the queue true: always by working entries out again, never by moving them by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from accounts.foundation.prepared_statements import ask_about
from accounts.models import (
    IN_FORCE,
    OPEN_STATES,
    OURS_TO_COLLECT,
    OWES,
    USABLE,
    Account,
    AccountParty,
    PartyRole,
)
from collections_crm.models import ContactWindow, QueueEntry
from collections_crm.work import entries_sql
from collections_crm.work.base_rates import BASE_RATES
from collections_crm.work.opening import kind_of, left_alone_until
from collections_crm.work.ways import CHANNELS, is_choosy, media_wanted
from collections_crm.work.windows import open_windows, windows_of, windows_out_of_date
from communications.selectors.contact_facts import ContactRequest, Gathered, gather_many

BATCH = 2000


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
        gathered = _gathered(ids, now)
        if not gathered:
            return
        kinds = {account_id: kind_of(found) for account_id, found in gathered.items()}
        windows = windows_of(set(kinds.values()), next(iter(gathered.values())).packs, now)
        blocked = _blocked_until(gathered, now)
        given |= {
            "now": now,
            "window_accounts": list(kinds),
            "window_ids": [windows[kind] for kind in kinds.values()],
            "blocked": [blocked.get(account_id) for account_id in kinds],
        }
        ask_about(ids, cursor, entries_sql.WRITE_ENTRIES, given)


def _given(ids: list[int]) -> dict[str, Any]:
    return {
        "ids": ids,
        "open": [str(state) for state in OPEN_STATES],
        "ours": [str(state) for state in OURS_TO_COLLECT],
        "owes": [str(role) for role in OWES],
        "usable": [str(status) for status in USABLE],
        "in_force": [str(state) for state in IN_FORCE],
        "currencies": list(BASE_RATES),
        "rates": list(BASE_RATES.values()),
    }


def _gathered(ids: list[int], now: datetime) -> dict[int, Gathered]:
    """What the gate would look at for a call to the customer of each open account."""
    primary = AccountParty.objects.filter(account_id__any=ids, role=PartyRole.PRIMARY, account__state__in=OPEN_STATES)
    asked = [
        ContactRequest((account_id,), party_id, None, "call", "demand")
        for account_id, party_id in primary.order_by("account_id").values_list("account_id", "party_id")
    ]
    found = gather_many(asked, now=now) if asked else []
    return {request.account_ids[0]: facts for request, facts in zip(asked, found, strict=True)}


def _blocked_until(gathered: dict[int, Gathered], now: datetime) -> dict[int, datetime]:
    """Until when nobody may be contacted whatever the hour, because of contacts already made: per account the first
    instant at which one of its phones is free again, or its e-mail when it has no phone. Free ones are left out."""
    contacted = {pk: found for pk, found in gathered.items() if found.facts.history}
    asked = [
        ContactRequest((pk,), found.facts.party.id, point_id, channel, "demand")
        for pk, found in contacted.items()
        for point_id, channel in _ways_to_try(found)
    ]
    ends: dict[int, list[datetime | None]] = defaultdict(list)
    for request, found in zip(asked, gather_many(asked, now=now) if asked else [], strict=True):
        ends[request.account_ids[0]].append(left_alone_until(found.facts, found.packs))
    blocked = {pk: _freed_at(until, choosy=is_choosy(contacted[pk].facts)) for pk, until in ends.items()}
    return {pk: until for pk, until in blocked.items() if until}


def _freed_at(ends: list[datetime | None], *, choosy: bool) -> datetime | None:
    """When the first of the ways is free; of somebody who wants some of them only, when all are: never too early."""
    known = [end for end in ends if end]
    if choosy:
        return max(known, default=None)
    return min(known) if len(known) == len(ends) else None


def _ways_to_try(found: Gathered) -> list[tuple[int, str]]:
    usable = [point for point in found.points if point.status in USABLE]
    if wanted := media_wanted(found.facts):
        return [(p.id, channel) for p in usable for channel in CHANNELS.get(p.kind, ()) if channel in wanted]
    ways = [(point.id, CHANNELS[point.kind][0]) for point in usable if point.kind in CHANNELS]
    return [way for way in ways if way[1] == "call"] or ways


def refresh_turned(*, now: datetime, limit: int = 20_000) -> int:
    """Work out the entries whose time has come: callbacks at their minute, days that began, blocks that ended."""
    due = QueueEntry.objects.filter(turns_at__lte=now).order_by("turns_at").values_list("pk", flat=True)
    ids = list(due[:limit])
    refresh_queue(ids, now=now)
    return len(ids)


def refresh_after_policy(*, now: datetime) -> int:
    """When other rules bind than those under which windows were worked out, work out the accounts behind them."""
    stale = windows_out_of_date(now=now)
    ids = list(QueueEntry.objects.filter(window__in=stale).values_list("pk", flat=True))
    refresh_queue(ids, now=now)
    ContactWindow.objects.filter(pk__in=stale, entries__isnull=True).delete()
    return len(ids)


def refresh_whole_queue(*, now: datetime) -> int:
    """Work out every entry again, batch by batch, each in its own transaction. Answers how many accounts were seen."""
    open_windows(now=now)
    seen, last = 0, 0
    while ids := list(Account.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        refresh_queue(ids, now=now)
        seen, last = seen + len(ids), ids[-1]
    return seen
