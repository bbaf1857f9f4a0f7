"""A US debt disputed in writing: asked for again only when its verification went, or the customer takes it back."""

import pytest

from accounts.services.disputes import reject_dispute, withdraw_dispute
from communications.selectors.enforcement import against_enforcement
from communications.services.notices import record_first_notice
from tests.disputes.steps import answered, disputed, refusal_of, under_review
from tests.factories import NOW, TODAY, make_portfolio, make_user, place_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(agent):
    portfolio = make_portfolio("US", code="us-bought", capacity="third_party_collector")
    return place_account(portfolio=portfolio, owner=agent)


def blocks(account) -> bool:
    return "us-regf-dispute-written" in [told.rule for told in against_enforcement(account, now=NOW)]


def papers(account) -> list[str]:
    return sorted(account.first_notices.values_list("kind", flat=True))


def withdrawn(dispute, agent):
    return withdraw_dispute(dispute_id=dispute.pk, said="It is right.", actor=agent, now=NOW)


def test_who_takes_a_written_dispute_back_waits_for_no_verification(account, agent):
    dispute = disputed(account, agent, amount="100.00", in_writing=True)
    assert papers(account) == ["dispute_received"]
    assert blocks(account)

    withdrawn(dispute, agent)

    assert papers(account) == ["dispute_received", "dispute_withdrawn"]
    assert not blocks(account)


def test_while_another_is_open_neither_answer_nor_withdrawal_ends_the_wait(account, agent):
    manager = make_user("manager", agent.team)
    first = under_review(account, agent, amount="100.00", in_writing=True)
    second = disputed(account, agent, "paid", "50.00", in_writing=True)
    third = disputed(account, agent, "service", "50.00", in_writing=True)

    withdrawn(second, agent)
    reject_dispute(dispute_id=first.pk, reasons="See the statement.", actor=manager, now=NOW)
    answered(first, agent)
    assert papers(account) == ["dispute_received"]
    assert blocks(account)
    withdrawn(third, agent)

    assert papers(account) == ["dispute_received", "dispute_withdrawn"]


def test_nobody_records_by_hand_that_an_open_dispute_was_verified(account, agent):
    dispute = disputed(account, agent, amount="100.00", in_writing=True)
    given = {"account_id": account.pk, "kind": "verification_sent", "sent_on": TODAY, "actor": agent, "now": NOW}

    assert refusal_of(record_first_notice, **given) == "verification_before_answer"
    withdrawn(dispute, agent)
    assert record_first_notice(**given).kind == "verification_sent"
