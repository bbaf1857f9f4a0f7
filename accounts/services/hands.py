"""Two people are two only where neither could have come in as the other."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from accounts.foundation.events import Event
from accounts.foundation.users import User

PASSWORD_SET = ("user.added", "user.password_reset")
# Whoever gave a password knows it until its owner chose another, and could have chosen that one too. Firm policy: a
# month, in which the owner comes to work and finds that they can't log in.
REMEMBERED = timedelta(days=30)


def gave_the_password(makers: Iterable[int], checker: User, now: datetime) -> bool:
    """Whether one of these people set the checker's password in the last 30 days. One query."""
    given = Event.objects.filter(subject_type="user", subject_id=checker.pk, kind__in=PASSWORD_SET)
    return given.filter(actor_id__in=list(makers), at__gt=now - REMEMBERED).exists()
