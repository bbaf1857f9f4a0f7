"""Lists of the queue: read along its index, in the order shown, however large the book is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

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
_GROUPS = (("own", _OWNED, 0), ("owners", _OWNED, 1), ("pools", _POOLED, 1))


@dataclass(frozen=True)
class Found:
    """The accounts of one page of the list, in order, and the mark of the next page."""

    ids: list[int]
    next: str
    started: bool


def find_entries(
    scope: Scope,
    lanes: Iterable[tuple[str, int]],
    filters: Filters,
    *,
    portfolios: list[int],
    after: str = "",
    size: int = 50,
) -> Found:
    """One page of entries: own work first, then the rest, each by priority. One statement, bounded reads."""
    seen = _seen(after)
    given = _given(scope, lanes, filters, portfolios) | {"limit": size + 1}
    parts = []
    for holders, holder, section in _GROUPS:
        beyond = ""
        if seen:
            if section < seen[0]:
                continue
            beyond = _BEYOND if section == seen[0] else ""
            given |= {"priority": seen[1], "account": seen[2]}
        parts.append(
            _LANE.format(section=section, holders=holders, holder=holder, where=filters.where(), beyond=beyond)
        )
    statement = " UNION ALL ".join(parts) + " ORDER BY section, priority DESC, account_id LIMIT %(limit)s"
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        rows = cursor.fetchall()
    more, rows = len(rows) > size, rows[:size]
    following = mark([rows[-1][2], rows[-1][1], rows[-1][0]]) if more else ""
    return Found([row[0] for row in rows], following, started=bool(seen))


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


_COUNT = """
    SELECT l.tab, l.lane, sum(n.found)::bigint
    FROM unnest(%({holders})s::bigint[]) AS holder (id)
    CROSS JOIN unnest(%(tabs)s::text[], %(lanes)s::bigint[]) AS l (tab, lane)
    CROSS JOIN LATERAL (
        SELECT count(*) AS found FROM (
            SELECT 1 FROM collections_crm_queueentry AS e
            WHERE {holder} AND e.tab = l.tab AND e.lane = l.lane AND e.portfolio_id = ANY(%(portfolios)s) {where}
            LIMIT %(bound)s
        ) AS bounded
    ) AS n
    WHERE n.found > 0
    GROUP BY l.tab, l.lane
"""
_MISSED = """
    SELECT 'missed', 0, count(*) FROM collections_crm_queueentry AS e
    WHERE e.owner_id = ANY(%(own)s) AND e.callback_at <= %(missed)s HAVING count(*) > 0
"""


@dataclass(frozen=True)
class Counts:
    """How many entries each tab has (exact to 10,000), by window too, and how many own callbacks were missed."""

    tabs: dict[str, int]
    lanes: dict[tuple[str, int], int]
    missed: int

    @property
    def off_the_phone(self) -> int:
        """Work that may be done now without contacting anybody."""
        return self.lanes.get((Tab.NOW.value, 0), 0)


def count_entries(scope: Scope, lanes: Lanes, filters: Filters, *, portfolios: list[int], now: datetime) -> Counts:
    """The number behind each tab, in one statement that stops counting at its bound."""
    given = _given(scope, lanes.of(ALL), filters, portfolios)
    given |= {"bound": COUNTED_TO, "missed": now - MISSED_AFTER}
    groups = [_COUNT.format(holders=name, holder=holder, where=filters.where()) for name, holder, _section in _GROUPS]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([*groups, _MISSED]), given)
        rows = cursor.fetchall()
    found: dict[tuple[str, int], int] = {}
    for tab, lane, number in rows:
        found[tab, lane] = found.get((tab, lane), 0) + number
    missed = found.pop(("missed", 0), 0)
    tabs = {tab: sum(found.get(lane, 0) for lane in lanes.of(tab)) for tab in TABS}
    return Counts(tabs, found, missed)


def visible_portfolios(user: Any) -> list[Portfolio]:
    """The portfolios whose accounts this person may see, by name."""
    every = Portfolio.objects.select_related("product").order_by("name")
    return list(every if user.sees_every_account else every.filter(teams=user.team_id))
