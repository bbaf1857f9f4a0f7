"""What a person asked for, in words: on the account page, in its forms and in the timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.foundation.purposes import Channel
from accounts.foundation.week_hours import DAYS
from accounts.models import EmployerStance, ToldBy
from collections_crm.ui import words
from communications.selectors.rule_words import numbers_in_words


@dataclass(frozen=True)
class WishTold:
    """One wish as the page shows it: what, of which ways, and who noted it when."""

    pk: int
    words: str
    scope: str
    told: str


def week_in_words(hours: Sequence[str]) -> str:
    """`Mon - Fri 17:00 - 24:00; Sat - Sun all day`."""
    return numbers_in_words("hours", dict(zip(DAYS, hours, strict=True)), get_language() or "en")


def wish_in_words(wish: Mapping[str, Any]) -> str:
    """`Mon - Fri 17:00 - 20:00 · only by e-mail · not at work`."""
    parts = [week_in_words(wish["hours"])] if wish["hours"] else []
    if wish["media"]:
        named = ", ".join(str(Channel(channel).label) for channel in wish["media"])
        parts.append(_("only by %(channels)s") % {"channels": named})
    if wish["not_at_work"]:
        parts.append(_("not at work"))
    return " · ".join(parts)


def lasting(wish: Mapping[str, Any]) -> str:
    """`from Mon 30 Nov 2026`, `until Fri 4 Dec 2026`; nothing for a wish without an end."""
    named = {"from_on": _("from %(day)s"), "until_on": _("until %(day)s")}
    return " ".join(said % {"day": words.civil(_day(wish[name]))} for name, said in named.items() if wish[name])


def wishes_told(rows: Sequence[Mapping[str, Any]], masked: Mapping[int, str]) -> list[WishTold]:
    """Each wish of the account's people; `masked` says how their numbers and addresses are shown."""
    return [WishTold(row["id"], wish_in_words(row), _scope(row, masked), _told(row)) for row in rows]


def _scope(wish: Mapping[str, Any], masked: Mapping[int, str]) -> str:
    channel = str(Channel(wish["channel"]).label) if wish["channel"] else ""
    parts = [channel, masked.get(wish["point_id"] or 0, ""), lasting(wish)]
    return " · ".join(part for part in parts if part) or _("on every debt")


def _told(wish: Mapping[str, Any]) -> str:
    day = words.civil(_day(wish["noted_at"][:10]))
    by = f", {wish['by']}" if wish["by"] else ""
    return f"{ToldBy(wish['told_by']).label}, {day}{by}"


def work_in_words(work: Mapping[str, Any]) -> str:
    """`the employer forbids contact at work · working hours Mon - Fri 09:00 - 17:00`."""
    parts = []
    if work["employer"]:
        parts.append(_("the employer %(stance)s") % {"stance": EmployerStance(work["employer"]).label})
    if work["hours"]:
        parts.append(_("working hours %(hours)s") % {"hours": week_in_words(work["hours"])})
    return " · ".join(parts)


def told_preference(facts: Mapping[str, Any]) -> tuple[str, str]:
    """(headline, detail) of a line of the timeline."""
    if facts["withdrawn"]:
        return pgettext("timeline", "Preference ended"), str(ToldBy(facts["told_by"]).label)
    head = _("Preference changed") if facts["replaces"] else pgettext("timeline", "Preference")
    detail = " · ".join(part for part in (wish_in_words(facts), lasting(facts)) if part)
    return head, f"{detail} ({ToldBy(facts['told_by']).label})"


def told_workplace(facts: Mapping[str, Any]) -> tuple[str, str]:
    return _("Work"), work_in_words(facts) or _("nothing known any more")


def _day(day: str | date | None) -> date | None:
    return parse_date(day) if isinstance(day, str) else day
