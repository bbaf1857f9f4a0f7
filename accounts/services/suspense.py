"""Money whose account nobody knows yet: it waits in suspense, and is posted once somebody says whose it is."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from accounts.foundation import days
from accounts.foundation.errors import Refused
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import Payment, PaymentState
from accounts.models.portfolio import default_clearing_days
from accounts.services.door import lock_account_with_people
from accounts.services.payments import post_to, refuse_impossible

HOME_OF = {"GBP": "GB", "USD": "US", "MXN": "MX", "AUD": "AU"}
# The zone of our books whose day begins first: no bank of theirs has a later one.
FIRST_ZONE = "Australia/Sydney"


@retrying
def take_unidentified(
    *,
    amount: Decimal,
    currency: str,
    method: str,
    received_on: date,
    reference: str,
    source: str,
    source_key: str,
    actor: User | None,
    now: datetime,
) -> Payment:
    """Keep money that came, with what the bank wrote of it, until it is known whose it is.

    The same (source, source_key) twice answers the first. It clears by the usual days of its method where its currency
    is at home. Refuses amounts that aren't positive, days to come, and money of which the bank wrote nothing.
    """
    if known := Payment.objects.filter(source=source, source_key=source_key).first():
        return known
    if amount <= 0:
        raise Refused("payment_not_positive")
    if received_on > days.civil_day(now, FIRST_ZONE):
        raise Refused("payment_in_the_future", day=received_on)
    if not reference.strip():
        raise Refused("payment_without_reference")
    wait = default_clearing_days().get(method, 0)
    payment = Payment.objects.create(
        amount=amount,
        currency=currency,
        method=method,
        received_on=received_on,
        clears_on=days.add_business_days(received_on, wait, HOME_OF[currency]),
        reference=reference.strip(),
        source=source,
        source_key=source_key,
        recorded_at=now,
    )
    move(payment, "suspend", actor=actor, at=now)
    return payment


@retrying
def post_identified(*, payment_id: int, account_id: int, actor: User | None, now: datetime) -> Payment:
    """Post money that waits in suspense to the account that it was meant for, as received on its day.

    Twice for one account changes nothing. Refuses money that is somebody's already, another currency, and accounts
    that went back to their creditor.
    """
    account = lock_account_with_people(account_id)
    payment = Payment.objects.lock(payment_id)
    if payment.state != PaymentState.SUSPENSE:
        if payment.account_id == account_id:
            return payment
        raise Refused("payment_identified", account=payment.account.reference if payment.account else "-")
    if payment.currency != account.currency:
        raise Refused("payment_other_currency", currency=payment.currency, expected=account.currency)
    refuse_impossible(account, payment.amount, payment.received_on, now)
    post_to(payment, account, actor, now)
    return payment
