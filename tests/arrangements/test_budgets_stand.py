"""A budget that was kept is never added to, and what was seen with it is never taken away: in transactions of their
own, as pages write."""

from __future__ import annotations

import pytest
from django.db import DatabaseError

from arrangements.models import Budget, BudgetEvidence, BudgetLine
from tests.arrangements.test_budgets import taken
from tests.factories import make_portfolio, make_team, make_user, place_account
from tests.support.cases import keep_file


@pytest.fixture
def budget(real_db, django_db_blocker):
    with django_db_blocker.unblock():
        agent = make_user("agent", make_team(make_portfolio("UK")))
        account = place_account(owner=agent)
        yield taken(account, agent, evidence_ids=[keep_file(account, agent).pk])


def test_nothing_is_added_to_a_budget_later(budget):
    with pytest.raises(DatabaseError, match="as it was told"):
        BudgetLine.objects.create(budget=budget, category="savings", amount=1, period="monthly")

    assert budget.lines.count() == 5


def test_what_was_seen_is_neither_added_to_nor_taken_away(budget):
    other = keep_file(budget.account, budget.taken_by)

    with pytest.raises(DatabaseError, match="as it was told"):
        BudgetEvidence.objects.create(budget=budget, attachment=other)
    with pytest.raises(DatabaseError):
        budget.evidence.clear()

    assert budget.evidence.count() == 1


def test_nobody_says_that_a_budget_is_of_another_transaction(budget):
    with pytest.raises(DatabaseError):
        Budget.objects.filter(pk=budget.pk).update(txid=budget.txid + 1)
