"""An agent speaks with one person at a time."""

from __future__ import annotations

from accounts.foundation.errors import Refused
from accounts.foundation.users import User
from communications.selectors.open_contact import open_contact_of


def claim_line(actor: User) -> None:
    """Lock the agent's own row, before any other, so that two tabs can't both begin.

    Refuses roles that don't speak with customers, and an agent with a call to wrap up.
    """
    if not actor.works_a_queue:
        raise Refused("contact_not_your_role")
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=actor.pk)
    if open_contact_of(actor) is not None:
        raise Refused("contact_still_open")
