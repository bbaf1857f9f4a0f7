"""Why an account stands where it stands, in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Account, NextKind, Party, PartyKind
from collections_crm.ui import words

Part = dict[str, Any]
ALWAYS_THERE = {"amount", "age"}


def why(parts: list[Part], now: datetime) -> str:
    """The rank in words: the weightiest thing that happened, else what is due. A first call says whether its notice
    was served."""
    if not parts:
        return ""
    lead = next((part for part in parts if part["code"] not in ALWAYS_THERE), parts[0])
    first_call = lead["code"] == "first_call" and any(part["code"] == "notice_served" for part in parts)
    return f"{said(lead, now)}, {_('notice served')}" if first_call else said(lead, now)


def arithmetic(parts: list[Part], now: datetime) -> list[tuple[str, int]]:
    """Each part in words with its points; they add up to the priority."""
    return [(said(part, now), part["points"]) for part in parts]


def said(part: Part, now: datetime) -> str:
    return SAYINGS[part["code"]](part, now)


def _day(part: Part, now: datetime) -> str:
    day = parse_date(part["on"])
    return words.days_away(day, _today(now)) if day else ""


def _today(now: datetime) -> date:
    return now.astimezone(timezone.get_current_timezone()).date()


def _clock(part: Part) -> str:
    at = parse_datetime(part["at"])
    return f"{at.astimezone(timezone.get_current_timezone()):%H:%M}" if at else ""


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
    "amount": lambda part, now: _("%(amount)s due") % {"amount": _amount(part)},
    "age": lambda part, now: _("age: bucket %(number)d") % {"number": part["bucket"]},
}


def _amount(part: Part) -> str:
    return words.money(Decimal(str(part["amount"])), part["currency"])


def short_name(party: Party) -> str:
    """`Juana R. O.`: enough to recognise one's customer, not enough for a stranger's glance. Businesses in full."""
    if not party.name_supplied or not party.name:
        return _("name not supplied")
    if party.kind == PartyKind.ENTITY:
        return party.name
    first, *rest = party.name.split()
    return " ".join([first, *(f"{part[0]}." for part in rest)])


def age_of(account: Account, on: date) -> str:
    """`34 days`, in an advance's own words `34 days behind` until a default was declared."""
    days = account.days_past_due(on)
    if not days:
        return "-"
    if account.portfolio.product.is_advance and not account.default_declared_on:
        return ngettext("%(count)d day behind", "%(count)d days behind", days) % {"count": days}
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


def next_step(account: Account, now: datetime) -> str:
    """What is to be done next and when: `call back today 10:30`, `check promise in 3 days`."""
    if not account.next_kind or account.next_on is None:
        return "-"
    what = NEXT_WORDS[NextKind(account.next_kind)]()
    if account.next_at:
        return f"{what} {words.moment(account.next_at)}"
    if account.next_on < _today(now):
        return _("%(what)s, since %(day)s") % {"what": what, "day": words.civil(account.next_on, weekday=False)}
    return f"{what} {words.days_away(account.next_on, _today(now))}"


def held_until(account: Account, now: datetime) -> str:
    """For accounts on hold: when the hold is looked at again."""
    if account.next_on is None:
        return _("on hold")
    return _("on hold, review %(day)s") % {"day": words.days_away(account.next_on, _today(now))}
