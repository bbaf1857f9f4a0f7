"""Upholding a dispute moves money, or takes the account away: asked for by one person, approved by another."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.foundation.approvals import Approval, ApprovalState
from accounts.foundation.errors import Refused
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import Dispute, DisputeState, EntryKind, Note
from accounts.services.accounts import move_account, today_of
from accounts.services.approval_kinds import ApprovalKind, Check, register, up_to_write_offs
from accounts.services.approvals import ask_again, request_approval
from accounts.services.disputes import enter_dispute, keep_clock, refuse_decider
from accounts.services.due import refresh_due
from accounts.services.ledger import post_entry, split_credit
from accounts.services.notes import note_of
from accounts.services.payments import close_if_nothing_owed

KIND = "dispute_upheld"


@retrying
def ask_to_uphold(*, dispute_id: int, credit: Decimal | None, reasons: str, actor: User, now: datetime) -> Approval:
    """Ask another manager to agree that the customer is right, in all or part of what they dispute, and why.

    `credit` is what is taken off the balance. Whose debt it isn't (not theirs, fraud) is credited nothing: the account
    goes back to the creditor. Refuses roles that don't decide, whom the dispute is about, one that isn't under review,
    no reasons, and more than is disputed or owed.
    """
    dispute = enter_dispute(dispute_id)
    refuse_decider(dispute, actor)
    if dispute.state != DisputeState.UNDER_REVIEW:
        raise Refused("dispute_not_under_review")
    amount = dispute.account.balance if dispute.denies_owing else _refuse_wrong_credit(dispute, credit)
    if not (note := note_of(dispute.account, reasons, actor, now)):
        raise Refused("dispute_reasons_needed")
    whole = dispute.denies_owing or amount == dispute.amount - dispute.credited
    terms = {
        "dispute": dispute.pk,
        "outcome": DisputeState.UPHELD if whole else DisputeState.PART_UPHELD,
        "credit": "0.00" if dispute.denies_owing else str(amount),
        "reasons": note.pk,
    }
    if returned := _returned(dispute, actor):
        return ask_again(approval_id=returned.pk, terms=terms, amount=amount, actor=actor, now=now)
    return request_approval(
        kind=KIND, subject=dispute, terms=terms, account=dispute.account, amount=amount, actor=actor, now=now
    )


def _returned(dispute: Dispute, actor: User) -> Approval | None:
    """What came back for correction is asked again as the same request."""
    mine = Approval.objects.filter(kind=KIND, subject_type="dispute", subject_id=dispute.pk, maker=actor)
    return mine.filter(state=ApprovalState.RETURNED).first()


def _refuse_wrong_credit(dispute: Dispute, credit: Decimal | None) -> Decimal:
    left = dispute.amount - dispute.credited
    if credit is None or not 0 < credit <= left:
        raise Refused("dispute_credit_wrong", amount=left, currency=dispute.currency)
    if credit > dispute.account.balance:
        raise Refused("dispute_balance_below", balance=dispute.account.balance, currency=dispute.currency)
    return credit


def uphold(approval: Approval, actor: User, now: datetime) -> None:
    """Credit what was agreed, or give the account back, and keep the decision. The maker of the request decided it."""
    dispute = enter_dispute(approval.subject_id)
    terms = approval.terms
    credit = Decimal(terms["credit"])
    refuse_decider(dispute, actor)
    if credit:
        _refuse_wrong_credit(dispute, credit)
    name = "uphold" if terms["outcome"] == DisputeState.UPHELD else "uphold_in_part"
    given = {"by": approval.maker, "at": now, "reasons": Note.objects.get(pk=terms["reasons"]), "credited": credit}
    move(dispute, name, actor=actor, at=now, given=given, codes={"credited": terms["credit"]})
    if credit:
        _credit(dispute, approval, credit, actor, now)
    elif dispute.account.is_open:
        move_account(dispute.account, "recall", actor=actor, now=now, reason=dispute.kind)
    keep_clock(dispute, actor, now)


def _credit(dispute: Dispute, approval: Approval, credit: Decimal, actor: User, now: datetime) -> None:
    account = dispute.account
    today = today_of(account, now)
    parts: dict[str, Any] = dict(split_credit(account, credit))
    post_entry(
        account=account,
        kind=EntryKind.ADJUSTMENT,
        effective_on=today,
        source="dispute",
        source_key=str(approval.pk),
        meets_due=True,
        actor=actor,
        now=now,
        **parts,
    )
    refresh_due(account_ids=[account.pk], on=today)
    close_if_nothing_owed(account.pk, actor, now)


def _checks(approval: Approval, _now: datetime) -> list[Check]:
    dispute = Dispute.objects.select_related("account").get(pk=approval.subject_id)
    under_review = None if dispute.state == DisputeState.UNDER_REVIEW else Refused("dispute_not_under_review")
    owed, credit = dispute.account.balance, Decimal(approval.terms["credit"])
    below = Refused("dispute_balance_below", balance=owed, currency=dispute.currency) if credit > owed else None
    return [
        Check("dispute_under_review", _("The dispute is under review"), under_review),
        Check("credit_is_owed", _("What is credited is owed"), below),
    ]


register(
    ApprovalKind(
        code=KIND,
        label=_("Dispute upheld"),
        executor=uphold,
        consequence=_(
            "The amount is taken off the balance; of a debt that isn't the customer's, the account goes back to the"
            " creditor. The customer is then sent the decision with its reasons."
        ),
        checker=_checks,
        authority=up_to_write_offs,
    )
)
