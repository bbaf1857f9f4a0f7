"""The steps of a dispute that was raised, from telling the customer that it came to the answer that they got."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from accounts.foundation.domain_events import DisputeAnswered, DisputeWithdrawn, publish
from accounts.foundation.errors import Refused
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import Role, User
from accounts.models import (
    DECIDED,
    DISPUTE_CLOCKS,
    AnswerWay,
    Attachment,
    Dispute,
    DisputeKind,
    DisputeState,
    EvidenceFrom,
)
from accounts.services.accounts import today_of
from accounts.services.attachments import OUR_LETTERS
from accounts.services.case_clocks import sent_between
from accounts.services.dispute_decisions import decide
from accounts.services.dispute_door import (
    enter_as_decider,
    enter_as_worker,
    hold_disputed,
    keep_clock,
    refuse_another_open,
    refuse_closed,
    refuse_while_asked,
    tell,
    who_withdraws,
)
from accounts.services.dispute_raising import Told, say
from accounts.services.holds import release_hold
from accounts.services.notes import note_of

# Late or nearly so, evidence may still be asked for until so many days from today.
EVIDENCE_AT_LEAST = timedelta(days=14)


@retrying
def acknowledge_dispute(
    *, dispute_id: int, actor: User, now: datetime, kind: str = "", amount: Decimal | None = None, said: str = ""
) -> Dispute:
    """Note that the customer was told that their dispute came. Refuses one of which nobody knows yet what it is about:
    `kind` says it, and `amount` with the customer's words that it is a part of what was owed."""
    dispute = enter_as_worker(dispute_id, actor)
    if dispute.kind == DisputeKind.UNSAID:
        say(dispute, Told(kind, said, amount), actor, now)
    move(dispute, "acknowledge", actor=actor, at=now)
    keep_clock(dispute, actor, now)
    return dispute


@retrying
def ask_evidence(*, dispute_id: int, of: str, by: date, actor: User, now: datetime) -> Dispute:
    """Ask the customer or the creditor for proof until a day; the other as well, or again when nothing came.

    The day is from today to the answer's, or within two weeks where that is near or over. Refuses while somebody is
    asked to agree.
    """
    dispute = enter_as_worker(dispute_id, actor)
    refuse_while_asked(dispute)
    if of not in EvidenceFrom.values:
        raise Refused("dispute_evidence_of_whom")
    today = today_of(dispute.account, now)
    last = max(dispute.answer_by, today + EVIDENCE_AT_LEAST)
    if not today <= by <= last:
        raise Refused("dispute_evidence_day", day=last)
    codes = {"by": by.isoformat()}
    move(dispute, "ask_evidence", actor=actor, at=now, reason=of, given={"of": of, "by": by}, codes=codes)
    keep_clock(dispute, actor, now)
    return dispute


@retrying
def review_dispute(*, dispute_id: int, actor: User, now: datetime) -> Dispute:
    """What there is to see is here, or doesn't come: it can be decided."""
    dispute = enter_as_worker(dispute_id, actor)
    move(dispute, "review", actor=actor, at=now)
    keep_clock(dispute, actor, now)
    return dispute


@retrying
def reject_dispute(*, dispute_id: int, reasons: str, actor: User, now: datetime) -> Dispute:
    """Say that the debt is owed as it stands, and why, in the customer's language: that is what they are sent.

    Refuses roles that don't decide, whom the dispute is about, a rejection without reasons, and one while somebody is
    asked to agree that the customer is right.
    """
    dispute = enter_as_decider(dispute_id, actor)
    if not (note := note_of(dispute.account, reasons, actor, now)):
        raise Refused("dispute_reasons_needed")
    decide(dispute, "reject", by=actor, reasons=note, now=now)
    keep_clock(dispute, actor, now)
    return dispute


