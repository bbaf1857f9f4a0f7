"""Upholding a dispute moves money, or takes the account away: asked for by one person, approved by another."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.foundation.approvals import Approval, ApprovalState
from accounts.foundation.domain_events import DisputeCredited, publish
from accounts.foundation.errors import Refused
from accounts.foundation.locks import retrying
from accounts.foundation.money import ZERO
from accounts.foundation.users import User
from accounts.models import Account, Dispute, DisputeState, EntryKind, Note
from accounts.selectors.payments import let_go, paid_in_all
from accounts.services.accounts import move_account, today_of
from accounts.services.approval_kinds import ApprovalKind, Check, register, up_to_write_offs
from accounts.services.approvals import ask_again, request_approval
from accounts.services.dispute_decisions import decide
from accounts.services.dispute_door import (
    UPHOLDING,
    enter_as_decider,
    enter_dispute,
    keep_clock,
    refuse_decider,
    requests_about,
)
from accounts.services.due import refresh_due
from accounts.services.ledger import post_entry, split_credit
from accounts.services.notes import note_of
from accounts.services.payments import close_if_nothing_owed

KIND = UPHOLDING


@retrying
def ask_to_uphold(*, dispute_id: int, credit: Decimal | None, reasons: str, actor: User, now: datetime) -> Approval:
    """Ask another manager to agree that the customer is right, in all or part of what they dispute, and why.

    `credit` is what is taken off the balance, `most_credit` at most: below zero it stands to be paid back. Who owes
    nothing of it (not theirs, fraud, of the whole debt) is credited nothing: the account goes back to the creditor.
    Refuses roles that don't decide, whom the dispute is about, one that isn't under review or is asked about already,
    no reasons, and another credit than can be given.
    """
    dispute = enter_as_decider(dispute_id, actor)
    if dispute.state != DisputeState.UNDER_REVIEW:
        raise Refused("dispute_not_under_review")
    amount = max(dispute.account.balance, ZERO) if dispute.denies_owing else _refuse_wrong_credit(dispute, credit)
    if not (note := note_of(dispute.account, reasons, actor, now)):
        raise Refused("dispute_reasons_needed")
    whole = dispute.denies_owing or amount == most_credit(dispute)
    terms = {
        "dispute": dispute.pk,
        "round": dispute.reopened,
        "outcome": DisputeState.UPHELD if whole else DisputeState.PART_UPHELD,
        "credit": "0.00" if dispute.denies_owing else str(amount),
        "reasons": note.pk,
    }
    if returned := requests_about(dispute).filter(maker=actor, state=ApprovalState.RETURNED).first():
        return ask_again(approval_id=returned.pk, terms=terms, amount=amount, actor=actor, now=now)
    return request_approval(
        kind=KIND, subject=dispute, terms=terms, account=dispute.account, amount=amount, actor=actor, now=now
    )


def most_credit(dispute: Dispute) -> Decimal:
    """The most that may be taken off now: what is still disputed, as far as it is owed or was paid. What was written
    off or let go in a settlement neither is."""
    account = dispute.account
    there_is = account.balance + paid_in_all(account)
    return max(ZERO, min(dispute.still_disputed - let_go(account), there_is))


def _refuse_wrong_credit(dispute: Dispute, credit: Decimal | None) -> Decimal:
    """Nothing is credited only where nothing can be: the customer may be right for all that."""
    most = most_credit(dispute)
    if credit is None or not 0 <= credit <= most or (credit == 0 and most > 0):
        raise Refused("dispute_credit_wrong", amount=most, currency=dispute.currency)
    return credit


def uphold(approval: Approval, actor: User, now: datetime) -> None:
    """Credit what was agreed, or give the account back, and keep the decision: `actor` agreed to what its maker asked.

    Looks at all of it again under the lock, whatever the checks said.
    """
    dispute = enter_dispute(approval.subject_id)
    terms = approval.terms
    credit = Decimal(terms["credit"])
    refuse_decider(dispute, actor)
    if not dispute.denies_owing:
        _refuse_wrong_credit(dispute, credit)
    before = dispute.account.balance
    if credit:
        _credit(dispute.account, approval, credit, actor, now)
    elif dispute.denies_owing and dispute.account.is_open:
        move_account(dispute.account, "recall", actor=actor, now=now, reason=dispute.kind)
    decide(
        dispute,
        "uphold" if terms["outcome"] == DisputeState.UPHELD else "uphold_in_part",
        by=actor,
        reasons=Note.objects.get(pk=terms["reasons"]),
        credited=credit,
        to_pay_back=max(ZERO, -dispute.account.balance) - max(ZERO, -before),
        approval=approval,
        now=now,
    )
    if credit:
        publish(DisputeCredited(ids=frozenset([dispute.pk]), at=now, actor_id=actor.pk))
    close_if_nothing_owed(dispute.account_id, actor, now)
    keep_clock(dispute, actor, now)


def _credit(account: Account, approval: Approval, credit: Decimal, actor: User, now: datetime) -> None:
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


def _checks(approval: Approval, _now: datetime) -> list[Check]:
    dispute = Dispute.objects.select_related("account").get(pk=approval.subject_id)
    under_review = None if dispute.state == DisputeState.UNDER_REVIEW else Refused("dispute_not_under_review")
    return [
        Check("dispute_under_review", _("The dispute is under review"), under_review),
        Check("credit_is_owed", _("What is credited is disputed, and was owed or paid"), _wrong(dispute, approval)),
    ]


def _wrong(dispute: Dispute, approval: Approval) -> Refused | None:
    try:
        if not dispute.denies_owing:
            _refuse_wrong_credit(dispute, Decimal(approval.terms["credit"]))
    except Refused as refusal:
        return refusal
    return None


def _terms_now(approval: Approval) -> dict[str, Any]:
    """A request is about one round of a dispute: reopened, it is another question."""
    rounds = Dispute.objects.values_list("reopened", flat=True)
    return {**approval.terms, "round": rounds.get(pk=approval.subject_id)}


register(
    ApprovalKind(
        code=KIND,
        label=_("Dispute upheld"),
        executor=uphold,
        consequence=_(
            "The amount is taken off the balance, and what was paid of it already is to be paid back. Of a debt that"
            " isn't the customer's, the account goes back to the creditor. The customer is then sent the decision with"
            " its reasons."
        ),
        checker=_checks,
        terms_now=_terms_now,
        authority=up_to_write_offs,
    )
)
