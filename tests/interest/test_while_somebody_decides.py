"""Interest that accrues while an offer stands or a manager is asked makes neither another one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.foundation.errors import Refused
from accounts.models import AccountState, Approval
from accounts.services import approvals
from arrangements.models import Escalation
from tests.factories import again, make_limit, pay
from tests.support.cases import raise_case
from tests.support.interest import accruing, at, charge, close, day
from tests.support.offers import accepted, offer, settlement_terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(team):
    make_limit("agent", settlement_max_discount=Decimal("0.5"))
    return accruing()


def test_a_settlement_is_accepted_at_its_price_days_later_and_lets_the_interest_go_too(agent, account):
    quoted = offer(account, agent, settlement_terms(account, "800.00"))
    close(account, 1)

    accepted(quoted, agent, now=at(2))
    pay(account, "800.00", on=day(7), now=at(7))
    close(account, 10)

    assert (again(account).state, again(account).balance) == (AccountState.SETTLED, 0)


def test_a_charge_in_between_makes_it_another_one(agent, account):
    quoted = offer(account, agent, settlement_terms(account, "800.00"))
    close(account, 1)
    charge(account, day(1))

    with pytest.raises(Refused) as refusal:
        accepted(quoted, agent, now=at(2))

    assert refusal.value.code == "offer_balance_changed"


def test_a_write_off_agreed_to_days_later_writes_off_all_that_is_owed(agent, manager, account):
    make_limit("manager", write_off_max=Decimal(5000))
    raise_case("write_off", agent, account, amount=Decimal("1000.00"), now=at(0))
    close(account, 1)

    approvals.approve(approval_id=Approval.objects.get().pk, actor=manager, now=at(2))

    assert (again(account).state, again(account).balance) == (AccountState.WRITTEN_OFF, 0)
    assert Escalation.objects.get().state == "resolved"


def test_an_offer_of_a_morning_stands_when_yesterday_is_closed_only_afterwards(agent, account):
    quoted = offer(account, agent, settlement_terms(account, "800.00"), now=at(2))
    close(account, 2)
    assert again(account).balance == Decimal("1003.00")

    accepted(quoted, agent, now=at(3))
    pay(account, "800.00", on=day(7), now=at(7))
    close(account, 10)

    assert (again(account).state, again(account).balance) == (AccountState.SETTLED, 0)


def test_a_request_of_a_morning_is_carried_out_when_yesterday_is_closed_only_afterwards(agent, manager, account):
    make_limit("manager", write_off_max=Decimal(5000))
    raise_case("write_off", agent, account, now=at(2))
    close(account, 2)

    approvals.approve(approval_id=Approval.objects.get().pk, actor=manager, now=at(3))

    assert (again(account).state, again(account).balance) == (AccountState.WRITTEN_OFF, 0)


def test_money_of_a_day_before_makes_it_another_one_whatever_was_closed_late(agent, account):
    quoted = offer(account, agent, settlement_terms(account, "800.00"), now=at(2))
    charge(account, day(1), "12.00")
    close(account, 2)

    with pytest.raises(Refused) as refusal:
        accepted(quoted, agent, now=at(3))

    assert refusal.value.code == "offer_balance_changed"
