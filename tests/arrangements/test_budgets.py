"""Budgets: what comes in and goes out by the month, kept as it was told, and where negotiating begins."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from html import unescape
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.foundation.errors import Refused
from arrangements.models import GROUPS, PER_MONTH, Budget, BudgetCategory, BudgetGroup, BudgetPeriod
from arrangements.selectors.budgets import budget_of
from arrangements.services.budgets import Told, sums_of, take_budget
from tests.factories import NOW, TODAY, again, make_party, make_user, place_account
from tests.support.logged_in import as_user

C, P = BudgetCategory, BudgetPeriod
TOLD = [
    Told(C.EARNINGS, Decimal("450.00"), P.WEEKLY),
    Told(C.HOME, Decimal("800.00"), P.MONTHLY),
    Told(C.WATER, Decimal("360.00"), P.YEARLY),
    Told(C.FOOD, Decimal("180.00"), P.FORTNIGHTLY),
    Told(C.OTHER_DEBTS, Decimal("60.00"), P.FOUR_WEEKLY),
]


@pytest.fixture
def account(team, agent):
    return place_account(owner=agent)


def taken(account, actor, told=tuple(TOLD), *, now=NOW, **more) -> Budget:
    given_ = {"household": "single", "party_id": account.parties.get().pk} | more
    return take_budget(account_id=account.pk, told=list(told), actor=actor, now=now, **given_)


def test_every_category_stands_in_one_group():
    assert sorted(one for within in GROUPS.values() for one in within) == sorted(BudgetCategory)


def test_weeks_and_years_are_months_before_they_are_added():
    sums = sums_of(TOLD, "GBP")

    assert sums.income == Decimal("1950.00")
    assert sums.groups[BudgetGroup.FIXED] == Decimal("830.00")
    assert sums.groups[BudgetGroup.FLEXIBLE] == Decimal("390.00")
    assert sums.groups[BudgetGroup.DEBTS] == Decimal("65.00")
    assert sums.disposable == Decimal("665.00")


@given(
    st.lists(
        st.builds(
            Told,
            st.sampled_from(BudgetCategory),
            st.decimals("0.01", "99999.99", places=2),
            st.sampled_from(BudgetPeriod),
        ),
        max_size=20,
    )
)
def test_what_is_left_is_what_comes_in_less_what_goes_out_to_a_cent_a_group(told):
    sums = sums_of(told, "GBP")

    exact = sum(
        (
            one.amount * PER_MONTH[one.period] * (1 if one.category in GROUPS[BudgetGroup.INCOME] else -1)
            for one in told
        ),
        Decimal(0),
    )
    assert abs(sums.disposable - exact) <= Decimal("0.005") * len(GROUPS)
    assert sums.disposable == sums.income - sums.spending


@pytest.mark.django_db
def test_a_budget_is_kept_as_it_was_told_and_holds_for_half_a_year(account, agent):
    budget = again(taken(account, agent))

    assert (budget.income, budget.spending, budget.disposable) == (Decimal("1950.00"), Decimal("1285.00"), 665)
    assert [(row.category, row.period) for row in budget.lines.all()] == [(o.category, o.period) for o in TOLD]
    assert budget_of(account, budget.valid_until) == budget
    assert budget_of(account, budget.valid_until + timedelta(days=1)) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"told": []}, "budget_says_nothing"),
        ({"told": [Told(C.FOOD, Decimal("-1"), P.WEEKLY)]}, "budget_below_zero"),
        ({"household": "commune"}, "budget_says_nothing"),
    ],
)
def test_what_is_no_budget_is_refused(more, code, account, agent):
    with pytest.raises(Refused) as refused:
        taken(account, agent, **more)

    assert refused.value.code == code


@pytest.mark.django_db
def test_nobody_else_s_budget_is_taken_here_and_finance_takes_none(account, agent):
    with pytest.raises(Refused, match="doesn't owe"):
        taken(account, agent, party_id=make_party("Somebody Else").pk)
    with pytest.raises(Refused, match="agents, managers and compliance"):
        taken(account, make_user("finance"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE arrangements_budget SET disposable = 1, income = spending + 1",
        "UPDATE arrangements_budgetline SET amount = 1",
        "DELETE FROM arrangements_budgetline",
        "UPDATE arrangements_budget SET valid_until = valid_until + 365",
    ],
)
def test_what_was_told_stands(statement, account, agent):
    taken(account, agent)

    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement)


def sent(account, **said):
    about = {"party": account.parties.get().pk, "household": "single", "idempotency": uuid4()}
    return about | {"earnings": "450", "earnings_period": "weekly", "home": "800", "home_period": "monthly"} | said


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen")
def test_an_agent_takes_a_budget_and_the_workbench_begins_with_what_is_left(account, agent):
    client, url = as_user(agent), reverse("budget-take", args=[account.reference])

    worked_out = unescape(client.post(url, sent(account), headers={"HX-Request": "true"}).content.decode())
    assert "1,150.00" in worked_out
    assert not Budget.objects.exists()
    page = unescape(client.post(url, sent(account, save="1"), follow=True).content.decode())

    assert "1,150.00" in page
    bench = unescape(client.get(reverse("negotiate", args=[account.reference])).content.decode())
    assert 'value="1,150.00"' in bench
    assert "1,150.00 GBP left a month" in bench


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen")
def test_a_double_click_keeps_one_budget_and_an_empty_form_says_what_to_write(account, agent):
    client, url = as_user(agent), reverse("budget-take", args=[account.reference])
    empty = {"party": account.parties.get().pk, "household": "single", "save": "1"}

    assert "Write at least one amount" in client.post(url, empty).content.decode()
    given_ = sent(account, save="1")
    for _time in range(2):
        client.post(url, given_)

    assert Budget.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen")
def test_the_next_budget_tells_what_changed_since_the_last(account, agent):
    taken(account, agent, now=NOW - timedelta(days=60))
    newer = taken(account, agent, [*TOLD[1:], Told(C.EARNINGS, Decimal("400.00"), P.WEEKLY)])

    page = unescape(as_user(agent).get(reverse("budget", args=[newer.pk])).content.decode())

    assert "216.67 GBP less than last time" in page


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen")
def test_where_nothing_is_left_no_plan_is_suggested(account, agent):
    budget = taken(account, agent, [TOLD[1], Told(C.BENEFITS, Decimal("100.00"), P.WEEKLY)])
    client = as_user(agent)

    assert "offer no plan from it" in client.get(reverse("budget", args=[budget.pk])).content.decode()
    assert "nothing to pay from" in client.get(reverse("negotiate", args=[account.reference])).content.decode()
    assert budget.valid_until > TODAY
