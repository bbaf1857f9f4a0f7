"""Two people, or a person and a bank, at the very same moment."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Account, Hold, LedgerEntry, Payment
from accounts.services.ledger import post_entry
from accounts.services.payments import record_payment, reverse_payment
from arrangements.models import Arrangement
from arrangements.selectors.standings import judged
from arrangements.services.promises import make_promise
from tests.factories import NOW, TODAY, again, make_portfolio, make_team, make_user, pay, place_account
from tests.support.at_once import at_once
from tests.support.promises import promise

ROUNDS = 4


@pytest.fixture
def manager(real_db, django_db_blocker):
    with django_db_blocker.unblock():
        team = make_team(make_portfolio("UK"))
        yield make_user("manager", team)


def receive(account, key, amount="200.00"):
    return record_payment(
        account_id=account.pk,
        amount=Decimal(amount),
        method="direct_debit",
        received_on=TODAY,
        source="race",
        source_key=key,
        actor=None,
        now=NOW,
    )


def return_money(payment):
    return reverse_payment(payment_id=payment.pk, reason="dishonour", on=TODAY, actor=None, now=NOW)


def ledger_is_right(account, owed):
    account = again(account)
    assert account.balance == owed == sum(account.ledger.values_list("amount", flat=True))


def promise_is_right(account, state):
    (one,) = judged([account.pk])
    assert (one.arrangement.state, one.instalments[0].state) == (one.state, one.standings[0].state) == state


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_payment_and_dishonour_at_once_leave_ledger_and_promise_right(turn, manager):
    account = place_account(owed="1200.00", due="400.00")
    promise(account, manager, "200.00")
    first = pay(account, "200.00", method="direct_debit")

    answers = at_once(lambda: receive(account, f"second-{account.pk}"), lambda: return_money(first))

    assert all(isinstance(answer, Payment) for answer in answers), answers
    ledger_is_right(account, 1000)
    promise_is_right(account, ("active", "kept_provisionally"))


def test_the_same_money_told_twice_at_once_is_posted_once(manager):
    account = place_account(owed="1200.00", due="400.00")
    promise(account, manager, "200.00")
    key = f"told-{account.pk}"

    answers = at_once(*[lambda: receive(account, key)] * 3)

    assert len({answer.pk for answer in answers}) == 1
    ledger_is_right(account, 1000)
    promise_is_right(account, ("active", "kept_provisionally"))


def test_the_same_money_taken_back_twice_at_once_is_taken_back_once(manager):
    account = place_account(owed="1200.00", due="400.00")
    payment = pay(account, "200.00", method="cash")

    at_once(*[lambda: return_money(payment)] * 3)

    assert LedgerEntry.objects.filter(account=account, kind="dishonour").count() == 1
    ledger_is_right(account, 1200)


def test_two_writers_of_one_ledger_key_write_one_entry(manager):
    first, second = place_account(owed="500.00"), place_account(owed="500.00")

    def write(account_id):
        given = {"source": "race", "source_key": f"entry-{first.pk}", "actor": None, "now": NOW, "effective_on": TODAY}
        try:
            with transaction.atomic():
                account = Account.objects.lock(account_id)
                return post_entry(account=account, kind="fee", fees=Decimal("5.00"), **given)
        except IntegrityError as refused:
            return refused

    answers = at_once(lambda: write(first.pk), lambda: write(second.pk))

    assert {type(answer) for answer in answers} == {LedgerEntry, IntegrityError}
    assert again(first).balance + again(second).balance == 1005


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_two_promises_at_once_leave_one_live_with_its_hold(turn, manager):
    account = place_account(owed="1200.00", due="400.00")
    party_id = account.parties.get().pk

    def agree(amount):
        return make_promise(
            account_id=account.pk, party_id=party_id, amount=Decimal(amount), due_on=TODAY, actor=manager, now=NOW
        )

    at_once(lambda: agree("200.00"), lambda: agree("300.00"))

    states = sorted(Arrangement.objects.filter(account=account).values_list("state", flat=True))
    live = Arrangement.objects.get(account=account, state="active")
    held = Hold.objects.filter(account=account, kind="arrangement", state="active")
    assert states == ["active", "replaced"]
    assert [hold.placed_for_id for hold in held] == [live.pk]
    assert again(account).next_subject_id == live.pk
