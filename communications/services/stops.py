"""The emergency stop: one person halts contact at once, two different people let it go on."""

from __future__ import annotations

from datetime import datetime

from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import Role, User
from accounts.services.hands import gave_the_password
from communications.models import ContactStop, StopState

STOPPERS = frozenset({Role.MANAGER, Role.COMPLIANCE, Role.ADMIN})


@retrying
def stop_contact(
    *, channel: str, jurisdiction: str, portfolio_id: int | None, cause: str, note: str, actor: User, now: datetime
) -> ContactStop:
    """Stop a channel (empty: all of them) for everybody, one jurisdiction or one portfolio, from this instant.

    The gate refuses what it covers from its next question on, whatever the purpose; messages in line wait. What was
    answered before, a call that is open among it, goes on. Refuses other roles, a missing note, and a second stop of
    the very same.
    """
    _refuse_role(actor)
    if not note.strip():
        raise Refused("stop_note_missing")
    if jurisdiction and portfolio_id:
        raise Refused("stop_covers_one_thing")
    what = {"channel": channel, "jurisdiction": jurisdiction, "portfolio_id": portfolio_id}
    if known := ContactStop.objects.filter(released_at__isnull=True, **what).first():
        raise Refused("stop_stands_already", number=known.pk)
    stop = ContactStop.objects.create(**what, cause=cause, note=note.strip(), stopped_by=actor, stopped_at=now)
    record("contactstop.stop", subject=stop, actor=actor, at=now, reason=cause, codes=what)
    return stop


@retrying
def release_stop(*, stop_id: int, actor: User, now: datetime) -> ContactStop:
    """Say yes to going on. The first yes changes nothing yet; the second, by somebody else, ends the stop.

    Whoever stopped may be one of the two. Refuses other roles, the same person twice, and a stop that has ended.
    """
    _refuse_role(actor)
    stop = ContactStop.objects.lock(stop_id)
    if stop.state == StopState.RELEASED:
        raise Refused("stop_released_already")
    if stop.first_yes_by_id == actor.pk:
        raise Refused("stop_second_person")
    if stop.first_yes_by_id and gave_the_password([stop.first_yes_by_id], actor, now):
        raise Refused("stop_password_known")
    act = "agree" if stop.state == StopState.STANDING else "release"
    move(stop, act, actor=actor, at=now, given={"by": actor, "at": now})
    return stop


def _refuse_role(actor: User) -> None:
    if actor.role not in STOPPERS:
        raise Refused("stop_only_by_those_who_answer")
