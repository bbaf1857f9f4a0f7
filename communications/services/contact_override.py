"""An approved exception to the gate: for one exact contact, by somebody else, used once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.foundation.approvals import Approval, ApprovalState
from accounts.foundation.errors import Refused
from accounts.foundation.users import User
from accounts.models import Account, ContactPoint
from accounts.services.approval_kinds import ApprovalKind, register
from accounts.services.approvals import request_approval
from communications.models import PolicyDecision
from communications.policy.decide import decide
from communications.policy.decision import NEEDS_OVERRIDE
from communications.selectors.contact_facts import ContactRequest, gather

KIND = "contact_override"


def _nothing_to_do_yet(_approval: Approval, _actor: User, _now: datetime) -> None:
    """The yes is kept; the contact that uses it up comes later and is judged again."""


register(
    ApprovalKind(
        code=KIND,
        label=_("Contact as an exception"),
        executor=_nothing_to_do_yet,
        consequence=_("The agent may make this one contact although a rule that allows exceptions speaks against it."),
        days_open=1,
    )
)


def override_terms(request: ContactRequest) -> dict[str, Any]:
    """What an exception is approved for: this party at this point, by this channel, about these accounts."""
    return {
        "accounts": sorted(request.account_ids),
        "party": request.party_id,
        "contact_point": request.contact_point_id,
        "channel": request.channel,
        "purpose": request.purpose,
    }


def request_override(*, request: ContactRequest, actor: User, now: datetime) -> Approval:
    """Ask for an exception to the rules that stand against a contact now.

    Refuses when nothing stands against it, and when a rule that knows no exception does.
    """
    gathered = gather(request, now=now)
    verdict = decide(gathered.facts, gathered.packs).verdict
    if verdict != NEEDS_OVERRIDE:
        raise Refused("override_not_possible", verdict=verdict)
    account = Account.objects.get(pk=request.account_ids[0])
    point = ContactPoint.objects.get(pk=request.contact_point_id)
    return request_approval(
        kind=KIND, subject=point, terms=override_terms(request), account=account, actor=actor, now=now
    )


def take_override(*, approval_id: int, request: ContactRequest, now: datetime) -> Approval:
    """The approved exception for exactly this contact, locked; the decision that names it uses it up.

    Refuses one that is not approved, has expired, was used before, or was approved for another contact.
    """
    approval = Approval.objects.lock(approval_id)
    granted = approval.kind == KIND and approval.state == ApprovalState.EXECUTED and approval.expires_at > now
    if not granted or PolicyDecision.objects.filter(override=approval).exists():
        raise Refused("override_not_approved")
    if approval.terms != override_terms(request) or not approval.terms_unchanged():
        raise Refused("override_for_another_contact")
    return approval
