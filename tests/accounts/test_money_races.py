"""Money that arrives, arrives twice and is taken back at the same moment, in real transactions."""

from decimal import Decimal

import pytest

from accounts.foundation.errors import Refused
from accounts.models import LedgerEntry, Payment
from accounts.services.payments import record_payment, reverse_payment
from accounts.services.suspense import post_identified, take_unidentified
from tests.factories import NOW, TODAY, again, make_portfolio, make_team, make_user, pay, place_account
from tests.support.at_once import at_once
from tests.support.promises import promise, state_of

pytestmark = pytest.mark.usefixtures("real_db")


def take_back(payment):
    return reverse_payment(payment_id=payment.pk, reason="dishonour", on=TODAY, actor=None, now=NOW)


def promised():
    """An account with a promise of 200.00 kept provisionally by a direct debit, and that payment."""
    team = make_team(make_portfolio("UK"))
    account = place_account(owed="1200.00", due="400.00")
    made = promise(account, make_user("agent", team), "200.00", in_days=2)
    return account, made, pay(account, "200.00", method="direct_debit")


def outcome(account, made):
    return again(account).balance, again(account).state, state_of(made)


@pytest.mark.parametrize("writers", [2, 5])
def test_writers_of_one_key_at_once_post_it_once(writers):
    account = place_account(owed="1200.00")
    line = {"source": "bank", "source_key": f"statement 7, line {writers}", "actor": None, "now": NOW}

    def post():
        return record_payment(
            account_id=account.pk, amount=Decimal("75.00"), method="transfer", received_on=TODAY, **line
        )

    answers = at_once(*[post] * writers)

    assert len({payment.pk for payment in answers}) == 1
    assert Payment.objects.filter(account=account).count() == 1
    assert again(account).balance == Decimal("1125.00")


def test_of_the_same_money_posted_twice_at_once_the_second_is_refused():
    """Two people with the same bank line before them, each with a form of their own."""
    account = place_account(owed="1200.00")

    def post(key):
        line = {"source": "payment_form", "source_key": key, "actor": None, "now": NOW, "but_once": True}
        try:
            return record_payment(
                account_id=account.pk, amount=Decimal("75.00"), method="transfer", received_on=TODAY, **line
            )
        except Refused as refusal:
            return refusal.code

    answers = at_once(*[lambda key=key: post(key) for key in ("one", "two", "three")])

    assert answers.count("payment_alike") == 2
    assert again(account).balance == Decimal("1125.00")


def test_a_payment_and_a_dishonour_at_once_end_as_one_after_the_other():
    account, made, first = promised()
    twin, twin_made, twin_first = promised()
    take_back(twin_first)
    pay(twin, "100.00")

    at_once(lambda: take_back(first), lambda: pay(account, "100.00"))

    assert outcome(account, made) == outcome(twin, twin_made)
    assert again(account).balance == Decimal("1100.00")


def test_money_in_suspense_that_two_people_give_away_at_once_goes_to_one_account():
    one, other = place_account(owed="1200.00"), place_account(owed="1200.00")
    came = {"amount": Decimal("75.00"), "currency": "GBP", "method": "transfer", "received_on": TODAY}
    payment = take_unidentified(**came, reference="RENT", source="test", source_key="1", actor=None, now=NOW)

    def give(account):
        try:
            return post_identified(payment_id=payment.pk, account_id=account.pk, actor=None, now=NOW).account_id
        except Refused as refusal:
            return refusal.code

    answers = at_once(lambda: give(one), lambda: give(other))

    assert answers.count("payment_identified") == 1
    assert {again(one).balance, again(other).balance} == {Decimal("1125.00"), Decimal("1200.00")}


def test_two_dishonours_of_one_payment_at_once_take_it_back_once():
    account, _made, first = promised()

    at_once(lambda: take_back(first), lambda: take_back(first))

    assert LedgerEntry.objects.filter(account=account, kind="dishonour").count() == 1
    assert again(account).balance == Decimal("1200.00")
