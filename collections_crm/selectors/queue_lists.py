"""Lists of the queue: read along its index, in the order shown, however large the book is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.foundation.prepared_statements import ask
from accounts.models import Portfolio
from collections_crm.models import CHANNEL_BITS, ContactWindow, Tab
from collections_crm.selectors.queue_scope import Scope
from collections_crm.ui.paging import COUNTED_TO, mark, read_mark
from collections_crm.work.windows import brought_up_to

ALL = "all"
TABS = [*Tab.values, ALL]
MISSED_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; an empty one narrows nothing."""

    portfolio: int | None = None
    bucket: int | None = None
    product: str = ""
    language: str = ""
    channel: str = ""
    amount: Decimal | None = None

    _SQL = {
        "portfolio": "e.portfolio_id = %(portfolio)s",
        "bucket": "e.bucket = %(bucket)s",
        "product": "e.product_kind = %(product)s",
        "language": "e.language = %(language)s",
        "channel": "e.channels & %(channel)s <> 0",
        "amount": "e.due_now >= %(amount)s",
    }

    def where(self) -> str:
        used = [self._SQL[name] for name, value in asdict(self).items() if value not in (None, "")]
        return "".join(f" AND {condition}" for condition in used)

    def params(self) -> dict[str, Any]:
        return asdict(self) | {"channel": CHANNEL_BITS.get(self.channel, 0)}


@dataclass(frozen=True)
class Lanes:
    """Which pairs of stored tab and window each shown tab is made of, at one instant."""

    windows: dict[int, ContactWindow]
    open: list[int]
    today: list[int]
    distant: list[int]

    def of(self, tab: str) -> list[tuple[str, int]]:
        if tab == ALL:
            return [lane for each in Tab.values for lane in self.of(each)]
        through = {Tab.NOW: [0, *self.open], Tab.LATER: self.today, Tab.WAITING: self.distant}.get(Tab(tab), [])
        own = [] if tab == Tab.NOW else [(tab, 0)]
        return own + [(Tab.NOW.value, window) for window in through]


def lanes_at(now: datetime) -> Lanes:
    """Which windows are open, open later in the viewer's day, or later still."""
    windows = {window.pk: window for window in brought_up_to(now, ContactWindow.objects.all())}
    midnight = _end_of_viewers_day(now)
    is_open = [pk for pk, window in windows.items() if window.is_open(now)]
    closed = [window for pk, window in windows.items() if not window.is_open(now)]
    today = [window.pk for window in closed if window.opens_at and window.opens_at < midnight]
    distant = [window.pk for window in closed if window.pk not in today]
    return Lanes(windows, is_open, today, distant)


def _end_of_viewers_day(now: datetime) -> datetime:
    local = now.astimezone(timezone.get_current_timezone())
    return datetime.combine(local.date() + timedelta(days=1), time.min, tzinfo=local.tzinfo)


_LANE = """
    SELECT found.account_id, found.priority, {section} AS section
    FROM unnest(%({holders})s::bigint[]) AS holder (id)
    CROSS JOIN unnest(%(tabs)s::text[], %(lanes)s::bigint[]) AS l (tab, lane)
    CROSS JOIN LATERAL (
        SELECT e.account_id, e.priority FROM collections_crm_queueentry AS e
        WHERE {holder} AND e.tab = l.tab AND e.lane = l.lane AND e.portfolio_id = ANY(%(portfolios)s) {where} {beyond}
        ORDER BY e.priority DESC, e.account_id LIMIT %(limit)s
    ) AS found
"""
_OWNED = "e.owner_id = holder.id"
_POOLED = "e.owner_id IS NULL AND e.team_id = holder.id"
_BEYOND = "AND e.priority <= %(priority)s AND (e.priority < %(priority)s OR e.account_id > %(account)s)"
_NOT_SILENT = " AND (e.lane = 0 OR e.portfolio_id <> ALL(%(silent)s))"
_GROUPS = (("own", _OWNED, 0), ("owners", _OWNED, 1), ("pools", _POOLED, 1))


