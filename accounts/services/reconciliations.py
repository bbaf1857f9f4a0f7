"""Reconciliations from the merchant's request to what they were sent: each step, its clock, and its hold."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from accounts.foundation import days
from accounts.foundation.approvals import Approval
from accounts.foundation.domain_events import AccountsClosed, ReconciliationAsked, ReconciliationEnded, publish
from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import Role, User
from accounts.models import (
    UNDECIDED_RECONCILIATION,
    Account,
    AnswerWay,
    HoldKind,
    Reconciliation,
    ReconciliationState,
)
from accounts.services import advance_words  # noqa: F401 - registers the refusals
from accounts.services.accounts import today_of
from accounts.services.advances import present_terms
from accounts.services.approval_ends import WAITING
from accounts.services.approvals import void
from accounts.services.case_clocks import keep_review, tell_changed
from accounts.services.disputes import note_of
from accounts.services.door import lock_account_with_people
from accounts.services.holds import place_hold, release_hold

WHO_REFUSES = frozenset({Role.MANAGER, Role.COMPLIANCE})
S = ReconciliationState


@retrying
def ask_reconciliation(
    *,
    account_id: int,
    party_id: int,
    said: str,
    actor: User | None,
    now: datetime,
    asked_on: date | None = None,
    in_writing: bool = False,
) -> Reconciliation:
    """Keep that the merchant asks to be reconciled. Nothing is enforced and no default declared until it is answered.

    Statements are wanted by a day of the portfolio's. Refuses other products, an account without terms, a closed one, a
    day to come, and a second request while one is open.
    """
    account = lock_account_with_people(account_id)
    today = today_of(account, now)
    asked_on = asked_on or today
    terms = present_terms(account)
    if not account.portfolio.product.is_advance:
        raise Refused("advance_only")
    if not account.is_open:
        raise Refused("advance_account_closed")
    if terms is None:
        raise Refused("advance_has_no_terms")
    if asked_on > today:
        raise Refused("reconciliation_day_to_come", day=asked_on)
    if account.reconciliations.filter(ended_at=None).exists():
        raise Refused("reconciliation_open_already")
    case = Reconciliation.objects.create(
        account=account,
        party_id=party_id,
        currency=account.currency,
        asked_on=asked_on,
        in_writing=in_writing,
        said=note_of(account, said, actor, now),
        statements_by=asked_on + timedelta(days=account.portfolio.statement_days),
        before=terms,
        asked_by=actor,
        asked_at=now,
    )
    record("reconciliation.asked", subject=case, actor=actor, at=now)
    _hold(case, today, actor, now)
    publish(ReconciliationAsked(ids=frozenset([case.pk]), at=now, actor_id=getattr(actor, "pk", None)))
    return case


def _hold(case: Reconciliation, today: date, actor: User | None, now: datetime) -> None:
    case.hold = place_hold(
        kind=HoldKind.RECONCILIATION,
        account_id=case.account_id,
        party_id=case.party_id,
        review_on=max(today, case.due_on),
        reason="reconciliation_asked",
        placed_for=case,
        actor=actor,
        now=now,
    )
    case.save(update_fields=["hold"])


@retrying
def refuse_reconciliation(*, reconciliation_id: int, reasons: str, actor: User, now: datetime) -> Reconciliation:
    """Refuse with reasons in the merchant's language; it stays open until they were sent.

    Refuses agents, no reasons, and a refusal for want of statements before the merchant's days are over, unless a
    default was declared before.
    """
    case = enter_reconciliation(reconciliation_id)
    if actor.role not in WHO_REFUSES:
        raise Refused("reconciliation_not_your_role")
    if case.waits_for_statements(today_of(case.account, now)):
        raise Refused("reconciliation_before_time", day=case.statements_by)
    if not (note := note_of(case.account, reasons, actor, now)):
        raise Refused("reconciliation_reasons_needed")
    void_request(case, actor, now)
    given = {"reasons": note, "by": actor, "at": now, "answer_by": answer_day(case.account, now)}
    move(case, "refuse", actor=actor, at=now, given=given)
    keep_review(case.hold, case.due_on, account=case.account, reason="reconciliation_clock", actor=actor, now=now)
    return case


def answer_day(account: Account, now: datetime) -> date:
    """The day by which the merchant is told what was decided today."""
    portfolio = account.portfolio
    today = today_of(account, now)
    return days.add_business_days(
        today, portfolio.reconciliation_days, portfolio.country, portfolio.holiday_subdivision
    )


@retrying
def record_told(*, reconciliation_id: int, how: str, on: date, actor: User, now: datetime) -> Reconciliation:
    """Note on which day and how the merchant was sent the figures, or why it was refused, which ends it.

    Refuses one that isn't decided, and a day before the decision or to come. Twice changes nothing.
    """
    case = enter_reconciliation(reconciliation_id)
    if case.answered_on is not None:
        return case
    if not case.waits_to_be_told or case.decided_at is None:
        raise Refused("reconciliation_nothing_to_tell")
    if how not in AnswerWay.values:
        raise Refused("reconciliation_answered_how")
    zone = case.account.portfolio.zone
    if not days.civil_day(case.decided_at, zone) <= on <= days.civil_day(now, zone):
        raise Refused("reconciliation_answered_when", day=on)
    case.answered_on, case.answered_how = on, how
    case.save(update_fields=["answered_on", "answered_how"])
    record("reconciliation.told", subject=case, actor=actor, at=now, reason=how, codes={"on": on.isoformat()})
    if case.is_open:
        case.ended_at = now
        case.save(update_fields=["ended_at"])
        end_hold(case, "reconciliation_refused", actor, now)
    else:
        tell_changed(case.account, actor, now)
    return case


@retrying
def withdraw_reconciliation(*, reconciliation_id: int, actor: User, now: datetime) -> Reconciliation:
    """The merchant doesn't want it any more. Twice changes nothing; refuses one that is decided."""
    case = enter_reconciliation(reconciliation_id)
    if case.state != S.WITHDRAWN:
        void_request(case, actor, now)
        move(case, "withdraw", actor=actor, at=now, given={"at": now})
        end_hold(case, "reconciliation_withdrawn", actor, now)
    return case


