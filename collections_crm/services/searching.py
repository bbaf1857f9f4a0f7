"""Keeping count of who searches: often enough to serve callers, not to copy the book."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.users import User

PER_MINUTE = 30

register_sentences({"search.too_often": _("You searched {limit} times within a minute. Wait a little.")})


def refuse_too_often(user: User, *, now: datetime) -> None:
    """Refuse the 31st search within a clock minute."""
    key = f"search:{user.pk}:{now:%Y%m%d%H%M}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key) > PER_MINUTE:
        raise Refused("search.too_often", limit=PER_MINUTE)


@retrying
def note_search(*, by: str, found: int, actor: User, now: datetime) -> None:
    """Write down that somebody searched, in which way and how much was found. Never what for."""
    record("search.made", subject=actor, actor=actor, at=now, codes={"by": by, "found": found})
