"""Disputes from the customer's word to the answer that they got: each step, its clock, and its hold."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from accounts.foundation import days
from accounts.foundation.domain_events import AccountsChanged, DisputeAnswered, DisputeRaised, publish
from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import Role, User
from accounts.models import (
    DECIDED,
    DISPUTE_CLOCKS,
    OPEN_DISPUTE,
    Account,
    AnswerWay,
    Attachment,
    Dispute,
    DisputeKind,
    DisputeState,
    EvidenceFrom,
    HoldKind,
)
from accounts.services import dispute_words  # noqa: F401 - registers the refusals
from accounts.services.accounts import today_of
from accounts.services.case_clocks import keep_review, sent_between
from accounts.services.door import lock_account_with_people
from accounts.services.holds import place_hold, release_hold
from accounts.services.notes import note_of

WHO_DECIDES = frozenset({Role.MANAGER, Role.COMPLIANCE})


@retrying
def raise_dispute(
    *,
    account_id: int,
    party_id: int,
    kind: str,
    said: str,
    actor: User | None,
    now: datetime,
    amount: Decimal | None = None,
    received_on: date | None = None,
    in_writing: bool = False,
    about_agent_id: int | None = None,
) -> Dispute:
    """Keep what the customer disputes, and hold the disputed amount until it is answered. Clocks run from receipt.

    Without an `amount` all that is owed is disputed, and the whole account rests. What is said is kept as a note. A
    dispute of which nothing was said yet becomes the one that is told now. Refuses a day to come, an amount that isn't
    owed, a closed account, and a second open dispute of one kind.
    """
    account = lock_account_with_people(account_id)
    today = today_of(account, now)
    received_on = received_on or today
    amount = amount or account.balance
    _refuse_impossible(account, kind, amount, received_on, today)
    clock = DISPUTE_CLOCKS[account.portfolio.jurisdiction]
    dispute = Dispute.objects.create(
        account=account,
        party_id=party_id,
        kind=kind,
        amount=amount,
        original=account.balance,
        currency=account.currency,
        said=note_of(account, said, actor, now),
        in_writing=in_writing,
        received_on=received_on,
        acknowledge_by=days.add_business_days(received_on, clock.acknowledge_days, account.portfolio.country),
        answer_by=received_on + timedelta(days=clock.answer_days),
        about_agent_id=about_agent_id,
        raised_by=actor,
        raised_at=now,
    )
    record("dispute.raised", subject=dispute, actor=actor, at=now, reason=kind, codes={"amount": str(amount)})
    _hold(dispute, today, actor, now)
    _take_up_unsaid(dispute, actor, now)
    publish(DisputeRaised(ids=frozenset([dispute.pk]), at=now, actor_id=getattr(actor, "pk", None)))
    return dispute


def _refuse_impossible(account: Account, kind: str, amount: Decimal, received_on: date, today: date) -> None:
    if kind not in DisputeKind.values:
        raise Refused("dispute_kind_unknown")
    if not account.is_open:
        raise Refused("dispute_account_closed")
    if received_on > today:
        raise Refused("dispute_in_the_future", day=received_on)
    if not 0 < amount <= account.balance:
        raise Refused("dispute_more_than_owed", balance=account.balance, currency=account.currency)
    if account.disputes.filter(kind=kind, state__in=OPEN_DISPUTE).exists():
        raise Refused("dispute_open_already")


def _hold(dispute: Dispute, today: date, actor: User | None, now: datetime) -> None:
    dispute.hold = place_hold(
        kind=HoldKind.DISPUTE,
        account_id=dispute.account_id,
        party_id=dispute.party_id,
        amount=None if dispute.is_whole else dispute.amount,
        review_on=max(today, dispute.due_on),
        reason=dispute.kind,
        placed_for=dispute,
        actor=actor,
        now=now,
    )
    dispute.save(update_fields=["hold"])


def _take_up_unsaid(dispute: Dispute, actor: User | None, now: datetime) -> None:
    """What was noted in a call without saying what it is about goes on as this one."""
    others = dispute.account.disputes.filter(kind=DisputeKind.UNSAID, state=DisputeState.RAISED).exclude(pk=dispute.pk)
    for other in others.locked():
        _withdraw(other, "told_since", actor, now)


@retrying
def acknowledge_dispute(*, dispute_id: int, actor: User, now: datetime, kind: str = "") -> Dispute:
    """Note that the customer was told that their dispute came. Refuses one of which nobody knows yet what it is about:
    `kind` says it."""
    dispute = enter_dispute(dispute_id)
    if dispute.kind == DisputeKind.UNSAID:
        _say(dispute, kind)
    move(dispute, "acknowledge", actor=actor, at=now)
    keep_clock(dispute, actor, now)
    return dispute


def _say(dispute: Dispute, kind: str) -> None:
    if kind not in DisputeKind.values or kind == DisputeKind.UNSAID:
        raise Refused("dispute_kind_unknown")
    if dispute.account.disputes.filter(kind=kind, state__in=OPEN_DISPUTE).exists():
        raise Refused("dispute_open_already")
    dispute.kind = kind
    dispute.save(update_fields=["kind"])


@retrying
def ask_evidence(*, dispute_id: int, of: str, by: date, actor: User, now: datetime) -> Dispute:
    """Ask the customer or the creditor for proof until a day, which is no later than the answer is due."""
    dispute = enter_dispute(dispute_id)
    if of not in EvidenceFrom.values:
        raise Refused("dispute_evidence_of_whom")
    if not today_of(dispute.account, now) <= by <= dispute.answer_by:
        raise Refused("dispute_evidence_day", day=dispute.answer_by)
    move(dispute, "ask_evidence", actor=actor, at=now, reason=of, given={"of": of, "by": by})
    keep_clock(dispute, actor, now)
    return dispute


@retrying
def review_dispute(*, dispute_id: int, actor: User, now: datetime) -> Dispute:
    """What there is to see is here, or doesn't come: it can be decided."""
    dispute = enter_dispute(dispute_id)
    move(dispute, "review", actor=actor, at=now)
    keep_clock(dispute, actor, now)
    return dispute


