"""Finding people who log in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.foundation.users import User

CODE_WITHIN = timedelta(minutes=5)


def waiting_person(waiting: dict[str, Any] | None, *, now: datetime) -> User | None:
    """The active person who proved the password within the last five minutes and still owes the code."""
    if not waiting or now - datetime.fromisoformat(waiting["since"]) > CODE_WITHIN:
        return None
    return User.objects.filter(pk=waiting["id"], is_active=True).first()
