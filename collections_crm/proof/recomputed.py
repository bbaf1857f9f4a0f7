"""Invariants that need a recomputation: what is stored must be what the rules say today."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.foundation.approvals import Approval, ApprovalState
from accounts.foundation.days import ONE_DAY, civil_day
from accounts.models import Account, Portfolio
from accounts.services.due import accounts_out_of_date
from arrangements.models import Arrangement
from arrangements.selectors.standings import JUDGED, judged
from collections_crm.models import QueueEntry
from collections_crm.work.refresh import refresh_queue
from collections_crm.work.windows import windows_out_of_date
from communications.models import PolicyVersion
from communications.services.policy_packs import rules_digest

BATCH = 2000


def misjudged(now: datetime) -> list[int]:
    """Arrangements that don't stand as their money and days say."""
    found: list[int] = []
    with_one = Arrangement.objects.filter(state__in=JUDGED).order_by("account_id")
    for ids in _batches(list(with_one.values_list("account_id", flat=True).distinct())):
        for one in judged(ids):
            pairs = zip(one.instalments, one.standings, strict=True)
            if one.state != one.arrangement.state or any(row.state != s.state for row, s in pairs):
                found.append(one.arrangement.pk)
    return found


def wrongly_due(now: datetime) -> list[int]:
    """Open accounts whose amount due, oldest date or bucket is neither that of the day closed nor of today."""
    found: set[int] = set()
    for portfolio in Portfolio.objects.filter(closed_through__isnull=False):
        begun = portfolio.closed_through + ONE_DAY if portfolio.closed_through else civil_day(now, portfolio.zone)
        today = civil_day(now, portfolio.zone)
        wrong = set(accounts_out_of_date(portfolio_id=portfolio.pk, on=begun))
        if wrong and today != begun:
            wrong &= set(accounts_out_of_date(portfolio_id=portfolio.pk, on=today))
        found |= wrong
    return sorted(found)


def wrongly_queued(now: datetime) -> list[int]:
    """Accounts whose queue entry isn't what working it out again gives; those aside that time turns just now, and those
    that a policy published a moment ago has yet to reach."""
    found: list[int] = []
    everybody = set(Account.objects.live().open().values_list("pk", flat=True))
    everybody |= set(QueueEntry.objects.values_list("pk", flat=True))
    behind = set(windows_out_of_date(now=now))
    for ids in _batches(sorted(everybody)):
        with transaction.atomic():
            before = _entries(ids, now)
            refresh_queue(ids, now=now)
            after = _entries(ids, now)
            transaction.set_rollback(True)
        turning = {pk for pk, entry in before.items() if entry["turns_at"] and entry["turns_at"] <= now}
        turning |= {pk for pk, entry in before.items() if entry["window_id"] in behind}
        found += [pk for pk in ids if before.get(pk) != after.get(pk) and pk not in turning]
    return found


def _entries(ids: list[int], now: datetime) -> dict[int, dict[str, Any]]:
    # Whether a window is open just now is worked out each minute, not kept by the entry. A block that is over is none.
    rows = list(QueueEntry.objects.filter(pk__in=ids).values())
    for row in rows:
        row["blocked_until"] = row["blocked_until"] if row["blocked_until"] and row["blocked_until"] > now else None
    return {row["account_id"]: row for row in rows}


def changed_terms(now: datetime) -> list[int]:
    """Approvals given to terms that are no longer those that their digest was made of."""
    given = Approval.objects.filter(state__in=[ApprovalState.APPROVED, ApprovalState.EXECUTED])
    return [approval.pk for approval in given.iterator() if not approval.terms_unchanged()]


def changed_rules(now: datetime) -> list[int]:
    """Policy that a person published and whose rules are no longer those that were submitted."""
    theirs = PolicyVersion.objects.filter(published_at__isnull=False).exclude(digest="")
    return [version.pk for version in theirs.order_by("pk") if rules_digest(version) != version.digest]


def _batches(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


RECOMPUTED: list[tuple[str, str | Promise, Callable[[datetime], list[int]]]] = [
    ("promises_stand_as_paid", _("Every promise stands as its money and its days say."), misjudged),
    ("due_and_bucket_recompute", _("What is due and its bucket are those of the day."), wrongly_due),
    ("queue_recomputes", _("Every queue entry is what working it out again gives."), wrongly_queued),
    ("published_rules_unchanged", _("Every published policy has the rules that were submitted."), changed_rules),
    ("approved_terms_unchanged", _("Nothing was approved whose terms changed afterwards."), changed_terms),
]
