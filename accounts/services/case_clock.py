"""The clock of a case that keeps a hold of its own: the hold is looked at when the next thing is due."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from accounts.foundation.domain_events import AccountsChanged, publish
from accounts.foundation.users import User
from accounts.models import Account, Hold
from accounts.services.accounts import today_of
from accounts.services.holds import extend_hold


class Case(Protocol):
    """What a clock needs to know of a case."""

    account: Account
    account_id: int
    hold_id: int | None

    @property
    def due_on(self) -> date: ...


def keep_clock(case: Case, reason: str, actor: User | None, now: datetime) -> None:
    """Move the review of the case's hold to the day on which the next thing is due. What is late stays due."""
    hold = Hold.objects.filter(pk=case.hold_id).first() if case.hold_id else None
    if hold is not None and hold.in_force and hold.review_on != case.due_on > today_of(case.account, now):
        extend_hold(hold_id=hold.pk, review_on=case.due_on, reason=reason, actor=actor, now=now)
    tell_changed(case, actor, now)


def tell_changed(case: Case, actor: User | None, now: datetime) -> None:
    """Whatever the queue shows of the case's account may have changed."""
    publish(AccountsChanged(ids=frozenset([case.account_id]), at=now, actor_id=getattr(actor, "pk", None)))
