"""The rows of the queue, ready to be drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from accounts.foundation import days
from accounts.models import Account
from collections_crm.models import ContactWindow, Lease, QueueEntry, Tab
from collections_crm.selectors import queue_words
from collections_crm.selectors.queue_lists import MISSED_AFTER
from collections_crm.ui import words
from communications.models import Outcome


@dataclass(frozen=True)
class Row:
    """One account of the list, in words and figures."""

    id: int
    url: str
    reference: str
    why: str
    parts: list[tuple[str, int]]
    priority: int
    customer: str
    language: str
    local: str
    currency: str
    due_now: Decimal
    balance: Decimal
    age: str
    last: str
    next_step: str
    missed: bool
    with_whom: str


def rows_of(ids: list[int], windows: dict[int, ContactWindow], *, user: Any, now: datetime) -> list[Row]:
    """The rows of these accounts in this order; what the person may no longer see is left out."""
    other = Lease.objects.filter(person_id=OuterRef("person_id"), expires_at__gt=now).exclude(agent=user)
    entries = (
        QueueEntry.objects.filter(pk__in=ids, account__in=Account.objects.visible_to(user))
        .select_related("account__portfolio__product", "party")
        .annotate(with_whom=Subquery(other.values("agent__username")[:1]))
    )
    by_id = {entry.pk: entry for entry in entries}
    outcomes = _outcomes(by_id.values())
    return [_row(by_id[pk], windows, outcomes, now) for pk in ids if pk in by_id]


def _outcomes(entries: Iterable[QueueEntry]) -> dict[str, str]:
    codes = {entry.last_outcome for entry in entries} - {""}
    return {outcome.code: outcome.label for outcome in Outcome.objects.filter(code__in=codes)} if codes else {}


def _row(entry: QueueEntry, windows: dict[int, ContactWindow], outcomes: dict[str, str], now: datetime) -> Row:
    account = entry.account
    return Row(
        id=account.pk,
        url=reverse("account", args=[account.reference]),
        reference=account.reference,
        why=_why(entry, now),
        parts=queue_words.arithmetic(entry.parts, now),
        priority=entry.priority,
        customer=queue_words.short_name(entry.party),
        language="ES" if entry.language.startswith("es") else "EN",
        local=words.local_time(windows[entry.window_id].zones, now) or "-",
        currency=account.currency,
        due_now=account.due_now,
        balance=account.balance,
        age=queue_words.age_of(account, days.civil_day(now, account.portfolio.zone)),
        last=_last(entry, outcomes, now),
        next_step=queue_words.next_step(account, now),
        missed=entry.callback_at is not None and entry.callback_at <= now - MISSED_AFTER,
        with_whom=entry.with_whom or "",
    )


def _why(entry: QueueEntry, now: datetime) -> str:
    if entry.tab == Tab.HOLD:
        return queue_words.held_until(entry.account, now)
    return queue_words.why(entry.parts, now)


def _last(entry: QueueEntry, outcomes: dict[str, str], now: datetime) -> str:
    if entry.last_contact_at is None:
        return "-"
    label = outcomes.get(entry.last_outcome, "")
    return f"{label} {words.ago(entry.last_contact_at, now)}".strip()
