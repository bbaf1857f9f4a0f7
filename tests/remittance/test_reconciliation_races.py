"""Reconciling at the same moment, in real transactions."""

from __future__ import annotations

import pytest

from accounts.foundation.errors import Refused
from accounts.models import Approval, Reconciliation
from accounts.services.approvals import approve
from accounts.services.default_events import ask_default
from collections_crm.proof.invariants import INVARIANTS, violators
from tests.factories import NOW, TODAY, again, make_portfolio, make_team, make_user, pay
from tests.support.advances import LAST, advance, asked, present, proposed
from tests.support.at_once import at_once
from tests.support.cases import keep_file


@pytest.fixture
def people(real_db, django_db_blocker):
    with django_db_blocker.unblock():
        team = make_team(make_portfolio("US", "mca", regulated=False))
        yield [make_user(role, team) for role in ("agent", "manager", "manager")]


def code_of(answer) -> str:
    return answer.code if isinstance(answer, Refused) else answer.state


def test_who_asks_twice_at_once_has_one_reconciliation(people):
    agent, manager, _other = people
    account = advance(owner=agent)

    answers = at_once(lambda: asked(account, agent), lambda: asked(account, manager))

    assert sorted(map(code_of, answers)) == ["asked", "reconciliation_open_already"]
    assert Reconciliation.objects.filter(account=account).count() == 1


def test_money_that_comes_while_a_manager_agrees_is_counted_or_voids_the_request(people):
    agent, manager, _other = people
    account = advance(owner=agent)
    case = proposed(account, agent)
    request = Approval.objects.get(subject_type="reconciliation", subject_id=case.pk)

    agreed, _paid = at_once(
        lambda: approve(approval_id=request.pk, actor=manager, now=NOW), lambda: pay(account, "150.00", LAST)
    )

    assert code_of(agreed) in ("executed", "voided")
    assert present(account).version == (2 if code_of(agreed) == "executed" else 1)
    assert [one.name for one in INVARIANTS if violators(one)] == []


def test_a_default_and_a_reconciliation_never_stand_beside_each_other(people):
    agent, manager, other = people
    account = advance(owner=agent)
    files = [keep_file(account, manager).pk]
    told = {"facts": ["diverted"], "happened_on": TODAY, "said": "Elsewhere.", "evidence": files}
    request = ask_default(account_id=account.pk, actor=manager, now=NOW, **told)

    at_once(lambda: approve(approval_id=request.pk, actor=other, now=NOW), lambda: asked(account, agent))

    declared, opened = again(account).default_declared_on, account.reconciliations.filter(ended_at=None).exists()
    assert again(request).state == ("executed" if declared else "execution_failed")
    assert declared or opened
    assert [one.name for one in INVARIANTS if violators(one)] == []