@retrying
def reject_dispute(*, dispute_id: int, reasons: str, actor: User, now: datetime) -> Dispute:
    """Say that the debt is owed as it stands, and why, in the customer's language: that is what they are sent.

    Refuses roles that don't decide, whom the dispute is about, and a rejection without reasons.
    """
    dispute = enter_dispute(dispute_id)
    refuse_decider(dispute, actor)
    if not (note := note_of(dispute.account, reasons, actor, now)):
        raise Refused("dispute_reasons_needed")
    move(dispute, "reject", actor=actor, at=now, given={"by": actor, "at": now, "reasons": note})
    keep_clock(dispute, actor, now)
    return dispute


def refuse_decider(dispute: Dispute, actor: User) -> None:
    """Refuses whoever may not decide this dispute: other roles, and the person complained of."""
    if actor.role not in WHO_DECIDES:
        raise Refused("dispute_not_your_role")
    if actor.pk == dispute.about_agent_id:
        raise Refused("dispute_about_you")


@retrying
def record_answer(*, dispute_id: int, how: str, on: date, actor: User, now: datetime) -> Dispute:
    """Note on which day and how the customer was sent the decision with its reasons: that closes the dispute.

    Refuses one that isn't decided, and a day before the decision or to come. Twice changes nothing.
    """
    dispute = enter_dispute(dispute_id)
    if dispute.state == DisputeState.CLOSED:
        return dispute
    if dispute.state not in DECIDED or dispute.decided_at is None:
        raise Refused("dispute_not_decided")
    if how not in AnswerWay.values:
        raise Refused("dispute_answered_how")
    if not sent_between(dispute.decided_at, on, now, account=dispute.account):
        raise Refused("dispute_answered_when", day=on)
    dispute.answered_on, dispute.answered_how = on, how
    dispute.save(update_fields=["answered_on", "answered_how"])
    _close(dispute, "dispute_answered", actor, now)
    publish(DisputeAnswered(ids=frozenset([dispute.pk]), at=now, actor_id=actor.pk))
    return dispute


@retrying
def withdraw_dispute(*, dispute_id: int, actor: User, now: datetime) -> Dispute:
    """The customer doesn't dispute it any more. Twice changes nothing; refuses one that is decided."""
    dispute = enter_dispute(dispute_id)
    if dispute.state != DisputeState.CLOSED:
        _withdraw(dispute, "dispute_withdrawn", actor, now)
    return dispute


def _withdraw(dispute: Dispute, reason: str, actor: User | None, now: datetime) -> None:
    move(dispute, "withdraw", actor=actor, at=now, reason=reason)
    _close(dispute, reason, actor, now)


def _close(dispute: Dispute, reason: str, actor: User | None, now: datetime) -> None:
    move(dispute, "close", actor=actor, at=now, given={"at": now})
    if dispute.hold_id:
        release_hold(hold_id=dispute.hold_id, reason=reason, actor=actor, now=now)
    _tell(dispute, actor, now)


@retrying
def reopen_dispute(*, dispute_id: int, actor: User, now: datetime, evidence_id: int | None = None) -> Dispute:
    """Look at a closed dispute again: for new evidence, a file kept since it was closed; without one a manager may.

    The answer's clock begins again and the amount is held again. Refuses a dispute that was upheld, a closed account.
    """
    dispute = enter_dispute(dispute_id)
    account = dispute.account
    if not account.is_open:
        raise Refused("dispute_account_closed")
    kept = Attachment.objects.filter(pk=evidence_id, account=account, uploaded_at__gte=dispute.ended_at or now)
    if actor.role != Role.MANAGER and not kept.exists():
        raise Refused("dispute_nothing_new")
    if account.disputes.filter(kind=dispute.kind, state__in=OPEN_DISPUTE).exists():
        raise Refused("dispute_open_already")
    today = today_of(account, now)
    answer_by = today + timedelta(days=DISPUTE_CLOCKS[account.portfolio.jurisdiction].answer_days)
    codes = {"evidence": evidence_id} if evidence_id else {}
    move(dispute, "reopen", actor=actor, at=now, given={"answer_by": answer_by}, codes=codes)
    _hold(dispute, today, actor, now)
    _tell(dispute, actor, now)
    return dispute


def enter_dispute(dispute_id: int) -> Dispute:
    """The dispute, locked after its people and its account."""
    look = Dispute.objects.only("account_id").get(pk=dispute_id)
    account = lock_account_with_people(look.account_id)
    dispute = Dispute.objects.lock(dispute_id)
    dispute.account = account
    return dispute


def keep_clock(dispute: Dispute, actor: User | None, now: datetime) -> None:
    """The hold is looked at when the next thing is due; one that is late stays due."""
    keep_review(dispute.hold, dispute.due_on, account=dispute.account, reason="dispute_clock", actor=actor, now=now)


def _tell(dispute: Dispute, actor: User | None, now: datetime) -> None:
    publish(AccountsChanged(ids=frozenset([dispute.account_id]), at=now, actor_id=getattr(actor, "pk", None)))
