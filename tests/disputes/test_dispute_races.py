"""Two people at one dispute at the same instant, in real transactions: one of them is refused."""

from decimal import Decimal

import pytest

from accounts.foundation.errors import Refused
from accounts.models import Approval, Dispute, DisputeDecision
from accounts.services.approvals import approve
from accounts.services.disputes import reject_dispute, withdraw_dispute
from tests.disputes.steps import asked, disputed, under_review
from tests.factories import NOW, again, make_limit, make_portfolio, make_team, make_user, place_account
from tests.support.at_once import at_once

pytestmark = pytest.mark.usefixtures("real_db")


@pytest.fixture
def team():
    return make_team(make_portfolio("UK"))


@pytest.fixture
def agent(team):
    return make_user("agent", team)


@pytest.fixture
def managers(team):
    make_limit("manager", write_off_max=Decimal("500.00"))
    return [make_user("manager", team) for _n in range(3)]


@pytest.fixture
def dispute(agent):
    return under_review(place_account(owed="1200.00", due="400.00", owner=agent), agent, amount="150.00")


def refusals(answers) -> list[str]:
    return [answer.code for answer in answers if isinstance(answer, Refused)]


def rejects(dispute, who):
    return lambda: reject_dispute(dispute_id=dispute.pk, reasons="No.", actor=who, now=NOW)


def asks(dispute, who):
    return lambda: asked(dispute, who, "150.00")


@pytest.mark.parametrize("_turn", range(3))
def test_asking_and_rejecting_at_once_does_one_of_them(dispute, managers, _turn):
    answers = at_once(asks(dispute, managers[0]), rejects(dispute, managers[1]))

    assert refusals(answers) in (["dispute_asked_already"], ["dispute_not_under_review"])
    assert Approval.objects.filter(subject_id=dispute.pk).count() + DisputeDecision.objects.filter(
        dispute=dispute
    ).count() == 1  # fmt: skip


def test_two_who_ask_at_once_leave_one_request(dispute, managers):
    answers = at_once(asks(dispute, managers[0]), asks(dispute, managers[1]))

    assert refusals(answers) == ["dispute_asked_already"]
    assert Approval.objects.filter(subject_id=dispute.pk).count() == 1


def test_two_who_reject_at_once_leave_one_decision(dispute, managers):
    answers = at_once(rejects(dispute, managers[0]), rejects(dispute, managers[1]))

    assert refusals(answers) == ["move_not_allowed"]
    assert DisputeDecision.objects.filter(dispute=dispute).count() == 1


def test_withdrawing_and_approving_at_once_keeps_what_was_agreed(dispute, agent, managers):
    request = asked(dispute, managers[0], "150.00")

    answers = at_once(
        lambda: withdraw_dispute(dispute_id=dispute.pk, said="Never mind.", actor=agent, now=NOW),
        lambda: approve(approval_id=request.pk, actor=managers[1], now=NOW),
    )

    assert refusals(answers) in (["dispute_asked_already"], ["move_not_allowed"])
    assert (again(dispute).state, again(dispute.account).balance) == ("upheld", Decimal("1050.00"))


def test_raised_twice_at_once_it_is_one_dispute(agent):
    account = place_account(owed="1200.00", due="400.00", owner=agent)

    answers = at_once(*[lambda: disputed(account, agent)] * 2)

    assert refusals(answers) == ["dispute_open_already"]
    assert Dispute.objects.filter(account=account).count() == 1
