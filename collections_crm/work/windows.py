"""Contact windows: which accounts share one, and when it is open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.foundation.digests import digest
from collections_crm.models import ContactWindow
from collections_crm.work.opening import KindOfAccount, opening_over, rules_of
from communications.policy.pack import PackSet
from communications.selectors.live_policy import live_packs, packs_from

Course = list[tuple[datetime, PackSet]]


def windows_of(kinds: Iterable[KindOfAccount], packs: PackSet, now: datetime) -> dict[KindOfAccount, int]:
    """The window of each kind, made when it is the first of its sort."""
    keys = {kind: _key(kind, packs) for kind in kinds}
    known = dict(ContactWindow.objects.filter(key__in=set(keys.values())).values_list("key", "pk"))
    missing = {key: kind for kind, key in keys.items() if key not in known}
    course = packs_from(now) if missing else []
    made = [_window(kind, key, packs, course, now) for key, kind in sorted(missing.items())]
    ContactWindow.objects.bulk_create(made, ignore_conflicts=True)
    if missing:
        known |= dict(ContactWindow.objects.filter(key__in=missing).values_list("key", "pk"))
    return {kind: known[key] for kind, key in keys.items()}


def _key(kind: KindOfAccount, packs: PackSet) -> str:
    return digest([rules_of(kind, packs), list(kind.zones), list(kind.ways)])


def _window(kind: KindOfAccount, key: str, packs: PackSet, course: Course, now: datetime) -> ContactWindow:
    opens_at, closes_at = opening_over(kind, course, now)
    return ContactWindow(
        key=key,
        zones=list(kind.zones),
        kind_of_account=kind._asdict(),
        rules=rules_of(kind, packs),
        opens_at=opens_at,
        closes_at=closes_at,
    )


def kind_of_window(window: ContactWindow) -> KindOfAccount:
    kept = window.kind_of_account
    return KindOfAccount(**kept | {"zones": tuple(kept["zones"]), "ways": tuple(kept.get("ways", ()))})


def brought_up_to(now: datetime, windows: Iterable[ContactWindow]) -> list[ContactWindow]:
    """The windows as they stand now, those that are over replaced by their next one. Nothing is saved."""
    current = list(windows)
    over = [window for window in current if window.is_past(now)]
    _work_out(over, now)
    return current


def _work_out(windows: list[ContactWindow], now: datetime) -> None:
    course = packs_from(now) if windows else []
    for window in windows:
        window.opens_at, window.closes_at = opening_over(kind_of_window(window), course, now)


@transaction.atomic
def open_windows(*, now: datetime) -> int:
    """Work out the next opening of every window that is over; answers how many there were."""
    over = list(ContactWindow.objects.select_for_update().filter(closes_at__lte=now).order_by("pk"))
    ContactWindow.objects.bulk_update(brought_up_to(now, over), ["opens_at", "closes_at"])
    return len(over)


@transaction.atomic
def work_out_windows(*, now: datetime) -> int:
    """Work out every window again: other rules bind, or are to begin at another instant."""
    windows = list(ContactWindow.objects.select_for_update().order_by("pk"))
    _work_out(windows, now)
    ContactWindow.objects.bulk_update(windows, ["opens_at", "closes_at"])
    return len(windows)


def windows_out_of_date(*, now: datetime) -> list[int]:
    """Windows made under rules that no longer bind: the accounts behind them have to be looked at again."""
    packs = live_packs(now)
    windows = ContactWindow.objects.all()
    return [window.pk for window in windows if rules_of(kind_of_window(window), packs) != window.rules]
