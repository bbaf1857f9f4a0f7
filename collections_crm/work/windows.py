"""Contact windows: which accounts share one, and when it is open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from accounts.foundation.digests import digest
from accounts.models import Account
from collections_crm.models import ContactWindow
from collections_crm.work.opening import KindOfAccount, opening, rules_of


def kinds_of(account_ids: Sequence[int]) -> dict[int, KindOfAccount]:
    """The kind of each account, as far as hours and holidays depend on it."""
    rows = Account.objects.filter(pk__in=account_ids, account_parties__role="primary").values_list(
        "pk",
        "portfolio__jurisdiction",
        "portfolio__capacity",
        "portfolio__product__kind",
        "portfolio__regulated",
        "account_parties__party__kind",
        "account_parties__party__stated_zone",
        "portfolio__zone",
    )
    return {
        pk: KindOfAccount(where, capacity, product, regulated, party, "", (stated or zone,))
        for pk, where, capacity, product, regulated, party, stated, zone in rows
    }


def windows_of(kinds: Iterable[KindOfAccount], now: datetime) -> dict[KindOfAccount, int]:
    """The window of each kind, made when it is the first of its sort."""
    keys = {kind: _key(kind) for kind in kinds}
    known = dict(ContactWindow.objects.filter(key__in=set(keys.values())).values_list("key", "pk"))
    missing = {key: kind for kind, key in keys.items() if key not in known}
    ContactWindow.objects.bulk_create([_window(kind, key, now) for key, kind in missing.items()], ignore_conflicts=True)
    if missing:
        known |= dict(ContactWindow.objects.filter(key__in=missing).values_list("key", "pk"))
    return {kind: known[key] for kind, key in keys.items()}


def _key(kind: KindOfAccount) -> str:
    return digest([rules_of(kind), sorted(kind.zones)])


def _window(kind: KindOfAccount, key: str, now: datetime) -> ContactWindow:
    opens_at, closes_at = opening(kind, now)
    return ContactWindow(
        key=key,
        zones=sorted(kind.zones),
        kind_of_account=kind._asdict(),
        rules=rules_of(kind),
        opens_at=opens_at,
        closes_at=closes_at,
    )


def kind_of_window(window: ContactWindow) -> KindOfAccount:
    return KindOfAccount(**window.kind_of_account | {"zones": tuple(window.kind_of_account["zones"])})


def brought_up_to(now: datetime, windows: Iterable[ContactWindow]) -> list[ContactWindow]:
    """The windows as they stand now, those that are over replaced by their next one. Nothing is saved."""
    current = list(windows)
    for window in current:
        if window.is_past(now):
            window.opens_at, window.closes_at = opening(kind_of_window(window), now)
    return current


@transaction.atomic
def open_windows(*, now: datetime) -> int:
    """Work out the next opening of every window that is over; answers how many there were."""
    over = list(ContactWindow.objects.select_for_update().filter(closes_at__lte=now).order_by("pk"))
    ContactWindow.objects.bulk_update(brought_up_to(now, over), ["opens_at", "closes_at"])
    return len(over)
