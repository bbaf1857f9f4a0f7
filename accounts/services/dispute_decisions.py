"""Deciding a dispute: the move, the row that keeps it, and the end of whatever was asked before."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from accounts.foundation.approvals import Approval
from accounts.foundation.money import ZERO
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import Dispute, DisputeDecision, Note
from accounts.services.approval_ends import void_open
from accounts.services.dispute_door import requests_about


def decide(
    dispute: Dispute,
    name: str,
    *,
    by: User,
    reasons: Note,
    now: datetime,
    credited: Decimal = ZERO,
    to_pay_back: Decimal = ZERO,
    approval: Approval | None = None,
) -> DisputeDecision:
    """Take the deciding move `name` of a locked dispute and keep it as this round's decision.

    `approval` is the request that `by` agreed to. Every other request about the dispute is void from now on.
    """
    given = {"by": by, "at": now, "reasons": reasons}
    codes = {}
    if approval is not None:
        given["credited"], codes["credited"] = credited, str(credited)
    move(dispute, name, actor=by, at=now, given=given, codes=codes)
    others = requests_about(dispute).exclude(pk=approval.pk if approval else None)
    void_open(others, "dispute_decided", actor=by, now=now)
    return DisputeDecision.objects.create(
        dispute=dispute,
        round=dispute.reopened,
        outcome=dispute.outcome,
        asked_by=approval.maker if approval else None,
        decided_by=by,
        approval=approval,
        decided_at=now,
        reasons=reasons,
        credited=credited,
        to_pay_back=to_pay_back,
    )
