"""The first person of a new installation. All others are added by an administrator in the administration."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password

from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.users import Role, User


@retrying
def add_first_admin(*, username: str, password: str, now: datetime) -> User:
    """Make an administrator where there is none yet.

    Refuses when an active one exists. Raises ValidationError for a password that is too weak.
    """
    if User.objects.filter(role=Role.ADMIN, is_active=True).exists():
        raise Refused("admin_exists")
    person = User(username=username, role=Role.ADMIN, is_staff=True)
    validate_password(password, person)
    person.set_password(password)
    person.save()
    record("user.added", subject=person, actor=None, at=now, codes={"role": Role.ADMIN.value})
    return person