def withdraw_of_closed_accounts(event: AccountsClosed) -> None:
    """On an account that is closed nothing is remitted any more. What was refused still waits to be told why."""
    actor = User.objects.filter(pk=event.actor_id).first()
    open_ones = Reconciliation.objects.filter(account__in=event.ids, state__in=UNDECIDED_RECONCILIATION)
    for pk in open_ones.order_by("pk").values_list("pk", flat=True):
        case = enter_reconciliation(pk)
        void_request(case, actor, event.at)
        move(case, "withdraw", actor=actor, at=event.at, reason="account_closed", given={"at": event.at})
        end_hold(case, "account_closed", actor, event.at)


def void_request(case: Reconciliation, actor: User | None, now: datetime) -> None:
    """What a manager was asked to agree to is no longer what there is: the request goes with it."""
    asked = Approval.objects.filter(subject_type="reconciliation", subject_id=case.pk, state__in=WAITING)
    for approval in asked.order_by("pk").select_for_update(no_key=True, of=("self",)):
        void(approval, "terms_changed", actor=actor, now=now)


def end_hold(case: Reconciliation, reason: str, actor: User | None, now: datetime) -> None:
    """The case has ended: the estimate is asked for again, and the floors above hear it."""
    if case.hold_id:
        release_hold(hold_id=case.hold_id, reason=reason, actor=actor, now=now)
    publish(ReconciliationEnded(ids=frozenset([case.pk]), at=now, actor_id=getattr(actor, "pk", None)))
    tell_changed(case.account, actor, now)


def enter_reconciliation(reconciliation_id: int) -> Reconciliation:
    """The case, locked after its people and its account."""
    look = Reconciliation.objects.only("account_id").get(pk=reconciliation_id)
    account = lock_account_with_people(look.account_id)
    case = Reconciliation.objects.lock(reconciliation_id)
    case.account = account
    return case
