"""Contact windows: which accounts share one, and when it is open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.foundation.digests import digest
from collections_crm.models import ContactWindow
from collections_crm.work.opening import KindOfAccount, opening, rules_of
from communications.policy.pack import PackSet
from communications.selectors.live_policy import live_packs


def windows_of(kinds: Iterable[KindOfAccount], packs: PackSet, now: datetime) -> dict[KindOfAccount, int]:
    """The window of each kind, made when it is the first of its sort."""
    keys = {kind: _key(kind, packs) for kind in kinds}
    known = dict(ContactWindow.objects.filter(key__in=set(keys.values())).values_list("key", "pk"))
    missing = {key: kind for kind, key in keys.items() if key not in known}
    made = [_window(kind, key, packs, now) for key, kind in sorted(missing.items())]
    ContactWindow.objects.bulk_create(made, ignore_conflicts=True)
    if missing:
        known |= dict(ContactWindow.objects.filter(key__in=missing).values_list("key", "pk"))
    return {kind: known[key] for kind, key in keys.items()}


def _key(kind: KindOfAccount, packs: PackSet) -> str:
    return digest([rules_of(kind, packs), list(kind.zones), list(kind.ways)])


def _window(kind: KindOfAccount, key: str, packs: PackSet, now: datetime) -> ContactWindow:
    opens_at, closes_at = opening(kind, packs, now)
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
    packs = live_packs(now) if over else None
    for window in over:
        window.opens_at, window.closes_at = opening(kind_of_window(window), packs, now)
    return current


@transaction.atomic
def open_windows(*, now: datetime) -> int:
    """Work out the next opening of every window that is over; answers how many there were."""
    over = list(ContactWindow.objects.select_for_update().filter(closes_at__lte=now).order_by("pk"))
    ContactWindow.objects.bulk_update(brought_up_to(now, over), ["opens_at", "closes_at"])
    return len(over)


def windows_out_of_date(*, now: datetime) -> list[int]:
    """Windows made under rules that no longer bind: the accounts behind them have to be looked at again."""
    packs = live_packs(now)
    windows = ContactWindow.objects.all()
    return [window.pk for window in windows if rules_of(kind_of_window(window), packs) != window.rules]
