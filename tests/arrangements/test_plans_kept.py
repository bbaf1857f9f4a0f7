"""Plans as money and days go by: kept, missed once, missed for good, paid late, dishonoured."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Hold, Portfolio
from accounts.services.payments import clear_payments, reverse_payment
from arrangements.services.keeping import judge_arrangements
from tests.factories import NOW, TODAY, again, make_limit, make_user, pay, place_account
from tests.support.offers import accepted, offer
from tests.support.promises import cash_posted

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(team):
    make_limit("manager", plan_max_days=365, plan_min_first_share=0, promise_max_open_breaks=9)
    return make_user("manager", team)


@pytest.fixture
def account(team):
    return place_account(owed="400.00", due="200.00")


@pytest.fixture
def plan(account, manager):
    """Four weekly payments of 100.00, the first in a week."""
    return accepted(offer(account, manager, count=4), manager)


def day_after(account, day, days=1):
    """Close the days through `day`, as the closing does: cash posted, money cleared, arrangements judged."""
    now = NOW + (day - TODAY) + timedelta(days=days)
    cash_posted(account.portfolio, day)
    clear_payments(portfolio_id=account.portfolio_id, on=day, now=now)
    judge_arrangements(account_ids=[account.pk], on=day + timedelta(days=days), actor=None, now=now)
    return now


def judged_of(plan, number):
    return plan.instalments.get(number=number).judged_on


def states(plan):
    return list(plan.instalments.order_by("number").values_list("state", flat=True))


def test_a_payment_made_is_followed_by_the_check_of_the_next(account, plan):
    first = plan.instalments.get(number=1)
    pay(account, "100.00", first.due_on, now=NOW + (first.due_on - TODAY))
    day_after(account, first.judged_on)

    account = again(account)
    assert states(plan)[:2] == ["kept", "scheduled"]
    assert (account.next_kind, account.next_on) == ("check_promise", judged_of(plan, 2))
    assert (again(plan).state, account.state) == ("active", "arranged")


def test_the_first_miss_is_asked_about_kindly_and_breaks_nothing(account, plan):
    day_after(account, judged_of(plan, 1))

    account = again(account)
    assert states(plan)[0] == "broken"
    assert again(plan).state == "active"
    assert (account.next_kind, account.next_on) == ("act", judged_of(plan, 1) + timedelta(days=1))
    held = Hold.objects.get(account=account, kind="arrangement")
    assert held.state == "active"
    assert "reminder" in held.permits
    assert "demand" not in held.permits


def test_what_was_missed_and_came_late_puts_the_plan_in_line_again(account, plan):
    now = day_after(account, judged_of(plan, 1))
    pay(account, "100.00", now.date(), now=now)

    account = again(account)
    assert states(plan)[0] in ("kept", "kept_provisionally")
    assert (account.next_kind, account.next_on) == ("check_promise", judged_of(plan, 2))


def test_a_second_miss_at_a_time_breaks_the_plan(account, plan):
    day_after(account, judged_of(plan, 1))
    day_after(account, judged_of(plan, 2))

    account = again(account)
    assert again(plan).state == "broken"
    assert (account.state, account.next_kind) == ("active", "act")
    assert not Hold.objects.filter(account=account, kind="arrangement", state="active").exists()


def test_a_miss_that_stays_unpaid_too_long_breaks_the_plan(account, manager):
    Portfolio.objects.filter(pk=account.portfolio_id).update(plan_missed_allowed=9, plan_missed_days=10)
    plan = accepted(offer(account, manager, count=2, in_days=3), manager)
    missed = judged_of(plan, 1)

    day_after(account, missed + timedelta(days=10))
    stood = again(plan).state
    day_after(account, missed + timedelta(days=11))

    assert (stood, again(plan).state) == ("active", "broken")


def test_late_money_brings_a_broken_plan_back_and_is_counted(account, plan):
    day_after(account, judged_of(plan, 1))
    now = day_after(account, judged_of(plan, 2))
    pay(account, "200.00", now.date(), now=now)

    assert (again(plan).state, again(plan).times_reopened) == ("active", 1)
    assert again(account).state == "arranged"


def test_a_plan_paid_to_its_end_is_completed_and_the_account_paid(account, plan):
    for instalment in plan.instalments.order_by("number"):
        pay(account, "100.00", instalment.due_on, now=NOW + (instalment.due_on - TODAY))
        day_after(account, instalment.judged_on)

    assert again(plan).state == "completed"
    assert again(account).state == "paid"


def test_a_late_dishonour_takes_a_kept_payment_back(account, plan):
    first = plan.instalments.get(number=1)
    paid = pay(account, "100.00", first.due_on, method="direct_debit", now=NOW + (first.due_on - TODAY))
    now = day_after(account, first.judged_on)
    kept = states(plan)[0]
    reverse_payment(payment_id=paid.pk, reason="dishonour", on=now.date(), actor=None, now=now)

    assert kept in ("kept", "kept_provisionally")
    assert states(plan)[0] == "broken"
    assert again(account).next_kind == "act"
    assert again(account).balance == Decimal("400.00")


def test_money_ahead_of_its_days_keeps_them_in_order(account, plan):
    pay(account, "250.00", TODAY)

    assert states(plan) == ["kept", "kept", "scheduled", "scheduled"]
    assert again(account).next_on == judged_of(plan, 3)


def test_an_older_offer_that_is_accepted_after_a_newer_one_is_the_one_that_counts(account, manager):
    older, newer = offer(account, manager, count=4), offer(account, manager, count=2)
    accepted(newer, manager, now=NOW + timedelta(hours=1))
    accepted(older, manager, now=NOW + timedelta(hours=2))
    assert (again(older).state, again(newer).state) == ("active", "replaced")

    day_after(account, TODAY)
    assert again(older).state == "active"
    first = older.instalments.get(number=1)
    pay(account, "100.00", first.due_on, now=NOW + (first.due_on - TODAY))
    day_after(account, first.judged_on)
    assert states(older) == ["kept", "scheduled", "scheduled", "scheduled"]


def test_money_that_came_between_offer_and_acceptance_is_not_paid_under_it(account, manager):
    quoted = offer(account, manager, count=4, total="300.00")
    pay(account, "50.00", TODAY, now=NOW + timedelta(hours=1))
    plan = accepted(quoted, manager, now=NOW + timedelta(hours=2))
    day_after(account, judged_of(plan, 1))

    assert states(plan)[0] == "broken"


def test_a_step_that_somebody_set_meanwhile_stays(account, plan, manager):
    from accounts.services.next_step import set_next

    set_next(
        account=again(account), kind="callback", on=TODAY, at=NOW + timedelta(hours=1), reason="asked", actor=manager,
        now=NOW,
    )  # fmt: skip
    pay(account, "100.00", TODAY)

    assert again(account).next_kind == "callback"
