"""Escalations: what is beyond an agent goes to somebody else, with evidence and checks, and comes back decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.foundation.approvals import Approval, ApprovalState
from accounts.foundation.domain_events import ApprovalDecided
from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.money import rounded
from accounts.foundation.states import move
from accounts.foundation.users import Role, User
from accounts.models import Account, Attachment, NextKind, Note
from accounts.services import approvals
from accounts.services.accounts import today_of
from accounts.services.approval_kinds import Check
from accounts.services.door import lock_account_with_people
from accounts.services.next_step import set_next
from arrangements.models import OPEN_ESCALATION, Arrangement, Escalation, EscalationState
from arrangements.services.escalation_kinds.case_kind import CaseKind, Proposal
from arrangements.services.escalation_kinds.catalogue import CASE_KINDS, approval_code
from arrangements.services.escalation_kinds.fraud import review_the_hold
from arrangements.services.steps import give_back_step, give_step, step_before

WHO_RAISES = {Role.AGENT, Role.MANAGER}


@retrying
def raise_escalation(
    *,
    account_id: int,
    kind: str,
    reason: str,
    note: str,
    actor: User,
    now: datetime,
    amount: Decimal | None = None,
    pay_by: date | None = None,
    evidence: Iterable[int] = (),
    party_id: int | None = None,
    contact_id: int | None = None,
    offer: Arrangement | None = None,
) -> Escalation:
    """Ask somebody else to decide a case. The account stays as it is, with the decision as its next step.

    A write-off is always of the whole balance. Of a promise, `party_id` said it in `contact_id`; `offer` is a draft
    that waits for the decision. `evidence` are ids of files kept with the account. Refuses roles that don't raise
    cases, a second open case of the kind, an unknown reason, an empty note, and the first check that doesn't hold, by
    name.
    """
    account = lock_account_with_people(account_id)
    _refuse_impossible(account, kind, reason, note, actor)
    files = _files_of(account, evidence)
    amount = _amount_of(kind, account, amount)
    proposal = Proposal(account, today_of(account, now), amount, pay_by, tuple(files), party_id, contact_id, offer)
    failed = _refuse_failed(CASE_KINDS[kind].checks(proposal))
    escalation = Escalation.objects.create(
        account=account,
        kind=kind,
        raised_by=actor,
        raised_at=now,
        amount=amount,
        pay_by=pay_by,
        party_id=party_id,
        contact_id=contact_id,
        arrangement=offer,
        reason_code=reason,
        note=Note.objects.create(account=account, text=note.strip(), author=actor, written_at=now),
        checks=[check.as_codes() for check in failed],
    )
    escalation.evidence.set(files)
    record("escalation.raise", subject=escalation, actor=actor, at=now, reason=reason, codes={"kind": kind})
    _submit(escalation, account, actor, now)
    CASE_KINDS[kind].at_raise(escalation, account, actor, now)
    return escalation


def _refuse_impossible(account: Account, kind: str, reason: str, note: str, actor: User) -> None:
    if actor.role not in WHO_RAISES:
        raise Refused("escalation_not_your_role")
    if account.escalations.filter(kind=kind, state__in=OPEN_ESCALATION).exists():
        raise Refused("escalation_already_open")
    _refuse_incomplete(CASE_KINDS[kind], reason, note)


def _refuse_incomplete(kind: CaseKind, reason: str, note: str) -> None:
    if reason not in kind.reasons.values:
        raise Refused("escalation_reason_unknown")
    if not note.strip():
        raise Refused("escalation_note_needed")


def _amount_of(kind: str, account: Account, amount: Decimal | None) -> Decimal | None:
    """In whole minor units, as it is kept: what is checked, digested and read again is one and the same figure."""
    if kind == "write_off":
        return account.balance
    return None if amount is None else rounded(amount, account.currency)


def _files_of(account: Account, ids: Iterable[int]) -> list[int]:
    """Only files of this very account count as evidence on it."""
    wanted = set(ids)
    found = list(Attachment.objects.filter(account=account, pk__in=wanted).order_by("pk").values_list("pk", flat=True))
    if len(found) != len(wanted):
        raise Refused("escalation_file_of_another")
    return found


def _refuse_failed(checks: list[Check]) -> list[Check]:
    for check in checks:
        if check.refusal is not None:
            raise check.refusal
    return checks


def _submit(escalation: Escalation, account: Account, actor: User, now: datetime) -> None:
    approval = approvals.request_approval(
        kind=approval_code(escalation.kind),
        subject=escalation,
        terms=CASE_KINDS[escalation.kind].terms(escalation, account),
        account=account,
        amount=escalation.amount,
        actor=actor,
        now=now,
    )
    move(escalation, "review", actor=actor, at=now, given={"approval": approval})
    _await_decision(account, approval, actor, now)


def _await_decision(account: Account, approval: Approval, actor: User, now: datetime) -> None:
    on = today_of(account, approval.expires_at)
    set_next(
        account=account,
        kind=NextKind.AWAIT_APPROVAL,
        on=on,
        subject=approval,
        reason="escalated",
        actor=actor,
        now=now,
    )


@retrying
def correct_escalation(
    *,
    escalation_id: int,
    reason: str,
    note: str,
    actor: User,
    now: datetime,
    amount: Decimal | None = None,
    pay_by: date | None = None,
    evidence: Iterable[int] = (),
    offer: Arrangement | None = None,
) -> Escalation:
    """Ask again for a case that came back, with its terms corrected. Only who raised it may; checks run anew."""
    escalation, account = _enter(escalation_id)
    if escalation.raised_by_id != actor.pk:
        raise Refused("approval_not_the_maker")
    if escalation.state != EscalationState.RETURNED:
        raise Refused("escalation_not_returned", state=escalation.get_state_display())
    kind = CASE_KINDS[escalation.kind]
    _refuse_incomplete(kind, reason, note)
    files = _files_of(account, evidence)
    escalation.amount = _amount_of(escalation.kind, account, amount)
    escalation.pay_by, escalation.reason_code = pay_by, reason
    escalation.arrangement = offer or escalation.arrangement
    said = (escalation.party_id, escalation.contact_id)
    proposal = Proposal(
        account, today_of(account, now), escalation.amount, pay_by, tuple(files), *said, escalation.arrangement
    )
    escalation.checks = [check.as_codes() for check in _refuse_failed(kind.checks(proposal))]
    escalation.note = Note.objects.create(account=account, text=note.strip(), author=actor, written_at=now)
    escalation.save(update_fields=["amount", "pay_by", "reason_code", "checks", "note", "arrangement"])
    escalation.evidence.set(files)
    _submit_again(escalation, account, actor, now)
    return escalation


def _submit_again(escalation: Escalation, account: Account, actor: User, now: datetime) -> None:
    """A returned request is asked again; one that was voided is gone, and a new one takes its place."""
    approval = escalation.approval
    if approval is None or approval.state != ApprovalState.RETURNED:
        _submit(escalation, account, actor, now)
        return
    terms = CASE_KINDS[escalation.kind].terms(escalation, account)
    asked = {"terms": terms, "amount": escalation.amount, "actor": actor, "now": now}
    approval = approvals.ask_again(approval_id=approval.pk, **asked)
    move(escalation, "review", actor=actor, at=now, given={"approval": approval})
    _await_decision(account, approval, actor, now)


@retrying
def answer_referral(*, escalation_id: int, confirmed: bool, note: str, actor: User, now: datetime) -> Escalation:
    """Answer a fraud referral, as compliance: confirmed keeps the hold for its reviews, cleared lifts it.

    Refuses other roles than compliance, a referral that isn't waiting, and an answer without a sentence.
    """
    escalation, account = _enter(escalation_id)
    if actor.role != Role.COMPLIANCE:
        raise Refused("referral_not_your_role")
    if escalation.kind != "fraud" or escalation.state != EscalationState.IN_PROGRESS:
        raise Refused("referral_not_waiting")
    if not note.strip():
        raise Refused("escalation_note_needed")
    escalation.answer_note = Note.objects.create(account=account, text=note.strip(), author=actor, written_at=now)
    escalation.save(update_fields=["answer_note"])
    answer = "fraud_confirmed" if confirmed else "fraud_cleared"
    move(escalation, "resolve", actor=actor, at=now, reason=answer, given={"at": now})
    if confirmed:
        review_the_hold(escalation, account, actor, now)
    else:
        CASE_KINDS["fraud"].when_refused(escalation, account, actor, now)
    return escalation


def follow_decisions(event: ApprovalDecided) -> None:
    """A case moves with the approval that it owns. What was carried out has moved it already."""
    decided = Approval.objects.filter(pk__in=event.ids, subject_type="escalation").order_by("account_id", "pk")
    for approval in decided:
        if outcome := OUTCOMES.get(approval.state):
            escalation, account = _enter(approval.subject_id)
            outcome(escalation, account, approval, event)


def _refused(escalation: Escalation, account: Account, approval: Approval, event: ApprovalDecided) -> None:
    """Declined or withdrawn: the account is as it was, its step too."""
    name = "decline" if approval.state == ApprovalState.DECLINED else "withdraw"
    _keep_answer(escalation, approval)
    move(escalation, name, actor=_actor(event), at=event.at, given={"at": event.at})
    CASE_KINDS[escalation.kind].when_refused(escalation, account, _actor(event), event.at)
    _restore(escalation, Account.objects.lock(account.pk), event)


def _expired(escalation: Escalation, account: Account, approval: Approval, event: ApprovalDecided) -> None:
    move(escalation, "expire", actor=None, at=event.at, given={"at": event.at})
    CASE_KINDS[escalation.kind].when_undone(escalation, account, None, event.at)
    _restore(escalation, account, event)


def _came_back(escalation: Escalation, account: Account, approval: Approval, event: ApprovalDecided) -> None:
    """Returned or set aside: whoever raised it is to correct it today. A closed account has nothing to correct."""
    CASE_KINDS[escalation.kind].when_undone(escalation, account, _actor(event), event.at)
    if not account.is_open:
        move(escalation, "withdraw", actor=_actor(event), at=event.at, given={"at": event.at})
        return
    _keep_answer(escalation, approval)
    move(escalation, "send_back", actor=_actor(event), at=event.at)
    give_step(
        account=account,
        kind=NextKind.ACT,
        on=today_of(account, event.at),
        owner=escalation.raised_by,
        subject=escalation,
        reason="escalation_returned",
        actor=_actor(event),
        now=event.at,
    )


OUTCOMES = {
    ApprovalState.DECLINED: _refused,
    ApprovalState.WITHDRAWN: _refused,
    ApprovalState.EXPIRED: _expired,
    ApprovalState.RETURNED: _came_back,
    ApprovalState.VOIDED: _came_back,
}


def _restore(escalation: Escalation, account: Account, event: ApprovalDecided) -> None:
    """Give back the step that stood before the case, unless something newer took its place."""
    mine = Approval.objects.filter(subject_type="escalation", subject_id=escalation.pk).values("pk")
    about = Q(subject_type="approval", subject_id__in=mine) | Q(subject_type="escalation", subject_id=escalation.pk)
    stands = account.follow_ups.filter(about, ended_at__isnull=True).exists()
    if account.is_open and stands:
        step = step_before(account, about)
        give_back_step(account=account, step=step, reason="escalation_ended", actor=_actor(event), now=event.at)


def _keep_answer(escalation: Escalation, approval: Approval) -> None:
    if approval.answer_id:
        escalation.answer_note_id = approval.answer_id
        escalation.save(update_fields=["answer_note"])


def _enter(escalation_id: int) -> tuple[Escalation, Account]:
    account_id = Escalation.objects.values_list("account_id", flat=True).get(pk=escalation_id)
    account = lock_account_with_people(account_id)
    return Escalation.objects.lock(escalation_id), account


def _actor(event: ApprovalDecided) -> User | None:
    return User.objects.filter(pk=event.actor_id).first() if event.actor_id else None


register_sentences(
    {
        "escalation_not_your_role": _("Agents and managers escalate accounts."),
        "escalation_already_open": _("A case of this kind is already open on the account."),
        "escalation_reason_unknown": _("Choose a reason."),
        "escalation_note_needed": _("Write a sentence that explains it."),
        "escalation_file_of_another": _("That file doesn't belong to this account."),
        "escalation_not_returned": _("Only a returned case can be corrected; this one is {state}."),
        "referral_not_your_role": _("Compliance answers fraud referrals."),
        "referral_not_waiting": _("This referral isn't waiting for an answer."),
    }
)
