"""How requests end that nobody decides: the clock, and subjects that are gone."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts.foundation.approvals import Approval, ApprovalState
from accounts.foundation.domain_events import AccountsClosed
from accounts.foundation.errors import Refused
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.services.approvals import announced, enter, refuse_person, terms_changed, void

S = ApprovalState
WAITING = [S.REQUESTED, S.CLAIMED, S.RETURNED, S.EXECUTION_FAILED]


def expire_overdue(*, now: datetime, portfolio_id: int | None = None) -> list[int]:
    """End every request whose time is over; one that was approved and never carried out is voided. Answers their ids.

    Each in its own transaction, so that a crash in the middle leaves whole ones behind and a second run does the rest.
    """
    due = Approval.objects.filter(state__in=WAITING, expires_at__lte=now)
    if portfolio_id is not None:
        due = due.filter(account__portfolio_id=portfolio_id)
    return [pk for pk in due.order_by("account_id", "pk").values_list("pk", flat=True) if _expire(pk, now)]


@retrying
def _expire(approval_id: int, now: datetime) -> bool:
    approval = enter(approval_id)
    if approval.state not in WAITING or approval.expires_at > now:
        return False
    if approval.state == S.EXECUTION_FAILED:
        void(approval, "not_carried_out", actor=None, now=now)
    else:
        move(approval, "expire", actor=None, at=now, given={"at": now})
        announced(approval, None, now)
    return True


def release_claims(*, now: datetime) -> list[int]:
    """Give back every request whose claim has run out. Answers their ids."""
    stale = Approval.objects.filter(state=S.CLAIMED, claimed_until__lte=now).order_by("account_id", "pk")
    return [pk for pk in stale.values_list("pk", flat=True) if _release_claim(pk, now)]


@retrying
def _release_claim(approval_id: int, now: datetime) -> bool:
    approval = enter(approval_id)
    if approval.state != S.CLAIMED or approval.claimed_until is None or approval.claimed_until > now:
        return False
    move(approval, "unclaim", actor=None, at=now, reason="timeout")
    return True


@retrying
def void_changed(*, approval_id: int, actor: User, now: datetime) -> Approval:
    """Set aside a request whose terms are no longer those asked for, so that its maker may ask anew.

    Refuses while the terms still stand: then it is approved, declined or returned.
    """
    approval = enter(approval_id)
    refuse_person(approval, actor, now)
    if approval.state not in WAITING:
        raise Refused("approval_already_decided", state=approval.get_state_display())
    if not terms_changed(approval):
        raise Refused("approval_terms_stand")
    return void(approval, "terms_changed", actor=actor, now=now)


def void_of_closed_accounts(event: AccountsClosed) -> None:
    """An account on which nothing is left to do has nothing left to decide. What is being carried out stays."""
    void_open(Approval.objects.filter(account_id__in=event.ids), "account_closed", actor=None, now=event.at)


def void_open(requests: QuerySet[Approval], code: str, *, actor: User | None, now: datetime) -> None:
    """Set aside those of the requests that still wait, whatever for. The caller has locked their accounts."""
    waiting = requests.filter(state__in=WAITING).values_list("pk", flat=True)
    for approval in Approval.objects.lock_all(waiting):
        void(approval, code, actor=actor, now=now)
