"""Giving an account a next step again, after something that displaced it ended."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.foundation.approvals import Approval, ApprovalState
from accounts.foundation.users import Team, User
from accounts.models import IN_FORCE, OWES, Account, FollowUp, Hold, HoldKind, HoldScope, NextKind, SkipTrace
from accounts.services.accounts import today_of
from accounts.services.holds import PURPOSE_OF_STEP
from accounts.services.next_step import set_next
from arrangements.models import LIVE, Arrangement

WAITING_APPROVAL = [ApprovalState.REQUESTED, ApprovalState.CLAIMED, ApprovalState.EXECUTION_FAILED]


def give_step(
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
    """Set the next step of a locked, open account; when a hold forbids it, the hold's review, which gives it back."""
    today = today_of(account, now)
    hold = _hold_forbidding(account, kind)
    step: dict[str, Any] = {
        "kind": kind,
        "on": max(on, today),
        "at": at,
        "owner": owner,
        "team": team,
        "subject": subject,
    }
    if hold is not None:
        _remember_displaced(hold, account, step)
        step = {**step, "kind": NextKind.REVIEW_HOLD, "on": max(today, hold.review_on), "at": None, "subject": hold}
    return set_next(account=account, reason=reason, actor=actor, now=now, **step)


def _hold_forbidding(account: Account, kind: str) -> Hold | None:
    purpose = PURPOSE_OF_STEP.get(NextKind(kind))
    if purpose is None:
        return None
    owing = account.account_parties.filter(role__in=OWES).values("party__person_id")
    touching = Q(account=account, scope=HoldScope.ACCOUNT) | Q(scope=HoldScope.PERSON, person__in=owing)
    holds = Hold.objects.filter(touching, state__in=IN_FORCE).exclude(kind=HoldKind.ARRANGEMENT).order_by("pk")
    return next((hold for hold in holds if hold.forbids(purpose)), None)


def _remember_displaced(hold: Hold, account: Account, step: dict) -> None:
    kept = {
        "kind": step["kind"],
        "on": step["on"].isoformat(),
        "at": step["at"].isoformat() if step["at"] else None,
        "owner": getattr(step["owner"], "pk", None),
        "team": getattr(step["team"], "pk", None),
    }
    hold.displaced_step = {**(hold.displaced_step or {}), str(account.pk): kept}
    hold.save(update_fields=["displaced_step"])


def step_before(account: Account, about: Q) -> FollowUp | None:
    """The step that stood before the first one about something; None when there was none."""
    first = account.follow_ups.filter(about).order_by("pk").first()
    return account.follow_ups.filter(pk__lt=first.pk).order_by("-pk").first() if first else None


def give_back_step(*, account: Account, step: FollowUp | None, reason: str, actor: User | None, now: datetime) -> None:
    """Bring an earlier step back as it was, today when its day has passed; to act today when its reason is gone."""
    subject = _subject_of(step) if step else None
    if step is None or (step.subject_type and subject is None):
        kind, on, at = NextKind.ACT, today_of(account, now), None
    else:
        kind, on, at = NextKind(step.kind), step.on, step.at if step.at and step.at > now else None
    owner, team = (step.owner, step.team) if step else (None, None)
    give_step(
        account=account, kind=kind, on=on, at=at, owner=owner, team=team, subject=subject, reason=reason,
        actor=actor, now=now,
    )  # fmt: skip


def _subject_of(step: FollowUp) -> models.Model | None:
    """What the step was about, while it still stands."""
    standing: dict[str, models.QuerySet[Any]] = {
        "hold": Hold.objects.filter(state__in=IN_FORCE),
        "arrangement": Arrangement.objects.filter(state__in=LIVE),
        "approval": Approval.objects.filter(state__in=WAITING_APPROVAL),
        "skiptrace": SkipTrace.objects.all(),
    }
    rows = standing.get(step.subject_type)
    return rows.filter(pk=step.subject_id).first() if rows is not None else None