@retrying
def record_answer(*, dispute_id: int, how: str, on: date, actor: User, now: datetime) -> Dispute:
    """Note on which day and how the customer was sent the decision with its reasons: that closes the dispute.

    Refuses one that isn't decided, and a day before the decision or to come. Twice changes nothing.
    """
    dispute = enter_as_worker(dispute_id, actor)
    if dispute.state == DisputeState.CLOSED:
        return dispute
    if dispute.state not in DECIDED or dispute.decided_at is None:
        raise Refused("dispute_not_decided")
    if how not in AnswerWay.values:
        raise Refused("dispute_answered_how")
    if not sent_between(dispute.decided_at, on, now, account=dispute.account):
        raise Refused("dispute_answered_when", day=on)
    for row in (dispute, dispute.decisions.get(round=dispute.reopened)):
        row.answered_on, row.answered_how = on, how
        row.save(update_fields=["answered_on", "answered_how"])
    _close(dispute, "dispute_answered", actor, now)
    publish(DisputeAnswered(ids=frozenset([dispute.pk]), at=now, actor_id=actor.pk))
    return dispute


@retrying
def withdraw_dispute(*, dispute_id: int, said: str, actor: User, now: datetime) -> Dispute:
    """The customer doesn't dispute it any more; what they `said` is kept. Twice changes nothing.

    Fraud, a debt that isn't theirs and what is about one of us a manager or compliance withdraws, never the person whom
    it is about. Refuses one without words, one that is decided, and one about which somebody is asked to agree.
    """
    dispute = enter_as_worker(dispute_id, actor)
    if dispute.state == DisputeState.CLOSED:
        return dispute
    if actor.role not in who_withdraws(dispute):
        raise Refused("dispute_not_yours_to_withdraw")
    refuse_while_asked(dispute)
    if not (note := note_of(dispute.account, said, actor, now)):
        raise Refused("dispute_withdrawn_in_words")
    decide(dispute, "withdraw", by=actor, reasons=note, now=now)
    _close(dispute, "dispute_withdrawn", actor, now)
    publish(DisputeWithdrawn(ids=frozenset([dispute.pk]), at=now, actor_id=actor.pk))
    return dispute


def _close(dispute: Dispute, reason: str, actor: User | None, now: datetime) -> None:
    move(dispute, "close", actor=actor, at=now, given={"at": now}, reason=reason)
    if dispute.hold_id:
        release_hold(hold_id=dispute.hold_id, reason=reason, actor=actor, now=now)
    tell(dispute, actor, now)


def new_evidence(dispute: Dispute) -> QuerySet[Attachment]:
    """The files kept with the account since the dispute was closed, our own letters aside."""
    if dispute.ended_at is None:
        return Attachment.objects.none()
    kept = Attachment.objects.filter(account=dispute.account, uploaded_at__gte=dispute.ended_at)
    return kept.exclude(kind__in=OUR_LETTERS).filter(erased_on=None).defer("content")


@retrying
def reopen_dispute(*, dispute_id: int, actor: User, now: datetime, evidence_id: int | None = None) -> Dispute:
    """Look at a closed dispute again: for new evidence, a file kept since it was closed; without one a manager may.

    What was decided stays in its round; the answer's clock begins again, and what is still disputed is held again.
    Refuses a dispute that was upheld, a closed account.
    """
    dispute = enter_as_worker(dispute_id, actor)
    refuse_while_asked(dispute)
    account = dispute.account
    refuse_closed(account)
    if actor.role != Role.MANAGER and not new_evidence(dispute).filter(pk=evidence_id).exists():
        raise Refused("dispute_nothing_new")
    refuse_another_open(account, dispute.kind)
    answer_by = today_of(account, now) + timedelta(days=DISPUTE_CLOCKS[account.portfolio.jurisdiction].answer_days)
    codes = {"evidence": evidence_id} if evidence_id else {}
    move(dispute, "reopen", actor=actor, at=now, given={"answer_by": answer_by}, codes=codes)
    hold_disputed(dispute, actor, now)
    tell(dispute, actor, now)
    return dispute
