"""The ledger moves the balance, and nothing else does."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Sum

from accounts.foundation.errors import Refused
from accounts.models import Account, AccountState, LedgerEntry, PaymentState
from accounts.services.ledger import post_entry, split_credit
from accounts.services.payments import clear_payments, record_payment, reverse_payment
from tests.factories import TODAY, again, make_portfolio, pay, place_account

pytestmark = pytest.mark.django_db


def test_a_payment_takes_from_what_is_owed_and_meets_the_oldest_due_item():
    account = place_account(owed="1200.00", due="400.00", days_late=34)

    pay(account, "150.00")

    account = again(account)
    assert (account.balance, account.due_now, account.credited) == (Decimal("1050"), Decimal("250"), Decimal("150"))
    assert account.days_past_due(TODAY) == 34


def test_what_meets_every_due_item_leaves_nothing_overdue():
    account = place_account(owed="1200.00", due="400.00")

    pay(account, "400.00")

    account = again(account)
    assert (account.due_now, account.oldest_due_on, account.bucket) == (0, None, 0)


def test_paying_everything_closes_the_account_and_leaves_nothing_to_do():
    account = place_account(owed="400.00")

    pay(account, "400.00")

    account = again(account)
    assert (account.state, account.balance, account.next_kind) == (AccountState.PAID, 0, None)


def test_money_that_may_still_be_returned_does_not_close_the_account_until_it_clears(now):
    account = place_account(owed="400.00")
    payment = pay(account, "400.00", method="direct_debit")
    assert again(account).is_open

    clear_payments(portfolio_id=account.portfolio_id, on=payment.clears_on, now=now)

    assert again(payment).state == PaymentState.CLEARED
    assert again(account).state == AccountState.PAID


def test_the_same_money_twice_counts_once(now):
    account = place_account(owed="400.00")
    given = {"account_id": account.pk, "amount": Decimal("100"), "method": "transfer", "received_on": TODAY}
    key = {"source": "bank", "source_key": "statement 7, line 3", "actor": None, "now": now}

    first, second = record_payment(**given, **key), record_payment(**given, **key)

    assert first.pk == second.pk
    assert again(account).balance == Decimal("300")


def test_a_dishonour_reopens_a_paid_account_with_its_debt(now):
    account = place_account(owed="400.00", due="400.00", days_late=34)
    payment = pay(account, "400.00")

    reverse_payment(payment_id=payment.pk, reason="dishonour", on=TODAY, actor=None, now=now)

    account = again(account)
    assert (account.state, account.balance, account.due_now) == (AccountState.ACTIVE, 400, 400)
    assert account.days_past_due(TODAY) == 34
    assert account.next_kind == "act"


def test_a_payment_is_not_taken_back_before_it_came(now):
    payment = pay(place_account(owed="400.00"), "150.00")
    before = payment.received_on - timedelta(days=1)

    with pytest.raises(Refused, match="can't have been returned before"):
        reverse_payment(payment_id=payment.pk, reason="dishonour", on=before, actor=None, now=now)

    assert again(payment).state != PaymentState.REVERSED
    assert again(payment.account).balance == Decimal("250")


def test_a_payment_is_taken_back_once(now):
    account = place_account(owed="400.00")
    payment = pay(account, "100.00")

    for _time in range(2):
        reverse_payment(payment_id=payment.pk, reason="dishonour", on=TODAY, actor=None, now=now)

    assert again(account).balance == Decimal("400")
    assert LedgerEntry.objects.filter(account=account, kind="dishonour").count() == 1


@pytest.mark.parametrize(("amount", "code"), [("0.00", "payment_not_positive"), ("-5.00", "payment_not_positive")])
def test_an_impossible_amount_is_refused_and_leaves_no_trace(amount, code):
    account = place_account(owed="400.00")
    before = account.events.count()

    with pytest.raises(Refused) as refusal:
        pay(account, amount)

    assert refusal.value.code == code
    assert (again(account).balance, account.events.count()) == (400, before)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_ledgerentry SET amount = 1",
        "DELETE FROM accounts_ledgerentry",
        "TRUNCATE accounts_ledgerentry CASCADE",
        "UPDATE accounts_account SET balance = 0",
        "UPDATE accounts_event SET reason = 'x'",
        "DELETE FROM accounts_event",
    ],
)
def test_the_record_can_not_be_changed_by_anybody(statement):
    place_account()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_account_can_not_begin_with_a_balance():
    account = place_account()
    twin = Account.objects.get(pk=account.pk)
    twin.pk, twin.reference = None, "A-twin"

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_an_entry_in_another_currency_is_impossible():
    account = place_account()

    foreign = LedgerEntry(account=account, currency="USD", kind="fee", amount=5, fees=5, effective_on=TODAY)
    foreign.recorded_at, foreign.source, foreign.source_key = "2026-11-18T12:00Z", "test", "1"

    with pytest.raises(IntegrityError), transaction.atomic():
        foreign.save(force_insert=True)


def test_mexican_money_meets_costs_then_interest_then_principal(now):
    account = place_account(owed="100.00", portfolio=make_portfolio("MX"))
    given = {"account": account, "effective_on": TODAY, "source": "test", "actor": None, "now": now}
    post_entry(kind="interest", interest=Decimal("20"), source_key="i", **given)
    post_entry(kind="cost", costs=Decimal("10"), source_key="c", **given)

    parts = split_credit(account, Decimal("50"))

    assert parts == {"costs": -10, "fees": 0, "interest": -20, "principal": -20}


def test_the_balance_is_the_sum_of_the_ledger():
    account = place_account(owed="1200.00")
    pay(account, "75.25")

    total = LedgerEntry.objects.filter(account=account).aggregate(total=Sum("amount"))["total"]

    assert again(account).balance == total == Decimal("1124.75")