def _groups_of(scope: Scope) -> list[tuple[str, str, int]]:
    """Those groups of holders in which there is anybody; one at least."""
    return [group for group in _GROUPS if getattr(scope, group[0])] or [_GROUPS[0]]


@dataclass(frozen=True)
class Found:
    """The accounts of one page of the list, in order, and the mark of the next page. `seen` tells this page from a
    later look at it: each account with its priority."""

    ids: list[int]
    next: str
    started: bool
    seen: str = ""

    def differs_from(self, seen: str) -> int:
        """How many rows of this page are newer or changed beside one that was drawn earlier, or have gone from it."""
        now, then = set(self.seen.split("-")) - {""}, set(seen.split("-")) - {""}
        return max(len(now - then), len(then - now))


def find_entries(
    scope: Scope,
    lanes: Iterable[tuple[str, int]],
    filters: Filters,
    *,
    portfolios: list[int],
    silent: Collection[int] = (),
    after: str = "",
    size: int = 50,
) -> Found:
    """One page of entries: own work first, then the rest, each by priority. One statement, bounded reads.

    Of the portfolios that are `silent` only what needs no contact is found.
    """
    seen = _seen(after)
    given = _given(scope, lanes, filters, portfolios) | {"limit": size + 1, "silent": list(silent)}
    where = filters.where() + (_NOT_SILENT if silent else "")
    parts = []
    for holders, holder, section in _groups_of(scope):
        beyond = ""
        if seen:
            if section < seen[0]:
                continue
            beyond = _BEYOND if section == seen[0] else ""
            given |= {"priority": seen[1], "account": seen[2]}
        parts.append(_LANE.format(section=section, holders=holders, holder=holder, where=where, beyond=beyond))
    if not parts:
        return Found([], "", started=True)
    statement = " UNION ALL ".join(parts) + " ORDER BY section, priority DESC, account_id LIMIT %(limit)s"
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        rows = cursor.fetchall()
    more, rows = len(rows) > size, rows[:size]
    following = mark([rows[-1][2], rows[-1][1], rows[-1][0]]) if more else ""
    drawn = "-".join(f"{account}.{priority}" for account, priority, _section in rows)
    return Found([row[0] for row in rows], following, started=bool(seen), seen=drawn)


def _seen(after: str) -> tuple[int, int, int] | None:
    values = read_mark(after)
    if len(values) != 3 or not all(value.lstrip("-").isdigit() for value in map(str, values)):
        return None
    section, priority, account = (int(value) for value in values)
    return section, priority, account


def _given(scope: Scope, lanes: Iterable[tuple[str, int]], filters: Filters, portfolios: list[int]) -> dict[str, Any]:
    pairs = list(lanes)
    return filters.params() | {
        "own": scope.own,
        "owners": scope.owners,
        "pools": scope.pools,
        "tabs": [tab for tab, _lane in pairs],
        "lanes": [lane for _tab, lane in pairs],
        "portfolios": portfolios,
    }


# Lane after lane, counting only what is still missing to the bound of its shown tab: however many windows and holders
# a tab is made of, no more than the bound is read for it.
_COUNT = """
    WITH RECURSIVE asked AS (
        SELECT * FROM unnest(%(shown)s::text[], %(tabs)s::text[], %(lanes)s::bigint[], %(of_owner)s::bigint[],
            %(of_pool)s::bigint[]) WITH ORDINALITY AS a (shown, tab, lane, owner_id, team_id, place)
    ), counted AS (
        SELECT 0::bigint AS place, '' AS shown, '' AS tab, 0::bigint AS lane, 0::bigint AS found, 0::bigint AS so_far
        UNION ALL
        SELECT holder.place, holder.shown, holder.tab, holder.lane, here.found, before.found + here.found
        FROM counted AS c
        JOIN asked AS holder ON holder.place = c.place + 1
        CROSS JOIN LATERAL (SELECT CASE WHEN holder.shown = c.shown THEN c.so_far ELSE 0 END AS found) AS before
        CROSS JOIN LATERAL (
            SELECT CASE WHEN holder.team_id IS NULL
                THEN (SELECT count(*) FROM ({of_owner} LIMIT %(bound)s - before.found) AS bounded)
                ELSE (SELECT count(*) FROM ({of_pool} LIMIT %(bound)s - before.found) AS bounded)
            END AS found
            OFFSET 0
        ) AS here
    )
    SELECT tab, lane, sum(found)::bigint FROM counted WHERE found > 0 GROUP BY tab, lane
"""
_ENTRY = """
    SELECT 1 FROM collections_crm_queueentry AS e
    WHERE {holder} AND e.tab = holder.tab AND e.lane = holder.lane AND e.portfolio_id = ANY(%(portfolios)s) {where}
"""
_OF_OWNER, _OF_POOL = "e.owner_id = holder.owner_id", "e.owner_id IS NULL AND e.team_id = holder.team_id"
_MISSED = """
    SELECT 'missed', 0, count(*) FROM collections_crm_queueentry AS e
    WHERE e.owner_id = ANY(%(own)s) AND e.callback_at <= %(missed)s HAVING count(*) > 0
"""


