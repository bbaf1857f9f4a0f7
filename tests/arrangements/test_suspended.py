"""A hold that stops the asking stops the clock of what was agreed before: no day counts on which nothing was asked."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, transaction

from accounts.models import Hold, HoldKind, Portfolio
from accounts.services.holds import place_hold, release_hold
from accounts.services.payments import reverse_payment
from arrangements.models import Arrangement
from arrangements.services.promises import cancel_arrangement
from arrangements.services.reminders import queue_reminders
from tests.arrangements.test_plans_kept import day_after
from tests.factories import NOW, TODAY, again, make_limit, make_user, pay, place_account
from tests.support.offers import accepted, offer, plan_terms
from tests.support.promises import promise

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(team):
    make_limit("manager", plan_max_days=365, settlement_max_discount=Decimal("0.500"))
    return make_user("manager", team)


@pytest.fixture
def account(team):
    return place_account(owed="400.00", due="400.00")


@pytest.fixture
def plan(account, manager):
    return accepted(offer(account, manager, plan_terms(account)), manager)


def held(account, manager, kind=HoldKind.DISPUTE, now=NOW, **more):
    return place_hold(kind=kind, account_id=account.pk, actor=manager, now=now, **more)


def rows(plan):
    return list(plan.instalments.order_by("number").values_list("due_on", "state", "paused_days"))


STOPS = ["dispute", "hardship", "breathing_space", "insolvency", "fraud", "incapacity", "reconciliation"]


@pytest.mark.parametrize("kind", STOPS)
def test_the_hold_suspends_the_plan_and_its_review_is_the_next_step(account, plan, manager, kind):
    hold = held(account, manager, kind)

    assert again(plan).state == "suspended"
    stepped = again(account)
    assert (stepped.next_kind, stepped.next_subject_id) == ("review_hold", hold.pk)


@pytest.mark.parametrize("kind", ["complaint", "cease", "vulnerability", "representation"])
def test_a_hold_about_how_we_speak_leaves_the_plan_in_force(account, plan, manager, kind):
    held(account, manager, kind)

    assert again(plan).state == "active"


def test_a_part_in_dispute_leaves_the_plan_in_force(account, plan, manager):
    held(account, manager, amount=Decimal("10.00"))

    assert again(plan).state == "active"


def test_no_payment_breaks_while_it_is_suspended(account, plan, manager):
    held(account, manager, review_on=TODAY + timedelta(days=60))

    day_after(account, TODAY + timedelta(days=40))

    assert {state for _day, state, _paused in rows(plan)} == {"scheduled"}
    assert again(plan).state == "suspended"


def test_released_its_payments_move_by_the_days_it_stood_still(account, plan, manager):
    before = [day for day, _state, _paused in rows(plan)]
    hold = held(account, manager)
    later = NOW + timedelta(days=14)

    release_hold(hold_id=hold.pk, reason="over", actor=manager, now=later)

    assert again(plan).state == "active"
    assert [day for day, _state, _paused in rows(plan)] == [day + timedelta(days=14) for day in before]
    assert {paused for _day, _state, paused in rows(plan)} == {14}
    stepped = again(account)
    assert (stepped.next_kind, stepped.next_subject_id) == ("check_promise", plan.pk)
    assert stepped.next_on == plan.instalments.order_by("number").first().judged_on
    own = Hold.objects.get(kind="arrangement", account=account, state__in=["active", "extended"])
    assert own.review_on >= plan.instalments.order_by("number").last().judged_on


def test_a_day_that_would_be_closed_becomes_the_next_open_one(account, plan, manager):
    hold = held(account, manager)

    release_hold(hold_id=hold.pk, reason="over", actor=manager, now=NOW + timedelta(days=3))

    days = [day for day, _state, _paused in rows(plan)]
    assert all(day.weekday() < 5 for day in days)
    assert len(set(days)) == 4


def test_what_was_kept_before_stays_and_money_that_came_meanwhile_counts(account, plan, manager):
    pay(account, "100.00", TODAY)
    hold = held(account, manager)
    pay(account, "100.00", TODAY, now=NOW + timedelta(minutes=1))

    release_hold(hold_id=hold.pk, reason="over", actor=manager, now=NOW + timedelta(days=14))

    assert [state.startswith("kept") for _day, state, _paused in rows(plan)] == [True, True, False, False]


def test_of_two_holds_the_last_one_released_resumes_it(account, plan, manager):
    one, two = held(account, manager), held(account, manager, "hardship")

    release_hold(hold_id=one.pk, reason="over", actor=manager, now=NOW)
    assert again(plan).state == "suspended"

    release_hold(hold_id=two.pk, reason="over", actor=manager, now=NOW)
    assert again(plan).state == "active"


def test_a_suspended_promise_is_judged_after_its_new_day(account, manager):
    taken = promise(account, manager, amount="100.00", due_on=TODAY + timedelta(days=2))
    hold = held(account, manager)
    release_hold(hold_id=hold.pk, reason="over", actor=manager, now=NOW + timedelta(days=7))

    day_after(account, TODAY + timedelta(days=8))
    assert again(taken).state == "active"
    day_after(account, TODAY + timedelta(days=20))
    assert again(taken).state == "broken"


def test_nothing_is_reminded_of_while_it_is_suspended(account, plan, manager):
    held(account, manager)
    first = plan.instalments.order_by("number").first()

    assert queue_reminders(portfolio=account.portfolio, on=first.due_on - timedelta(days=1), now=NOW) == []


def test_a_suspended_plan_may_be_cancelled_or_replaced(account, plan, manager):
    held(account, manager, "hardship")

    newer = accepted(offer(account, manager, plan_terms(account, 2)), manager)
    assert (again(plan).state, again(newer).state) == ("replaced", "active")
    held(account, manager, "hardship")
    cancel_arrangement(arrangement_id=newer.pk, reason="customer_withdrew", actor=manager, now=NOW)
    assert again(newer).suspended_on is None


def test_the_database_moves_no_day_by_more_than_was_paused(plan):
    first = plan.instalments.order_by("number").first()

    for change in (
        {"due_on": first.due_on + timedelta(days=5)},
        {"due_on": first.due_on + timedelta(days=5), "paused_days": 4},
        {"due_on": first.due_on - timedelta(days=5), "paused_days": 0},
        {"paused_days": 3},
    ):
        with pytest.raises((IntegrityError, InternalError, ProgrammingError)), transaction.atomic():
            plan.instalments.filter(pk=first.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Arrangement.objects.filter(pk=plan.pk).update(suspended_on=TODAY)


def test_a_payment_missed_before_grows_no_older_while_nothing_is_asked(account, manager):
    Portfolio.objects.update(plan_missed_allowed=3, plan_missed_days=14)
    plan = accepted(offer(account, manager, plan_terms(account)), manager)
    first = plan.instalments.order_by("number").first()
    missed_on = first.judged_on + timedelta(days=1)
    day_after(account, missed_on)
    assert rows(plan)[0][1] == "broken"
    hold = held(account, manager, now=NOW + (missed_on - TODAY))

    freed_on = missed_on + timedelta(days=30)
    day_after(account, freed_on - timedelta(days=1))
    release_hold(hold_id=hold.pk, reason="over", actor=manager, now=NOW + (freed_on - TODAY))
    day_after(account, freed_on)
    assert again(plan).state == "active"

    day_after(account, freed_on + timedelta(days=14))
    assert again(plan).state == "broken"


def test_money_that_bounces_after_a_pause_leaves_the_days_that_were_left(account, plan, manager):
    first = plan.instalments.order_by("number").first()
    payment = pay(account, str(first.amount), TODAY, method="direct_debit")
    hold = held(account, manager)
    freed = NOW + timedelta(days=30)
    release_hold(hold_id=hold.pk, reason="over", actor=manager, now=freed)

    reverse_payment(payment_id=payment.pk, reason="dishonour", on=freed.date(), actor=None, now=freed)
    day_after(account, freed.date())

    assert rows(plan)[0][1] == "due"
    assert again(plan).state == "active"
