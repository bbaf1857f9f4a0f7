"""The queue page: tabs with their counts, one page of rows, what opens next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.translation import pgettext

from accounts.foundation.users import User
from accounts.models import Portfolio
from collections_crm.models import ContactWindow, Tab
from collections_crm.selectors.day_figures import DayFigures, day_figures
from collections_crm.selectors.queue_lists import (
    ALL,
    TABS,
    Counts,
    Filters,
    Found,
    count_entries,
    find_entries,
    first_to_open,
    lanes_at,
)
from collections_crm.selectors.queue_rows import Row, rows_of
from collections_crm.selectors.queue_scope import Scope
from collections_crm.ui import words


class View(NamedTuple):
    """A saved view as the menu names it."""

    pk: UUID
    name: str


@dataclass(frozen=True)
class QueuePage:
    """All that the page draws. `opens_next`: the window to wait for, when the list is empty."""

    tab: str
    rows: list[Row]
    counts: Counts
    found: Found
    opens_next: ContactWindow | None
    figures: DayFigures
    views: list[View]
    now: datetime

    @property
    def tabs(self) -> list[tuple[str, str, int]]:
        """(tab, name, how many) in the order shown."""
        return [(tab, _name(tab), self.counts.tabs[tab]) for tab in TABS]

    @property
    def tab_name(self) -> str:
        return _name(self.tab)

    @property
    def total(self) -> int:
        return self.counts.tabs[self.tab]

    @property
    def opens_next_text(self) -> str:
        """`08:00 Monterrey`: the clock there when the first window opens."""
        window = self.opens_next
        return words.local_time(window.zones, window.opens_at) if window and window.opens_at else ""

    @property
    def opens_next_in(self) -> str:
        window = self.opens_next
        return words.ago(window.opens_at, self.now) if window and window.opens_at else ""


def _name(tab: str) -> str:
    return pgettext("queue tab", "All") if tab == ALL else str(Tab(tab).label)


def _views_of(user: User) -> list[View]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM collections_crm_savedview WHERE user_id = %s ORDER BY name", [user.pk])
        return [View(*row) for row in cursor.fetchall()]


def found_now(
    *, scope: Scope, tab: str, filters: Filters, portfolios: list[Portfolio], after: str, now: datetime
) -> Found:
    """The same page of the list as it is just now, without its rows."""
    ids = [portfolio.pk for portfolio in portfolios]
    return find_entries(scope, lanes_at(now).of(tab), filters, after=after, portfolios=ids)


def queue_page(
    user: User, *, scope: Scope, tab: str, filters: Filters, portfolios: list[Portfolio], after: str, now: datetime
) -> QueuePage:
    """One page of the queue for this person."""
    lanes = lanes_at(now)
    ids: dict[str, Any] = {"portfolios": [portfolio.pk for portfolio in portfolios]}
    found = find_entries(scope, lanes.of(tab), filters, after=after, **ids)
    return QueuePage(
        tab=tab,
        rows=rows_of(found.ids, lanes.windows, portfolios, user=user, now=now),
        counts=count_entries(scope, lanes, filters, now=now, **ids),
        found=found,
        opens_next=None if found.ids else first_to_open(scope, lanes, filters, **ids),
        figures=day_figures(user, now=now),
        views=_views_of(user),
        now=now,
    )
