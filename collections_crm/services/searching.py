"""Keeping count of who searches: often enough to serve callers, not to copy the book."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.events import Event, record
from accounts.foundation.locks import retrying
from accounts.foundation.users import User

PER_MINUTE = 30
MINUTE = timedelta(minutes=1)
SEARCH = "search.made"

register_sentences({"search.too_often": _("You searched {limit} times within a minute. Wait a little.")})


def refuse_too_often(user: User, *, now: datetime) -> None:
    """Refuse the 31st search within a minute, by the event log: it counts while the cache is away, too."""
    latest = Event.objects.filter(subject_type="user", subject_id=user.pk).order_by("-id")[:PER_MINUTE]
    searched = [at for kind, at in latest.values_list("kind", "at") if kind == SEARCH and at > now - MINUTE]
    if len(searched) >= PER_MINUTE:
        raise Refused("search.too_often", limit=PER_MINUTE)


@retrying
def note_search(*, by: str, found: int, actor: User, now: datetime) -> None:
    """Write down that somebody searched, in which way and how much was found. Never what for."""
    record(SEARCH, subject=actor, actor=actor, at=now, codes={"by": by, "found": found})
