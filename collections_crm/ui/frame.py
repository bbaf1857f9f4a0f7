"""What every page shows around itself: where one can go, how much waits there, which clock is used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils import timezone
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import pgettext_lazy

from accounts.foundation import clock
from collections_crm.ui.words import place


@dataclass(frozen=True)
class Destination:
    """A link of the header, drawn when its address exists and the person's role is among `roles` (all, when empty)."""

    url_name: str
    label: str | Promise
    go: str = ""
    roles: frozenset[str] = frozenset()


WHO_PLACES = frozenset({"manager", "admin"})

DESTINATIONS = [
    Destination("queue", pgettext_lazy("menu", "Queue"), go="Q"),
    Destination("inbox", pgettext_lazy("menu", "Inbox"), go="I"),
    Destination("approvals", pgettext_lazy("menu", "Approvals"), go="A"),
    Destination("complaints", pgettext_lazy("menu", "Complaints"), roles=frozenset({"manager", "compliance"})),
    Destination("placement-list", pgettext_lazy("menu", "Placements"), roles=WHO_PLACES),
    Destination("payments", pgettext_lazy("menu", "Payments"), roles=frozenset({"finance"})),
    Destination("messages", pgettext_lazy("menu", "Messages")),
    Destination("mailbox", pgettext_lazy("menu", "Mailbox"), roles=frozenset({"manager", "compliance", "admin"})),
    Destination("reveals", pgettext_lazy("menu", "Reveals"), roles=frozenset({"manager", "compliance"})),
    Destination("privacy", pgettext_lazy("menu", "Privacy"), roles=frozenset({"compliance"})),
    Destination("verification-locks", pgettext_lazy("menu", "Locks"), roles=frozenset({"manager"})),
    Destination("stops", pgettext_lazy("menu", "Stops"), roles=frozenset({"manager", "compliance", "admin"})),
]

_counts: dict[str, Callable[[HttpRequest], int]] = {}
_stops: list[Callable[[HttpRequest], list[Any]]] = []


def register_count(url_name: str, count: Callable[[HttpRequest], int]) -> None:
    """Show a number beside a header link. It is asked once for each whole page, so it must be one cheap query."""
    _counts[url_name] = count


def register_stops(read: Callable[[HttpRequest], list[Any]]) -> None:
    """Where the banner of every page learns which emergency stops concern the person. One query with a count."""
    _stops.append(read)


def _stops_for(request: HttpRequest) -> list[Any]:
    known = getattr(request, "user", None)
    return [stop for read in _stops for stop in read(request)] if known and known.is_authenticated else []


@dataclass(frozen=True)
class NavItem:
    url: str
    label: str | Promise
    go: str
    count: int
    current: bool


def address(url_name: str, *args: Any) -> str:
    """The address of a view, or nothing when this installation has no such page."""
    if not args:
        return _plain_address(url_name, get_urlconf() or settings.ROOT_URLCONF)
    try:
        return reverse(url_name, args=args)
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=200)
def _plain_address(url_name: str, _urlconf: str) -> str:
    """Every page asks for those of its header: they are the same for the life of the process."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def nav_items(request: HttpRequest) -> list[NavItem]:
    items = []
    for goal in DESTINATIONS:
        url = address(goal.url_name)
        if not url or (goal.roles and request.user.role not in goal.roles):
            continue
        waiting = _counts[goal.url_name](request) if goal.url_name in _counts else 0
        items.append(NavItem(url, goal.label, goal.go, waiting, request.path.startswith(url)))
    return items


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. The counts are asked only by templates that draw the header."""
    zone = timezone.get_current_timezone_name()
    return {
        "demo": getattr(settings, "DEMO", False),
        "clock_now": SimpleLazyObject(clock.now),
        "clock_is_real": clock.is_real(),
        "clock_is_frozen": getattr(settings, "FROZEN_NOW", None) is not None,
        "here": {"zone": zone, "place": place(zone)},
        "stops": SimpleLazyObject(lambda: _stops_for(request)),
        "session_seconds": settings.SESSION_COOKIE_AGE,
        "home_url": address(settings.LOGIN_REDIRECT_URL) or "/",
    }