@dataclass(frozen=True)
class Counts:
    """How many entries each tab has (exact to 10,000), how many need no phone, how many own callbacks were missed."""

    tabs: dict[str, int]
    off_the_phone: int
    missed: int


def count_entries(scope: Scope, lanes: Lanes, filters: Filters, *, portfolios: list[int], now: datetime) -> Counts:
    """The number behind each tab, in one statement that stops counting at its bound."""
    holders = [*((owner, None) for owner in [*scope.own, *scope.owners]), *((None, pool) for pool in scope.pools)]
    asked = [(tab, *lane, *holder) for tab in Tab.values for lane in lanes.of(tab) for holder in holders]
    names = ("shown", "tabs", "lanes", "of_owner", "of_pool")
    given = filters.params() | {name: [one[place] for one in asked] for place, name in enumerate(names)}
    given |= {"portfolios": portfolios, "bound": COUNTED_TO, "missed": now - MISSED_AFTER, "own": scope.own}
    statement = _COUNT.format(
        of_owner=_ENTRY.format(holder=_OF_OWNER, where=filters.where()),
        of_pool=_ENTRY.format(holder=_OF_POOL, where=filters.where()),
    )
    with connection.cursor() as cursor:
        ask(cursor, f"{statement} UNION ALL {_MISSED}", given)
        found = {(tab, lane): number for tab, lane, number in cursor.fetchall()}
    tabs = {tab: sum(found.get(lane, 0) for lane in lanes.of(tab)) for tab in TABS}
    return Counts(tabs, found.get((Tab.NOW.value, 0), 0), found.get(("missed", 0), 0))


_FILLED = """
    SELECT DISTINCT l.lane
    FROM unnest(%({holders})s::bigint[]) AS holder (id)
    CROSS JOIN unnest(%(tabs)s::text[], %(lanes)s::bigint[]) AS l (tab, lane)
    WHERE EXISTS (
        SELECT 1 FROM collections_crm_queueentry AS e
        WHERE {holder} AND e.tab = l.tab AND e.lane = l.lane AND e.portfolio_id = ANY(%(portfolios)s) {where}
    )
"""


def first_to_open(scope: Scope, lanes: Lanes, filters: Filters, *, portfolios: list[int]) -> ContactWindow | None:
    """The first closed window to open that has accounts behind it."""
    closed = [(Tab.NOW.value, lane) for lane in [*lanes.today, *lanes.distant]]
    groups = [
        _FILLED.format(holders=name, holder=holder, where=filters.where()) for name, holder, _s in _groups_of(scope)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(groups), _given(scope, closed, filters, portfolios))
        opening = [window for (lane,) in cursor.fetchall() if (window := lanes.windows[lane]).opens_at]
    return min(opening, key=lambda window: window.opens_at, default=None)


def visible_portfolios(user: Any) -> list[Portfolio]:
    """The portfolios whose accounts this person may see, by name."""
    every = Portfolio.objects.select_related("product").order_by("name")
    return list(every if user.sees_every_account else every.filter(teams=user.team_id))
