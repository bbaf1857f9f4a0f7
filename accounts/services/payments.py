"""Money in, and money taken back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.foundation import days
from accounts.foundation.domain_events import AccountsChanged, PaymentCleared, PaymentPosted, PaymentReversed, publish
from accounts.foundation.errors import Refused
from accounts.foundation.locks import retrying
from accounts.foundation.set_moves import move_set
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import Account, AccountState, EntryKind, Payment, PaymentState, ReversalReason
from accounts.selectors.payments import payments_alike, written_off_left
from accounts.services.accounts import move_account, reopen_account, today_of
from accounts.services.door import lock_account_with_people
from accounts.services.due import refresh_due
from accounts.services.ledger import post_entry, reverse_entry, split_credit
from accounts.services.limitation import rewind_after_payment

KIND_OF_REVERSAL = {
    ReversalReason.DISHONOUR: EntryKind.DISHONOUR,
    ReversalReason.CHARGEBACK: EntryKind.CHARGEBACK,
    ReversalReason.ERROR: EntryKind.CORRECTION,
}


@retrying
def record_payment(
    *,
    account_id: int,
    amount: Decimal,
    method: str,
    received_on: date,
    source: str,
    source_key: str,
    actor: User | None,
    now: datetime,
    reference: str = "",
    but_once: bool = False,
) -> Payment:
    """Post money received to an account, meet its due items, and close it when nothing is owed.

    The same (source, source_key) twice answers the first payment and changes nothing. Refuses amounts that aren't
    positive, days to come, and accounts that were recalled; with `but_once` also what looks like a payment that stands
    already. A written-off account takes the money without reopening.
    """
    account = lock_account_with_people(account_id)
    if known := Payment.objects.filter(source=source, source_key=source_key).first():
        return known
    refuse_impossible(account, amount, received_on, now)
    same: dict[str, Any] = {"amount": amount, "method": method, "received_on": received_on, "other_than": source_key}
    if but_once and payments_alike(account, **same):
        raise Refused("payment_alike")
    payment = _receive(account, amount, method, received_on, reference, source, source_key, now)
    post_to(payment, account, actor, now)
    return payment


def refuse_impossible(account: Account, amount: Decimal, received_on: date, now: datetime) -> None:
    """Money that no account takes: nothing, of a day to come, for an account that went back."""
    if amount <= 0:
        raise Refused("payment_not_positive")
    if received_on > today_of(account, now):
        raise Refused("payment_in_the_future", day=received_on)
    if account.state == AccountState.RECALLED:
        raise Refused("payment_for_recalled_account", account=account.reference)


def _receive(
    account: Account,
    amount: Decimal,
    method: str,
    received_on: date,
    reference: str,
    source: str,
    source_key: str,
    now: datetime,
) -> Payment:
    portfolio = account.portfolio
    wait = portfolio.clearing_days.get(method, 0)
    return Payment.objects.create(
        account=account,
        amount=amount,
        currency=account.currency,
        method=method,
        received_on=received_on,
        clears_on=days.add_business_days(received_on, wait, portfolio.country, portfolio.holiday_subdivision),
        reference=reference,
        source=source,
        source_key=source_key,
        recorded_at=now,
    )


def post_to(payment: Payment, account: Account, actor: User | None, now: datetime) -> None:
    """Money that came in, or waited in suspense, meets what is owed on a locked account."""
    _recover(payment, account, actor, now)
    entry = post_entry(
        account=account,
        kind=EntryKind.PAYMENT,
        effective_on=payment.received_on,
        source="payment",
        source_key=str(payment.pk),
        actor=actor,
        now=now,
        meets_due=True,
        **split_credit(account, payment.amount),
    )
    move(payment, "identify", actor=actor, at=now, given={"account_id": account.pk})
    move(payment, "post", actor=actor, at=now, given={"entry": entry})
    if payment.clears_on <= payment.received_on:
        move(payment, "clear", actor=actor, at=now)
    rewind_after_payment(account=account, payment_id=payment.pk, actor=actor, now=now)
    _settle_what_follows(payment, account, actor, now)
    publish(PaymentPosted(ids=frozenset([payment.pk]), at=now, actor_id=getattr(actor, "pk", None)))
    if payment.state == PaymentState.CLEARED:
        publish(PaymentCleared(ids=frozenset([payment.pk]), at=now, actor_id=getattr(actor, "pk", None)))
    close_if_nothing_owed(account.pk, actor, now)


def _recover(payment: Payment, account: Account, actor: User | None, now: datetime) -> None:
    """Money for what was written off brings back as much of it as it pays: nobody is owed a credit for it."""
    amount = min(payment.amount, written_off_left(account))
    if account.state == AccountState.WRITTEN_OFF and amount > 0:
        post_entry(
            account=account,
            kind=EntryKind.RECOVERY,
            effective_on=payment.received_on,
            source="recovery",
            source_key=str(payment.pk),
            principal=amount,
            actor=actor,
            now=now,
        )


def _settle_what_follows(payment: Payment, account: Account, actor: User | None, now: datetime) -> None:
    refresh_due(account_ids=[account.pk], on=today_of(account, now))
    publish(AccountsChanged(ids=frozenset([account.pk]), at=now, actor_id=getattr(actor, "pk", None)))


def close_if_nothing_owed(account_id: int, actor: User | None, now: datetime) -> None:
    """Nothing owed and nothing that can still be taken back: the account is paid."""
    account = Account.objects.lock(account_id)
    uncleared = account.payments.filter(state=PaymentState.POSTED).exists()
    if account.is_open and account.owes_nothing() and not uncleared:
        move_account(account, "pay_off", actor=actor, now=now, reason="nothing_owed")


@retrying
def reverse_payment(
    *, payment_id: int, reason: str, on: date, actor: User | None, now: datetime, account_id: int | None = None
) -> Payment:
    """Take back a posted or cleared payment: dishonour, chargeback or posting error.

    Reverses its entry, reopens a paid or settled account, and lets every promise that leaned on it be judged anew, in
    one transaction. A second reversal answers the first and changes nothing. Refuses payments that were never posted.
    """
    account_id = account_id or Payment.objects.values_list("account_id", flat=True).get(pk=payment_id)
    if account_id is None:
        raise Refused("payment_not_posted")
    account = lock_account_with_people(account_id)
    payment = Payment.objects.lock(payment_id)
    if payment.state == PaymentState.REVERSED:
        return payment
    if payment.entry is None:
        raise Refused("payment_not_posted")
    if on < payment.received_on:
        raise Refused("reversal_before_payment", day=payment.received_on)
    reverse_entry(
        entry=payment.entry,
        account=account,
        kind=KIND_OF_REVERSAL[ReversalReason(reason)],
        effective_on=on,
        source="reversal",
        source_key=str(payment.pk),
        actor=actor,
        now=now,
    )
    _take_back_recovery(payment, account, on, actor, now)
    move(payment, "reverse", actor=actor, at=now, reason=reason, given={"reason": reason, "on": on})
    if account.state in (AccountState.PAID, AccountState.SETTLED):
        reopen_account(account, actor=actor, now=now, reason=reason)
    rewind_after_payment(account=account, payment_id=payment.pk, actor=actor, now=now)
    _settle_what_follows(payment, account, actor, now)
    publish(PaymentReversed(ids=frozenset([payment.pk]), at=now, actor_id=getattr(actor, "pk", None)))
    return payment


def _take_back_recovery(payment: Payment, account: Account, on: date, actor: User | None, now: datetime) -> None:
    brought_back = account.ledger.filter(kind=EntryKind.RECOVERY, source="recovery", source_key=str(payment.pk)).first()
    if brought_back is not None:
        reverse_entry(
            entry=brought_back,
            account=account,
            kind=EntryKind.RECOVERY,
            effective_on=on,
            source="recovery_reversal",
            source_key=str(payment.pk),
            actor=actor,
            now=now,
        )


@retrying
def clear_payments(*, portfolio_id: int, on: date, now: datetime) -> list[int]:
    """Clear every posted payment of the portfolio whose clearing days are over. Answers their ids."""
    due = Payment.objects.filter(account__portfolio_id=portfolio_id, state=PaymentState.POSTED, clears_on__lte=on)
    account_ids = set(due.values_list("account_id", flat=True))
    if not account_ids:
        return []
    Account.objects.lock_ids(account_ids)
    cleared = list(due.order_by("pk").locked().values_list("pk", flat=True))
    move_set(Payment, "clear", cleared, actor=None, at=now, reason="clearing_days_over")
    publish(PaymentCleared(ids=frozenset(cleared), at=now))
    paid = Account.objects.filter(pk__any=account_ids, balance__lte=0).values_list("pk", flat=True)
    for account_id in paid:
        close_if_nothing_owed(account_id, None, now)
    publish(AccountsChanged(ids=frozenset(account_ids), at=now))
    return cleared
