"""The one thing to be done next on an account. The only writer of the next step."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models

from accounts.foundation.domain_events import AccountsChanged, publish
from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.users import Team, User
from accounts.models import Account, FollowUp
from accounts.models.account import NEXT_FIELDS


def set_next(
    *,
    account: Account,
    kind: str,
    on: date,
    at: datetime | None = None,
    owner: User | None = None,
    team: Team | None = None,
    subject: models.Model | None = None,
    reason: str,
    actor: User | None,
    now: datetime,
) -> FollowUp:
    """Replace the next step of an open account that the caller has locked.

    Without owner and team it stays with whoever had it, else with the account's owner, else with the portfolio's first
    team. `at` makes it timed (a callback). Refuses a closed account: nothing is left to do on it.
    """
    if not account.is_open:
        raise Refused("next_step_of_closed_account", account=account.reference)
    owner, team = _whose(account, owner, team)
    account.next_kind, account.next_on, account.next_at = kind, on, at
    account.next_owner, account.next_team = owner, team
    account.next_subject_type = subject._meta.model_name if subject is not None else ""
    account.next_subject_id = subject.pk if subject is not None else None
    account.save(update_fields=list(NEXT_FIELDS))
    return _remember(account, reason=reason, actor=actor, now=now)


def hand_over(
    *, account: Account, owner: User | None, team: Team | None, reason: str, actor: User | None, now: datetime
) -> FollowUp:
    """Give the next step of an open account that the caller has locked to somebody else; what and when stay."""
    if not account.is_open:
        raise Refused("next_step_of_closed_account", account=account.reference)
    account.next_owner, account.next_team = owner, team
    account.save(update_fields=["next_owner", "next_team"])
    return _remember(account, reason=reason, actor=actor, now=now)


def _whose(account: Account, owner: User | None, team: Team | None) -> tuple[User | None, Team | None]:
    if owner is not None or team is not None:
        return owner, team
    if account.next_owner_id or account.next_team_id:
        return account.next_owner, account.next_team
    if account.owner_id:
        return account.owner, None
    return None, default_team(account)


def default_team(account: Account) -> Team:
    """The first team that works the account's portfolio. Refuses a portfolio that nobody works."""
    team = Team.objects.filter(portfolios=account.portfolio_id).order_by("pk").first()
    if team is None:
        raise Refused("portfolio_without_team", portfolio=account.portfolio.code)
    return team


def _remember(account: Account, *, reason: str, actor: User | None, now: datetime) -> FollowUp:
    account.follow_ups.filter(ended_at__isnull=True).update(ended_at=now)
    step = FollowUp.objects.create(
        account=account,
        kind=account.next_kind,
        on=account.next_on,
        at=account.next_at,
        owner=account.next_owner,
        team=account.next_team,
        subject_type=account.next_subject_type,
        subject_id=account.next_subject_id,
        reason=reason,
        set_by=actor,
        set_at=now,
    )
    codes = {"kind": account.next_kind, "on": account.next_on.isoformat() if account.next_on else None}
    record("account.next_step_set", subject=account, actor=actor, at=now, reason=reason, codes=codes)
    publish(AccountsChanged(ids=frozenset([account.pk]), at=now, actor_id=getattr(actor, "pk", None)))
    return step


def end_steps(*, account: Account, now: datetime) -> None:
    """Close the history when the account closes: nothing is to be done any more."""
    account.follow_ups.filter(ended_at__isnull=True).update(ended_at=now)
