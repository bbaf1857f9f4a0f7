"""Why an account stands where it stands, in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import NextKind, PartyKind
from collections_crm.ui import words

Part = dict[str, Any]
ALWAYS_THERE = {"amount", "age"}


class Sayings:
    """The parts of ranks in words at one instant. What many rows of a page say is put into words once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._said: dict[tuple[Any, ...], str] = {}
        self._due = _("%(amount)s due")

    def why(self, parts: list[Part]) -> str:
        """The rank in words: the weightiest thing that happened, else what is due. A first call says whether its notice
        was served."""
        if not parts:
            return ""
        lead = next((part for part in parts if part["code"] not in ALWAYS_THERE), parts[0])
        first_call = lead["code"] == "first_call" and any(part["code"] == "notice_served" for part in parts)
        return f"{self.said(lead)}, {_('notice served')}" if first_call else self.said(lead)

    def sum_of(self, parts: list[Part], priority: int) -> str:
        """`first call 80 + 400.00 GBP due 32 = 112`: the parts in words with their points, and what they add up to."""
        told = " + ".join([f"{self.said(part)} {part['points']}" for part in parts])
        return f"{told} = {priority}"

    def said(self, part: Part) -> str:
        if part["code"] == "amount":
            return self._due % {"amount": words.money(Decimal(str(part["amount"])), part["currency"])}
        known = part["code"], part.get("on"), part.get("at"), part.get("bucket")
        if known not in self._said:
            self._said[known] = SAYINGS[part["code"]](part, self.now)
        return self._said[known]


def _day(part: Part, now: datetime) -> str:
    day = parse_date(part["on"])
    return words.days_away(day, _today(now)) if day else ""


def _today(now: datetime) -> date:
    return now.astimezone(timezone.get_current_timezone()).date()


def _clock(part: Part) -> str:
    """By the clock of the person who looks, as all else in the list, with its place: the customer's may differ."""
    at = parse_datetime(part["at"])
    return words.local_time([timezone.get_current_timezone_name()], at) if at else ""


SAYINGS: dict[str, Callable[[Part, datetime], str]] = {
    "callback": lambda part, now: _("callback at %(time)s") % {"time": _clock(part)},
    "promise_broken": lambda part, now: _("promise broken %(day)s") % {"day": _day(part, now)},
    "payment_returned": lambda part, now: _("payment returned %(day)s") % {"day": _day(part, now)},
    "review_hold": lambda part, now: _("hold to review"),
    "check_promise": lambda part, now: _("promise to check"),
    "await_approval": lambda part, now: _("approval awaited"),
    "await_vendor": lambda part, now: _("vendor's answer awaited"),
    "trace": lambda part, now: _("nobody to reach"),
    "first_call": lambda part, now: _("first call"),
    "notice_served": lambda part, now: _("notice served %(day)s") % {"day": _day(part, now)},
    "never_reached": lambda part, now: _("not reached yet"),
    "age": lambda part, now: _("age: bucket %(number)d") % {"number": part["bucket"]},
}


def short_name(name: str, supplied: bool, kind: str) -> str:
    """`Juana R. O.`: enough to recognise one's customer, not enough for a stranger's glance. Businesses in full."""
    if not supplied or not name:
        return _("name not supplied")
    if kind == PartyKind.ENTITY:
        return name
    first, *rest = name.split()
    return " ".join([first, *(f"{part[0]}." for part in rest)])


def age(days: int, *, is_advance: bool) -> str:
    """`34`, in an advance's own words `34 days behind`; a dash when nothing is late."""
    if not days:
        return "-"
    if is_advance:
        return ngettext("%(count)s day behind", "%(count)s days behind", days) % {"count": f"{days:,}"}
    return f"{days:,}"


NEXT_WORDS = {
    NextKind.ACT: lambda: _("contact"),
    NextKind.CALLBACK: lambda: _("call back"),
    NextKind.CHECK_PROMISE: lambda: _("check promise"),
    NextKind.REVIEW_HOLD: lambda: _("review hold"),
    NextKind.AWAIT_APPROVAL: lambda: _("approval"),
    NextKind.AWAIT_VENDOR: lambda: _("vendor"),
    NextKind.TRACE: lambda: _("find person"),
}


def next_step(kind: str | None, on: date | None, at: datetime | None, today: date, zone: str = "") -> str:
    """What is to be done next and when: `call back Wed 18 Nov 2026 10:30 London`, `check promise in 3 days`.

    A moment is told by the clock of `zone`, or of the person who looks; days from `today`, the account's own.
    """
    if not kind or on is None:
        return "-"
    what = NEXT_WORDS[NextKind(kind)]()
    if at:
        zone = zone or timezone.get_current_timezone_name()
        return f"{what} {words.moment(at, zone)} {words.place(zone)}"
    if on < today:
        return _("%(what)s, since %(day)s") % {"what": what, "day": words.civil(on, weekday=False)}
    return f"{what} {words.days_away(on, today)}"


def held_until(review_on: date | None, now: datetime) -> str:
    """For accounts on hold: when the hold is looked at again."""
    if review_on is None:
        return _("on hold")
    return _("on hold, review %(day)s") % {"day": words.days_away(review_on, _today(now))}


def parts_of(stored: Any) -> list[Part]:
    """The parts as the database's JSON has them."""
    return json.loads(stored) if isinstance(stored, str) else stored
