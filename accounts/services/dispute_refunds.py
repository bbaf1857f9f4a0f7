"""What a customer had paid of a disputed amount that was taken off: finance pays it back and says when."""

from __future__ import annotations

from datetime import date, datetime

from accounts.foundation.days import civil_day
from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.users import Role, User
from accounts.models import Dispute, DisputeDecision, EntryKind
from accounts.services.accounts import today_of
from accounts.services.dispute_door import enter_dispute, tell
from accounts.services.due import refresh_due
from accounts.services.ledger import post_entry


@retrying
def record_refund(*, dispute_id: int, on: date, actor: User, now: datetime) -> Dispute:
    """Note that what stood in the customer's favour was paid back on a day: one entry brings the balance up to nothing.

    Twice changes nothing. Refuses other roles than finance, a day before the decision or to come, and an account on
    which nothing stands in the customer's favour any more.
    """
    dispute = enter_dispute(dispute_id)
    if actor.role != Role.FINANCE:
        raise Refused("dispute_refund_not_yours")
    decision = dispute.decisions.filter(to_pay_back__gt=0).locked().last()
    if decision is None:
        raise Refused("dispute_nothing_to_pay_back")
    if decision.refund_id is None:
        _refuse_wrong_day(dispute, decision, on, now)
        _pay_back(dispute, decision, on, actor, now)
    return dispute


def _refuse_wrong_day(dispute: Dispute, decision: DisputeDecision, on: date, now: datetime) -> None:
    decided_on = civil_day(decision.decided_at, dispute.account.portfolio.zone)
    if not decided_on <= on <= today_of(dispute.account, now):
        raise Refused("dispute_refund_when", day=decided_on)


def _pay_back(dispute: Dispute, decision: DisputeDecision, on: date, actor: User, now: datetime) -> None:
    account = dispute.account
    amount = min(decision.to_pay_back, -account.balance)
    if amount <= 0:
        raise Refused("dispute_nothing_to_pay_back")
    decision.refund = post_entry(
        account=account,
        kind=EntryKind.ADJUSTMENT,
        effective_on=on,
        source="dispute_refund",
        source_key=str(decision.pk),
        principal=amount,
        meets_due=True,
        actor=actor,
        now=now,
    )
    decision.save(update_fields=["refund"])
    record("dispute.refund", subject=dispute, actor=actor, at=now, codes={"amount": str(amount), "on": on.isoformat()})
    refresh_due(account_ids=[account.pk], on=today_of(account, now))
    tell(dispute, actor, now)
