"""Whoever has paid all that is due isn't asked for more before something else falls due."""

from datetime import timedelta

import pytest

from accounts.models import DueItem
from accounts.services.payments import reverse_payment
from tests.factories import NOW, TODAY, again, make_user, pay, place_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(team):
    account = place_account(owed="1200.00", due="400.00")
    DueItem.objects.create(account=account, due_on=TODAY + timedelta(days=12), amount="400.00")
    return account


def step(account):
    account = again(account)
    return account.next_kind, account.next_on


def test_who_paid_what_is_due_is_to_be_contacted_when_the_next_item_falls_due(account):
    pay(account, "400.00")

    assert again(account).due_now == 0
    assert step(account) == ("act", TODAY + timedelta(days=12))


def test_who_paid_a_part_is_still_to_be_contacted_now(account):
    before = step(account)

    pay(account, "300.00")

    assert step(account) == before


def test_when_the_money_goes_back_the_account_is_to_be_acted_on_today(account):
    payment = pay(account, "400.00")
    finance = make_user("finance")

    reverse_payment(payment_id=payment.pk, reason="dishonour", on=TODAY, actor=finance, now=NOW + timedelta(minutes=5))

    assert step(account) == ("act", TODAY)


def test_who_owes_without_a_schedule_ahead_stays_to_be_worked(team):
    account = place_account(owed="1200.00", due="400.00")
    before = step(account)

    pay(account, "400.00")

    assert step(account) == before
