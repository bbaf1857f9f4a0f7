"""Moving an account through its states, and who owns it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from accounts.foundation import days
from accounts.foundation.domain_events import AccountsChanged, AccountsClosed, publish
from accounts.foundation.events import Event
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import Account
from accounts.services.next_step import default_team, end_steps


def move_account(
    account: Account, name: str, *, actor: User | None, now: datetime, reason: str = "", **given: Any
) -> Event:
    """Take one transition of an account that the caller has locked; record it and tell the other floors.

    Refuses with `move_not_allowed`. Closing clears the next step, reopening sets it to act today.
    """
    was_open = account.is_open
    event = move(account, name, actor=actor, at=now, reason=reason, given=given)
    ids = frozenset([account.pk])
    if was_open and not account.is_open:
        end_steps(account=account, now=now)
        publish(AccountsClosed(ids=ids, at=now, actor_id=getattr(actor, "pk", None)))
    publish(AccountsChanged(ids=ids, at=now, actor_id=getattr(actor, "pk", None)))
    return event


def reopen_account(account: Account, *, actor: User | None, now: datetime, reason: str) -> Event:
    """Bring back a paid or settled account to its owner, else to the portfolio's team, to be acted on today."""
    team_id = None if account.owner_id else default_team(account).pk
    return move_account(
        account,
        "reopen",
        actor=actor,
        now=now,
        reason=reason,
        on=today_of(account, now),
        team_id=team_id,
        owner_id=account.owner_id,
    )


def today_of(account: Account, now: datetime) -> date:
    """The portfolio's civil day at an instant."""
    return days.civil_day(now, account.portfolio.zone)
