"""Deciding at the same moment, in real transactions."""

from __future__ import annotations

from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection

from accounts.foundation.errors import Refused
from accounts.services.approvals import approve, withdraw
from tests.factories import NOW, again, make_portfolio, make_team, make_user
from tests.support.credit_requests import ask_credit, credit_kind, credits


@pytest.fixture
def approval(real_db, django_db_blocker, monkeypatch):
    with django_db_blocker.unblock():
        credit_kind(monkeypatch)
        yield ask_credit(make_user("agent"), "50.00", NOW)


@pytest.fixture
def managers(approval):
    team = make_team(make_portfolio("UK"))
    return [make_user("manager", team) for _n in range(2)]


def at_once(*acts):
    """Run each act in a thread of its own, all starting together; what each answered or refused."""
    start, answers = Barrier(len(acts)), [""] * len(acts)

    def run(place, act):
        start.wait()
        try:
            answers[place] = act().state
        except Refused as refusal:
            answers[place] = refusal.code
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(answers)


def test_two_managers_approving_at_once_execute_once(approval, managers):
    answers = at_once(*[lambda who=who: approve(approval_id=approval.pk, actor=who, now=NOW) for who in managers])

    assert answers == ["approval_already_decided", "executed"]
    assert credits(approval) == 1
    assert again(approval.account).balance == Decimal("1150.00")


def test_one_manager_clicking_twice_executes_once(approval, managers):
    twice = [lambda: approve(approval_id=approval.pk, actor=managers[0], now=NOW)] * 2

    assert at_once(*twice) == ["approval_already_decided", "executed"]
    assert credits(approval) == 1


def test_a_yes_and_a_withdrawal_at_once_leave_one_of_them(approval, managers):
    answers = at_once(
        lambda: approve(approval_id=approval.pk, actor=managers[0], now=NOW),
        lambda: withdraw(approval_id=approval.pk, actor=approval.maker, now=NOW),
    )

    assert "approval_already_decided" in answers
    assert credits(approval) == (again(approval).state == "executed")
