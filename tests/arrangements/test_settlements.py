"""Settlements: the rest is let go once the money has cleared, and owed again when it comes back."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.foundation.errors import Refused
from accounts.models import Event, LedgerEntry
from accounts.services.payments import reverse_payment
from arrangements.services.keeping import judge_arrangements
from arrangements.services.promise_limits import broken_promises
from arrangements.services.settlements import accept_settlement
from tests.factories import NOW, TODAY, again, pay, place_account
from tests.support.promises import cash_posted, state_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(db):
    return place_account(owed="1000.00", due="400.00")


@pytest.fixture
def settlement(account, manager):
    return settle(account, manager)


def settle(account, actor, amount="600.00"):
    return accept_settlement(
        account_id=account.pk,
        party_id=account.parties.get().pk,
        amount=Decimal(amount),
        pay_by=TODAY + timedelta(days=2),
        actor=actor,
        now=NOW,
    )


def test_the_account_is_settled_only_when_the_money_has_cleared(account, settlement):
    pay(account, "600.00", method="direct_debit")
    assert (again(account).state, state_of(settlement)) == ("arranged", ("active", "kept_provisionally"))

    pay(account, "1.00", method="cash")
    assert again(account).balance == 399


def test_cleared_money_settles_it_and_lets_the_rest_go(account, settlement):
    pay(account, "600.00", method="cash")

    account = again(account)
    assert (account.state, account.balance, account.due_now) == ("settled", 0, 0)
    assert LedgerEntry.objects.get(account=account, kind="discount").amount == -400
    assert state_of(settlement) == ("completed", "kept")


def test_a_late_dishonour_breaches_it_and_everything_is_owed_again(account, settlement):
    payment = pay(account, "600.00", method="cash")
    cash_posted(account.portfolio, TODAY + timedelta(days=9))

    reverse_payment(
        payment_id=payment.pk,
        reason="chargeback",
        on=TODAY + timedelta(days=10),
        actor=None,
        now=NOW + timedelta(days=10),
    )

    account = again(account)
    assert (account.state, account.balance, account.due_now) == ("active", 1000, 400)
    assert state_of(settlement) == ("breached", "broken")
    assert account.next_kind == "act"


def test_an_early_dishonour_leaves_time_to_pay_again(account, settlement):
    payment = pay(account, "600.00", method="cash")

    reverse_payment(payment_id=payment.pk, reason="dishonour", on=TODAY, actor=None, now=NOW + timedelta(hours=1))
    assert (again(account).state, again(account).balance) == ("arranged", 1000)
    pay(account, "600.00", method="cash", now=NOW + timedelta(hours=2))

    assert (again(account).state, again(account).balance) == ("settled", 0)
    assert state_of(settlement) == ("completed", "kept")


def test_a_settlement_not_paid_by_its_day_is_broken_and_nothing_is_let_go(account, settlement):
    cash_posted(account.portfolio, TODAY + timedelta(days=9))

    on = TODAY + timedelta(days=10)
    judge_arrangements(account_ids=[account.pk], on=on, actor=None, now=NOW + timedelta(days=10))

    assert state_of(settlement) == ("broken", "broken")
    assert (again(account).state, again(account).balance) == ("active", 1000)


@pytest.mark.parametrize("amount", ["0.00", "1000.00", "1000.01"])
def test_a_settlement_is_for_less_than_is_owed(amount, account, manager):
    with pytest.raises(Refused) as refusal:
        settle(account, manager, amount)

    assert refusal.value.code == "settlement_not_below_balance"


def test_what_came_on_top_since_was_priced_by_nobody_and_stays_owed(account, manager):
    before = pay(account, "100.00", method="direct_debit")
    settlement = settle(account, manager, "500.00")
    reverse_payment(payment_id=before.pk, reason="dishonour", on=TODAY, actor=None, now=NOW + timedelta(minutes=1))

    pay(account, "500.00", method="cash", now=NOW + timedelta(minutes=2))

    account = again(account)
    assert state_of(settlement) == ("completed", "kept")
    assert LedgerEntry.objects.get(account=account, kind="discount").amount == -400
    assert (account.state, account.balance) == ("active", 100)
    assert account.next_kind == "act"
    assert Event.objects.filter(account=account, reason="settlement_left_some").exists()


def test_a_breached_settlement_counts_among_what_was_broken_before(account, settlement, manager):
    payment = pay(account, "600.00", method="cash")
    cash_posted(account.portfolio, TODAY + timedelta(days=9))
    reverse_payment(payment_id=payment.pk, reason="dishonour", on=TODAY + timedelta(days=10), actor=None, now=NOW)

    assert state_of(settlement)[0] == "breached"
    assert broken_promises(again(account), TODAY + timedelta(days=10)) == 1
