"""A dispute begins: told at once, or left unsaid in a call and told later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from accounts.foundation import days
from accounts.foundation.domain_events import DisputeRaised, publish
from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.users import User
from accounts.models import DISPUTE_CLOCKS, Account, Dispute, DisputeKind, DisputeState
from accounts.services.accounts import today_of
from accounts.services.dispute_door import hold_disputed, keep_clock, refuse_another_open, refuse_closed
from accounts.services.door import lock_account_with_people
from accounts.services.holds import release_hold
from accounts.services.notes import note_of

SAID_LATER = [
    *("kind", "amount", "said", "in_writing", "about_agent"),
    *("received_on", "acknowledge_by", "answer_by"),
]


@dataclass(frozen=True)
class Told:
    """What the customer says about a debt. Without an `amount` they dispute all that is owed."""

    kind: str
    said: str = ""
    amount: Decimal | None = None
    received_on: date | None = None
    in_writing: bool = False
    about_agent_id: int | None = None


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

    Without an `amount` all that is owed is disputed, and the whole account rests. What is said is kept as a note. What
    the same person left unsaid in a call is said now: that dispute goes on, with its own day and clock. Refuses a day
    to come or before the account was placed, an amount that isn't owed, a closed account, and a second open dispute of
    one kind.
    """
    account = lock_account_with_people(account_id)
    today = today_of(account, now)
    told = Told(kind, said, amount, received_on or today, in_writing, about_agent_id)
    _refuse_impossible(account, told, today)
    unsaid = account.disputes.filter(kind=DisputeKind.UNSAID, state=DisputeState.RAISED, party_id=party_id).locked()
    if dispute := unsaid.exclude(kind=kind).first():
        dispute.account = account
        say(dispute, told, actor, now)
        keep_clock(dispute, actor, now)
    else:
        dispute = _begin(account, party_id, told, actor, now)
    publish(DisputeRaised(ids=frozenset([dispute.pk]), at=now, actor_id=getattr(actor, "pk", None)))
    return dispute


def _refuse_impossible(account: Account, told: Told, today: date) -> None:
    if told.kind not in DisputeKind.values:
        raise Refused("dispute_kind_unknown")
    refuse_closed(account)
    if told.received_on and told.received_on > today:
        raise Refused("dispute_in_the_future", day=told.received_on)
    if told.received_on and told.received_on < account.opened_on:
        raise Refused("dispute_before_the_account", day=account.opened_on)
    _refuse_not_owed(account, told.amount)
    refuse_another_open(account, told.kind)


def _refuse_not_owed(account: Account, amount: Decimal | None) -> None:
    """Nothing is no amount: who disputes all of it says so by naming none."""
    disputed = account.balance if amount is None else amount
    if not 0 < disputed <= account.balance:
        raise Refused("dispute_more_than_owed", balance=account.balance, currency=account.currency)


def _begin(account: Account, party_id: int, told: Told, actor: User | None, now: datetime) -> Dispute:
    received_on = told.received_on or today_of(account, now)
    acknowledge_by, answer_by = clocks_of(account, received_on)
    dispute = Dispute.objects.create(
        account=account,
        party_id=party_id,
        kind=told.kind,
        amount=account.balance if told.amount is None else told.amount,
        original=account.balance,
        currency=account.currency,
        said=note_of(account, told.said, actor, now),
        in_writing=told.in_writing,
        received_on=received_on,
        acknowledge_by=acknowledge_by,
        answer_by=answer_by,
        about_agent_id=told.about_agent_id,
        raised_by=actor,
        raised_at=now,
    )
    codes = {"amount": str(dispute.amount)}
    record("dispute.raised", subject=dispute, actor=actor, at=now, reason=told.kind, codes=codes)
    hold_disputed(dispute, actor, now)
    return dispute


def clocks_of(account: Account, received_on: date) -> tuple[date, date]:
    """By which days the account's law wants a dispute acknowledged and answered."""
    clock = DISPUTE_CLOCKS[account.portfolio.jurisdiction]
    acknowledge_by = days.add_business_days(received_on, clock.acknowledge_days, account.portfolio.country)
    return acknowledge_by, received_on + timedelta(days=clock.answer_days)


def say(dispute: Dispute, told: Told, actor: User | None, now: datetime) -> None:
    """Fill in, once, what a dispute that was left unsaid is about. The caller has locked it.

    It keeps its day and its clock, unless it turns out to have come earlier. All that was owed stays disputed unless
    the customer says, in words that are kept, that it is a part.
    """
    if told.kind not in DisputeKind.values or told.kind == DisputeKind.UNSAID:
        raise Refused("dispute_kind_unknown")
    refuse_another_open(dispute.account, told.kind, dispute)
    _refuse_not_owed(dispute.account, told.amount)
    is_part = told.amount is not None and told.amount < dispute.account.balance
    if is_part and not told.said.strip():
        raise Refused("dispute_part_in_words")
    if told.amount is not None and is_part:
        dispute.amount = told.amount
    if told.received_on and told.received_on < dispute.received_on:
        dispute.received_on = told.received_on
        dispute.acknowledge_by, dispute.answer_by = clocks_of(dispute.account, told.received_on)
    dispute.kind, dispute.in_writing, dispute.about_agent_id = told.kind, told.in_writing, told.about_agent_id
    dispute.said = note_of(dispute.account, told.said, actor, now)
    dispute.save(update_fields=SAID_LATER)
    codes = {"amount": str(dispute.amount), "received": dispute.received_on.isoformat()}
    record("dispute.told", subject=dispute, actor=actor, at=now, reason=told.kind, codes=codes)
    if is_part and dispute.hold_id:
        release_hold(hold_id=dispute.hold_id, reason="dispute_of_a_part", actor=actor, now=now)
        hold_disputed(dispute, actor, now)
