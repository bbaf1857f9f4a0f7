"""The rows of the queue, ready to be drawn: a page is drawn in milliseconds, so each cell is one text."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import quote

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.foundation import days
from accounts.foundation.prepared_statements import ask
from accounts.models import Portfolio
from collections_crm.models import ContactWindow, Tab
from collections_crm.selectors import queue_words
from collections_crm.selectors.queue_lists import MISSED_AFTER
from collections_crm.ui import words
from communications.selectors.open_contact import UNSPOKEN

_ENTRIES = f"""
    SELECT e.account_id, e.tab, e.parts, e.priority, e.window_id, e.callback_at, e.language, e.last_contact_at,
           CASE WHEN %(spanish)s THEN o.label_es ELSE o.label_en END, e.portfolio_id, a.reference, a.currency,
           a.due_now, a.balance, a.oldest_due_on, a.default_declared_on, a.next_kind, a.next_on, a.next_at, p.name,
           p.name_supplied, p.kind, u.username, {UNSPOKEN}
    FROM collections_crm_queueentry AS e
    JOIN accounts_account AS a ON a.id = e.account_id
    JOIN accounts_party AS p ON p.id = e.party_id
    LEFT JOIN communications_outcome AS o ON o.code = e.last_outcome AND e.last_outcome <> ''
    LEFT JOIN collections_crm_lease AS l
        ON l.person_id = e.person_id AND l.expires_at > %(now)s AND l.agent_id <> %(me)s
    LEFT JOIN accounts_user AS u ON u.id = l.agent_id
    WHERE e.account_id = ANY(%(ids)s)
"""  # noqa: S608 (no value from outside)


class _Entry(NamedTuple):
    id: int
    tab: str
    parts: Any
    priority: int
    window_id: int
    callback_at: datetime | None
    language: str
    last_contact_at: datetime | None
    last_label: str | None
    portfolio_id: int
    reference: str
    currency: str
    due_now: Decimal
    balance: Decimal
    oldest_due_on: date | None
    default_declared_on: date | None
    next_kind: str | None
    next_on: date | None
    next_at: datetime | None
    name: str
    name_supplied: bool
    party_kind: str
    with_whom: str | None
    unspoken: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One account of the list, in words and figures."""

    id: int
    url: str
    reference: str
    why: str
    arithmetic: str
    customer: str
    language: str
    local: str
    currency: str
    due_now: str
    balance: str
    age: str
    last: str
    next_step: str
    missed: bool
    with_whom: str


MARK = "-reference-"


@dataclass(frozen=True)
class _Around:
    """What all rows of a page share: clocks, days and the like, each worked out once."""

    windows: dict[int, ContactWindow]
    portfolios: list[Portfolio]
    now: datetime

    clocks: dict[int, str] = field(default_factory=dict)
    steps: dict[tuple[Any, ...], str] = field(default_factory=dict)

    def clock(self, window_id: int) -> str:
        if window_id not in self.clocks:
            self.clocks[window_id] = words.local_time(self.windows[window_id].zones, self.now) or "-"
        return self.clocks[window_id]

    def step(self, kind: str | None, on: date | None, at: datetime | None, today: date) -> str:
        known = (kind, on, at, today)
        if known not in self.steps:
            self.steps[known] = queue_words.next_step(kind, on, at, today)
        return self.steps[known]

    @cached_property
    def sayings(self) -> queue_words.Sayings:
        return queue_words.Sayings(self.now)

    @cached_property
    def today(self) -> dict[int, date]:
        return {portfolio.pk: days.civil_day(self.now, portfolio.zone) for portfolio in self.portfolios}

    @cached_property
    def advances(self) -> set[int]:
        return {portfolio.pk for portfolio in self.portfolios if portfolio.product.is_advance}

    @cached_property
    def url(self) -> str:
        return reverse("account", args=[MARK])


def rows_of(
    ids: list[int], windows: dict[int, ContactWindow], portfolios: list[Portfolio], *, user: Any, now: datetime
) -> list[Row]:
    """The rows of these accounts in this order. One query."""
    if not ids:
        return []
    given = {"ids": ids, "now": now, "me": user.pk, "spanish": words.in_spanish()}
    with connection.cursor() as cursor:
        ask(cursor, _ENTRIES, given)
        entries = {row[0]: _Entry(*row) for row in cursor.fetchall()}
    around = _Around(windows, portfolios, now)
    rows = ((entries[pk], _row(entries[pk], around)) for pk in ids if pk in entries)
    return [_quiet(row) if entry.unspoken else row for entry, row in rows]


def _quiet(row: Row) -> Row:
    """Who and where, and nothing about the debt: the person on the line isn't verified."""
    row = replace(row, currency="", due_now="", balance="", age="", last="", next_step="")
    return replace(row, why=_("Verify first (V)"), arithmetic="", missed=False)


def _row(entry: _Entry, around: _Around) -> Row:
    now, parts = around.now, queue_words.parts_of(entry.parts)
    is_advance = entry.portfolio_id in around.advances and entry.default_declared_on is None
    late = max(0, (around.today[entry.portfolio_id] - entry.oldest_due_on).days) if entry.oldest_due_on else 0
    return Row(
        id=entry.id,
        url=around.url.replace(MARK, quote(entry.reference)),
        reference=entry.reference,
        why=queue_words.held_until(entry.next_on, now) if entry.tab == Tab.HOLD else around.sayings.why(parts),
        arithmetic=around.sayings.sum_of(parts, entry.priority),
        customer=queue_words.short_name(entry.name, entry.name_supplied, entry.party_kind),
        language="ES" if entry.language.startswith("es") else "EN",
        local=around.clock(entry.window_id),
        currency=entry.currency,
        due_now=words.figure(entry.due_now, entry.currency),
        balance=words.figure(entry.balance, entry.currency),
        age=queue_words.age(late, is_advance=is_advance),
        last=f"{entry.last_label or ''} {words.ago(entry.last_contact_at, now)}" if entry.last_contact_at else "-",
        next_step=around.step(entry.next_kind, entry.next_on, entry.next_at, around.today[entry.portfolio_id]),
        missed=entry.callback_at is not None and entry.callback_at <= now - MISSED_AFTER,
        with_whom=entry.with_whom or "",
    )
