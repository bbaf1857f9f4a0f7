"""Every kind of escalation, by code, and its registration as something that can be approved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.foundation.approvals import Approval
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import Account
from accounts.services.accounts import today_of
from accounts.services.approval_kinds import ApprovalKind, Check, register
from arrangements.models import Escalation
from arrangements.services.escalation_kinds.case_kind import CaseKind, Proposal
from arrangements.services.escalation_kinds.fraud import FRAUD
from arrangements.services.escalation_kinds.legal import LEGAL
from arrangements.services.escalation_kinds.offer import OFFER
from arrangements.services.escalation_kinds.promise import PROMISE
from arrangements.services.escalation_kinds.settlement import SETTLEMENT
from arrangements.services.escalation_kinds.ucc import UCC
from arrangements.services.escalation_kinds.write_off import WRITE_OFF

KINDS = (SETTLEMENT, WRITE_OFF, LEGAL, UCC, FRAUD, PROMISE, OFFER)
CASE_KINDS: dict[str, CaseKind] = {kind.code: kind for kind in KINDS}


def approval_code(kind: str) -> str:
    return f"escalation.{kind}"


def _case(approval: Approval) -> tuple[CaseKind, Escalation, Account]:
    escalation = Escalation.objects.get(pk=approval.subject_id)
    return CASE_KINDS[escalation.kind], escalation, escalation.account


def terms_now(approval: Approval) -> dict[str, Any]:
    kind, escalation, account = _case(approval)
    return kind.terms(escalation, account)


def checks_now(approval: Approval, now: datetime) -> list[Check]:
    kind, escalation, account = _case(approval)
    return kind.checks(Proposal.of(escalation, account, today_of(account, now)))


def carry_out(approval: Approval, actor: User, now: datetime) -> None:
    """Do what the kind does. The approval's door has locked people, account and approval."""
    escalation = Escalation.objects.lock(approval.subject_id)
    account = Account.objects.lock(escalation.account_id)
    move(escalation, "approve", actor=actor, at=now)
    CASE_KINDS[escalation.kind].carry_out(escalation, account, actor, now)


def register_approvals() -> None:
    """Called once, when the product starts."""
    for kind in CASE_KINDS.values():
        register(
            ApprovalKind(
                code=approval_code(kind.code),
                label=kind.label,
                executor=carry_out,
                checker=checks_now,
                terms_now=terms_now,
                authority=kind.authority,
                consequence=kind.consequence,
            )
        )
