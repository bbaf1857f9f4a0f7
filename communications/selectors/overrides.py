"""Exceptions that were approved and not used yet."""

from __future__ import annotations

from datetime import datetime

from accounts.foundation.approvals import Approval, ApprovalState
from accounts.foundation.users import User
from communications.selectors.contact_facts import ContactRequest
from communications.services.contact_override import KIND, is_for


def granted_override(request: ContactRequest, *, user: User, now: datetime) -> int | None:
    """The id of the user's latest approved, unused exception for exactly this contact."""
    granted = Approval.objects.filter(
        kind=KIND,
        state=ApprovalState.EXECUTED,
        maker=user,
        subject_id=request.contact_point_id,
        expires_at__gt=now,
        policy_decision__isnull=True,
    ).order_by("-pk")
    return next((approval.pk for approval in granted if is_for(approval, request)), None)
