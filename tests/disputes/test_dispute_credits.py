"""What upholding a dispute takes off, what it pays back, and what the customer reads of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from accounts.foundation.errors import Refused
from accounts.services.approvals import approve
from accounts.services.dispute_outcomes import ask_to_uphold, most_credit, uphold
from accounts.services.dispute_refunds import record_refund
from accounts.services.disputes import reject_dispute, reopen_dispute
from arrangements.services.escalations import raise_escalation
from collections_crm.proof.invariants import INVARIANTS, violators
from collections_crm.selectors.inbox import inbox_of
from collections_crm.services.dispute_letter import data_of
from tests.disputes.steps import answered, asked, disputed, refusal_of, under_review, upheld
from tests.factories import NOW, TODAY, again, make_limit, make_user, pay, place_account

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def manager(manager):
    make_limit("manager", write_off_max=Decimal("5000.00"))
    return manager


def sentences(dispute, on=TODAY) -> str:
    with override("en"):
        return " ".join(data_of(again(dispute), on)["sentences"])


def test_a_part_that_is_fraud_is_credited_and_the_account_stays(account, agent, manager, second_manager):
    dispute = under_review(account, agent, "fraud", "100.00")
    given = {"dispute_id": dispute.pk, "reasons": "Forged.", "actor": manager, "now": NOW}
    assert refusal_of(ask_to_uphold, credit=None, **given) == "dispute_credit_wrong"

    dispute = upheld(dispute, manager, second_manager, "100.00")

    assert (dispute.state, dispute.credited) == ("upheld", Decimal("100.00"))
    assert (again(account).state, again(account).balance) == ("new", Decimal("1100.00"))
    assert "You are right about 100.00 GBP" in sentences(dispute)


def test_of_what_was_paid_meanwhile_the_rest_is_paid_back_by_finance(account, agent, manager, second_manager):
    dispute = under_review(account, agent, amount="150.00")
    pay(account, "1100.00")

    dispute = upheld(dispute, manager, second_manager, "150.00")
    assert (dispute.state, again(account).balance) == ("upheld", Decimal("-50.00"))
    assert "You had paid 50.00 GBP of it already: we pay that back to you." in sentences(dispute)
    answered(dispute, agent)

    finance = make_user("finance")
    [section] = [one for one in inbox_of(finance, NOW) if "pay back" in str(one.title)]
    assert (section.lines[0].text, section.lines[0].detail) == (account.reference, "50.00 GBP")
    given = {"dispute_id": dispute.pk, "now": NOW}
    assert refusal_of(record_refund, on=TODAY, actor=manager, **given) == "dispute_refund_not_yours"
    assert refusal_of(record_refund, on=TODAY - DAY, actor=finance, **given) == "dispute_refund_when"
    for _time in range(2):
        record_refund(on=TODAY, actor=finance, **given)
    assert again(account).balance == 0
    assert account.ledger.filter(source="dispute_refund").count() == 1
    assert not [one for one in inbox_of(finance, NOW) if "pay back" in str(one.title)]
    assert not [one.name for one in INVARIANTS if violators(one)]


def test_an_account_that_was_paid_can_still_be_found_wrong(account, agent, manager, second_manager):
    dispute = under_review(account, agent, amount="150.00")
    pay(account, "1200.00")
    assert again(account).state == "paid"

    dispute = upheld(dispute, manager, second_manager, "150.00")

    assert (dispute.state, again(account).balance, again(account).state) == ("upheld", Decimal("-150.00"), "paid")


def test_what_was_let_go_is_not_paid_back(account, agent, manager, second_manager):
    """Nobody paid what was written off: the customer is right, and nothing is left to credit."""
    dispute = under_review(account, agent, amount="150.00")
    reject_dispute(dispute_id=dispute.pk, reasons="No.", actor=manager, now=NOW)
    answered(dispute, manager)
    written_off(account, agent, second_manager)

    assert again(account).state == "written_off"
    assert most_credit(again(dispute)) == 0


def written_off(account, agent, manager):
    case = raise_escalation(
        account_id=account.pk, kind="write_off", reason="uneconomic", note="Old.", actor=agent, now=NOW
    )
    approve(approval_id=case.approval_id, actor=manager, now=NOW)


def test_right_with_nothing_left_to_credit(account, agent, manager, second_manager, monkeypatch):
    dispute = under_review(account, agent, amount="150.00")
    monkeypatch.setattr("accounts.services.dispute_outcomes.let_go", lambda _account: Decimal("150.00"))
    assert refusal_of(asked, dispute=dispute, actor=manager, credit="10.00") == "dispute_credit_wrong"

    dispute = upheld(dispute, manager, second_manager, "0")

    assert (dispute.state, dispute.credited, again(account).balance) == ("upheld", 0, Decimal("1200.00"))
    assert "There is nothing left that could be taken off" in sentences(dispute)


def test_nothing_is_credited_only_where_nothing_can_be(account, agent, manager):
    dispute = under_review(account, agent, amount="150.00")

    assert refusal_of(asked, dispute=dispute, actor=manager, credit="0") == "dispute_credit_wrong"


def test_the_credit_is_looked_at_again_when_it_is_carried_out(account, agent, manager, second_manager, monkeypatch):
    """Whatever the checks said: between them and the act lies a lock."""
    dispute = under_review(account, agent, amount="150.00")
    request = asked(dispute, manager, "150.00")
    monkeypatch.setattr("accounts.services.dispute_outcomes.let_go", lambda _account: Decimal("100.00"))

    with pytest.raises(Refused) as refusal:
        uphold(request, second_manager, NOW)

    assert refusal.value.code == "dispute_credit_wrong"
    assert again(account).balance == Decimal("1200.00")


def test_a_rejection_after_a_credit_says_that_the_credit_stays(account, agent, manager, second_manager):
    dispute = under_review(account, agent, amount="150.00")
    answered(upheld(dispute, manager, second_manager, "50.00"), agent)
    reopen_dispute(dispute_id=dispute.pk, actor=manager, now=NOW + DAY)
    reject_dispute(dispute_id=dispute.pk, reasons="The rest is right.", actor=manager, now=NOW + DAY)

    told = sentences(dispute)

    assert "We had taken 50.00 GBP off what is owed, and that stays so." in told
    assert "What is owed today is 1,150.00 GBP." in told


def test_the_letter_says_what_was_owed_on_its_day_and_what_else_rests(account, agent, manager):
    dispute = under_review(account, agent, amount="150.00")
    disputed(account, agent, "paid", "200.00")
    reject_dispute(dispute_id=dispute.pk, reasons="No.", actor=manager, now=NOW)
    pay(account, "100.00", now=NOW + DAY)

    told = sentences(dispute)

    assert "What is owed today is 1,200.00 GBP." in told
    assert "We do not ask you for 200.00 GBP of it, which you still dispute." in told
    assert "What is owed today is 1,100.00 GBP." in sentences(dispute, TODAY + DAY)


def test_a_whole_debt_that_is_fraud_still_goes_back(agent, manager, second_manager):
    account = place_account(owed="300.00")

    upheld(under_review(account, agent, "fraud"), manager, second_manager, None)

    assert again(account).state == "recalled"
