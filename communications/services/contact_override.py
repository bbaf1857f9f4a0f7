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
from accounts.services.notes import write_note
from communications.models import PolicyDecision
from communications.policy.decide import decide
from communications.policy.decision import NEEDS_OVERRIDE, Decision
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


def override_subject(request: ContactRequest) -> dict[str, Any]:
    """The contact that an exception is for: this party at this point, by this channel, about these accounts."""
    return {
        "accounts": sorted(request.account_ids),
        "party": request.party_id,
        "contact_point": request.contact_point_id,
        "channel": request.channel,
        "purpose": request.purpose,
    }


def is_for(approval: Approval, request: ContactRequest) -> bool:
    """True when the exception was asked for exactly this contact, whatever stood against it."""
    about = {name: value for name, value in approval.terms.items() if name not in ("rules", "why")}
    return about == override_subject(request)


def request_override(*, request: ContactRequest, why: str, actor: User, now: datetime) -> Approval:
    """Ask for an exception to the rules that stand against a contact now, saying why; that is kept as a note.

    Refuses when nothing stands against it, when a rule that knows no exception does, and without a reason.
    """
    gathered = gather(request, now=now)
    answer = decide(gathered.facts, gathered.packs)
    if answer.verdict != NEEDS_OVERRIDE:
        raise Refused("override_not_possible", verdict=answer.verdict)
    if not why.strip():
        raise Refused("override_needs_reason")
    account = Account.objects.get(pk=request.account_ids[0])
    note = write_note(account_id=account.pk, text=why, actor=actor, now=now)
    terms = {**override_subject(request), "rules": rules_to_override(answer), "why": note.pk}
    point = ContactPoint.objects.get(pk=request.contact_point_id)
    return request_approval(kind=KIND, subject=point, terms=terms, account=account, actor=actor, now=now)


def rules_to_override(answer: Decision) -> list[str]:
    """The rules that stand against a contact and know exceptions."""
    return sorted({reason.rule for reason in answer.reasons if reason.action == "override"})


def covering_override(*, approval_id: int, request: ContactRequest, answer: Decision, now: datetime) -> Approval | None:
    """The approved exception for exactly this contact, locked; the decision that names it uses it up.

    None when it does not cover every rule that stands against the contact now, or one of them knows no exception: then
    the answer stays what it is.
    Refuses one that is not approved, has expired, was used before, or was approved for another contact.
    """
    approval = Approval.objects.lock(approval_id)
    granted = approval.kind == KIND and approval.state == ApprovalState.EXECUTED and approval.expires_at > now
    if not granted or PolicyDecision.objects.filter(override=approval).exists():
        raise Refused("override_not_approved")
    if not is_for(approval, request) or not approval.terms_unchanged():
        raise Refused("override_for_another_contact")
    if answer.verdict != NEEDS_OVERRIDE or not set(rules_to_override(answer)) <= set(approval.terms["rules"]):
        return None
    return approval
