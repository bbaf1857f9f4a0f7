"""Keeping promises: what money, days and dishonours make of them, and of the account."""

from datetime import timedelta

import pytest

from accounts.models import Event, Hold
from accounts.services.holds import place_hold
from accounts.services.next_step import set_next
from accounts.services.payments import clear_payments, reverse_payment
from arrangements.services.keeping import judge_arrangements
from tests.factories import NOW, TODAY, again, pay, place_account
from tests.support.promises import cash_posted, promise, state_of

pytestmark = pytest.mark.django_db

DUE = TODAY + timedelta(days=2)
LAST = TODAY + timedelta(days=5)


@pytest.fixture
def account(db):
    return place_account(owed="1200.00", due="400.00")


@pytest.fixture
def made(account, agent):
    return promise(account, agent, "200.00", due_on=DUE)


def judge(account, through=LAST):
    cash_posted(account.portfolio, through)
    at = NOW + (through - TODAY) + timedelta(days=1)
    return judge_arrangements(account_ids=[account.pk], on=through + timedelta(days=1), actor=None, now=at)


def dishonour(payment, *, days=1):
    on = payment.received_on + timedelta(days=days)
    return reverse_payment(payment_id=payment.pk, reason="dishonour", on=on, actor=None, now=NOW + (on - TODAY))


def test_money_that_can_still_come_back_keeps_a_promise_provisionally(account, made):
    pay(account, "200.00", method="direct_debit")

    assert state_of(made) == ("active", "kept_provisionally")
    assert again(account).state == "arranged"
    assert Hold.objects.get(account=account).state == "active"


def test_cleared_money_completes_it_and_gives_the_account_back(account, made):
    pay(account, "200.00", method="cash")

    account = again(account)
    assert state_of(made) == ("completed", "kept")
    assert (account.state, account.next_kind, account.next_on) == ("active", "act", TODAY)
    assert Hold.objects.get(account=account).state == "released"


def test_clearing_days_complete_it_too(account, made):
    pay(account, "200.00", method="direct_debit")

    clear_payments(portfolio_id=account.portfolio_id, on=TODAY + timedelta(days=5), now=NOW + timedelta(days=6))

    assert state_of(made) == ("completed", "kept")


def test_a_broken_promise_returns_the_account_to_the_queue(account, made):
    counts = judge(account)

    account = again(account)
    assert state_of(made) == ("broken", "broken")
    assert (account.state, account.next_kind, account.next_on) == ("active", "act", LAST + timedelta(days=1))
    assert Hold.objects.get(account=account).state == "released"
    assert account.follow_ups.filter(ended_at=None).get().reason == "promise_broken"
    assert counts["arrangement.fall_through"] == 1


def test_judging_twice_does_nothing_the_second_time(account, made):
    judge(account)
    events = Event.objects.count()

    assert not judge(account)
    assert Event.objects.count() == events


def test_no_promise_is_judged_before_its_cash_is_posted(account, made):
    judge(account, through=LAST - timedelta(days=1))

    assert state_of(made) == ("active", "due")


def test_part_of_the_money_breaks_it_in_part(account, made):
    pay(account, "150.00")
    judge(account)

    assert state_of(made) == ("broken", "part_kept")


def test_late_money_brings_a_broken_promise_back_and_is_counted(account, made):
    judge(account)

    pay(account, "200.00", method="direct_debit", now=NOW + timedelta(days=7))

    account = again(account)
    assert state_of(made) == ("active", "kept_provisionally")
    assert again(made).times_reopened == 1
    assert (account.state, account.next_kind) == ("arranged", "check_promise")
    assert Hold.objects.filter(account=account, state="active").get().placed_for_id == made.pk


def test_a_dishonour_reopens_a_kept_promise_whose_day_has_not_passed(account, made):
    payment = pay(account, "200.00", method="cash")
    assert state_of(made)[0] == "completed"

    dishonour(payment)

    account = again(account)
    assert state_of(made) == ("active", "due")
    assert (account.state, account.next_kind) == ("arranged", "check_promise")


def test_a_late_dishonour_unkeeps_the_promise_in_one_trail(account, made):
    payment = pay(account, "200.00", method="cash")
    judge(account)

    dishonour(payment, days=20)

    account = again(account)
    assert state_of(made) == ("broken", "broken")
    assert (account.state, account.next_kind, account.balance) == ("active", "act", 1200)
    trail = Event.objects.filter(account=account, at=NOW + timedelta(days=20)).values_list("kind", flat=True)
    assert {"payment.reverse", "instalment.fall_through", "arrangement.fall_through"} <= set(trail)


def test_a_dishonour_on_a_paid_account_reopens_account_and_promise(agent):
    account = place_account(owed="200.00", due="200.00")
    made = promise(account, agent, "200.00", due_on=DUE)
    payment = pay(account, "200.00", method="cash")
    assert again(account).state == "paid"

    dishonour(payment)

    account = again(account)
    assert state_of(made) == ("active", "due")
    assert (account.state, account.next_kind, account.due_now) == ("arranged", "check_promise", 200)


def test_money_from_before_the_promise_does_not_keep_it(account, agent):
    pay(account, "200.00", method="cash", now=NOW - timedelta(minutes=5))

    made = promise(account, agent, "200.00", due_on=DUE)
    pay(account, "10.00")

    assert state_of(made) == ("active", "scheduled")


def test_money_belongs_to_the_newest_promise(account, agent, made):
    judge(account)
    second = promise(account, agent, "200.00", due_on=DUE + timedelta(days=15), now=NOW + timedelta(days=7))

    pay(account, "200.00", method="cash", now=NOW + timedelta(days=8))

    assert state_of(made) == ("broken", "broken")
    assert state_of(second) == ("completed", "kept")


def test_a_broken_promise_under_dispute_waits_for_the_review_instead_of_being_chased(account, agent, made):
    hold = place_hold(kind="dispute", account_id=account.pk, actor=agent, now=NOW)

    judge(account)

    account = again(account)
    assert (account.next_kind, account.next_subject_id) == ("review_hold", hold.pk)


def test_a_callback_agreed_meanwhile_survives_a_kept_promise(account, agent, made):
    on = TODAY + timedelta(days=9)
    set_next(account=again(account), kind="callback", on=on, reason="asked", actor=agent, now=NOW)

    pay(account, "200.00", method="cash")

    assert (again(account).next_kind, again(account).next_on) == ("callback", on)
