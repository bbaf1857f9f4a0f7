"""Disputes: the disputed amount rests, clocks run from receipt, a decision is sent before it is over."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from accounts.models import Attachment, Dispute, Hold, HoldScope, NextKind
from accounts.services import approvals
from accounts.services.dispute_outcomes import ask_to_uphold
from accounts.services.dispute_raising import raise_dispute
from accounts.services.disputes import (
    acknowledge_dispute,
    ask_evidence,
    record_answer,
    reject_dispute,
    reopen_dispute,
    withdraw_dispute,
)
from collections_crm.proof.invariants import INVARIANTS, violators
from tests.communications.calls import conclude, ring
from tests.disputes.steps import closed_as_rejected, disputed, refusal_of, under_review
from tests.factories import NOW, TODAY, again, make_portfolio, make_user, place_account

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=40)


def test_the_whole_debt_rests_while_it_is_disputed(account, agent):
    dispute = disputed(account, agent)

    hold = again(dispute).hold
    assert (hold.scope, hold.account, hold.forbids("demand")) == (HoldScope.ACCOUNT, account, True)
    assert again(account).next_kind == NextKind.REVIEW_HOLD
    assert again(account).next_on == dispute.acknowledge_by
    assert again(dispute).said.text == "The fees are wrong."


def test_of_a_part_only_that_part_rests_and_the_work_goes_on(account, agent):
    dispute = disputed(account, agent, amount="150.00")

    hold = again(dispute).hold
    assert (hold.scope, hold.amount) == (HoldScope.AMOUNT, Decimal("150.00"))
    assert again(account).next_kind == NextKind.ACT


@pytest.mark.parametrize(
    ("place", "acknowledge", "answer"),
    [("UK", 25, 16), ("US", 25, 18), ("MX", 20, 18), ("AU", 20, 19)],
)
def test_the_clocks_of_each_place_run_from_the_day_it_came(place, acknowledge, answer, agent):
    dispute = disputed(place_account(jurisdiction=place), agent)

    assert dispute.acknowledge_by == date(2026, 11, acknowledge)
    assert dispute.answer_by == date(2026, 12, answer)


def test_the_next_clock_becomes_the_day_of_the_review(account, agent):
    dispute = disputed(account, agent)
    acknowledge_dispute(dispute_id=dispute.pk, actor=agent, now=NOW)
    assert again(account).next_on == dispute.answer_by

    asked = {"of": "creditor", "by": TODAY + timedelta(days=9)}
    ask_evidence(dispute_id=dispute.pk, actor=agent, now=NOW, **asked)

    assert again(account).next_on == TODAY + timedelta(days=9)


def test_evidence_is_asked_for_before_the_answer_is_due(account, agent):
    dispute = disputed(account, agent)
    acknowledge_dispute(dispute_id=dispute.pk, actor=agent, now=NOW)

    asked = {"dispute_id": dispute.pk, "of": "customer", "actor": agent, "now": NOW}
    assert refusal_of(ask_evidence, by=dispute.answer_by + timedelta(days=1), **asked) == "dispute_evidence_day"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"kind": "weather"}, "dispute_kind_unknown"),
        ({"amount": "1200.01"}, "dispute_more_than_owed"),
        ({"received_on": TODAY + timedelta(days=1)}, "dispute_in_the_future"),
    ],
)
def test_what_cannot_be_disputed_is_refused(said, code, account, agent):
    given = {"kind": "amount", "amount": "100.00"} | said
    given["amount"] = Decimal(given["amount"])
    about = {"account_id": account.pk, "party_id": account.parties.get().pk, "said": "No.", "actor": agent, "now": NOW}

    assert refusal_of(raise_dispute, **about, **given) == code
    assert not Hold.objects.exists()


def test_one_kind_is_disputed_once_at_a_time(account, agent):
    disputed(account, agent)
    about = {"account_id": account.pk, "party_id": account.parties.get().pk, "said": "", "actor": agent, "now": NOW}

    assert refusal_of(raise_dispute, kind="amount", **about) == "dispute_open_already"


def test_a_call_that_ends_in_a_dispute_opens_one_that_says_later_what_it_is_about(account, agent):
    conclude(ring(account, agent), agent, "disputes")

    dispute = Dispute.objects.get(account=account)
    assert (dispute.kind, again(account).next_on) == ("unsaid", dispute.acknowledge_by)
    assert refusal_of(acknowledge_dispute, dispute_id=dispute.pk, actor=agent, now=NOW) == "dispute_kind_unknown"
    acknowledge_dispute(dispute_id=dispute.pk, kind="paid", actor=agent, now=NOW)
    assert again(dispute).kind == "paid"


def test_what_was_left_unsaid_is_said_later_and_keeps_its_day_and_its_clock(account, agent):
    conclude(ring(account, agent), agent, "disputes")
    unsaid = Dispute.objects.get()

    told = disputed(account, agent, "paid", now=NOW + timedelta(days=3))

    assert told.pk == unsaid.pk
    told = again(told)
    assert (told.kind, told.amount, told.said.text) == ("paid", Decimal("1200.00"), "The fees are wrong.")
    assert (told.received_on, told.acknowledge_by, told.answer_by) == (
        unsaid.received_on, unsaid.acknowledge_by, unsaid.answer_by
    )  # fmt: skip
    assert told.hold == unsaid.hold
    assert told.hold.in_force


def test_an_upheld_amount_is_taken_off_once_somebody_else_agrees(account, agent, manager, second_manager):
    dispute = under_review(account, agent, amount="150.00")
    asked = ask_to_uphold(
        dispute_id=dispute.pk, credit=Decimal("150.00"), reasons="Fees taken twice.", actor=manager, now=NOW
    )
    assert again(account).balance == Decimal("1200.00")
    assert refusal_of(approvals.approve, approval_id=asked.pk, actor=manager, now=NOW) == "approval_own"

    approvals.approve(approval_id=asked.pk, actor=second_manager, now=NOW)

    dispute = again(dispute)
    assert (dispute.state, dispute.credited, dispute.decided_by) == ("upheld", Decimal("150.00"), second_manager)
    assert again(account).balance == Decimal("1050.00")
    entry = account.ledger.get(kind="adjustment")
    assert (entry.amount, entry.source, entry.meets_due) == (Decimal("-150.00"), "dispute", True)
    assert again(dispute.hold).in_force


def test_less_than_was_disputed_is_upheld_in_part(account, agent, manager, second_manager):
    dispute = under_review(account, agent, amount="150.00")
    asked = ask_to_uphold(dispute_id=dispute.pk, credit=Decimal("50"), reasons="One fee.", actor=manager, now=NOW)
    approvals.approve(approval_id=asked.pk, actor=second_manager, now=NOW)

    assert (again(dispute).state, again(dispute).credited) == ("part_upheld", Decimal("50.00"))


def test_a_debt_that_is_not_theirs_goes_back_to_the_creditor(account, agent, manager, second_manager):
    account = place_account(owed="300.00")
    dispute = under_review(account, agent, "not_mine")
    asked = ask_to_uphold(dispute_id=dispute.pk, credit=None, reasons="Another Ana.", actor=manager, now=NOW)
    approvals.approve(approval_id=asked.pk, actor=second_manager, now=NOW)

    assert (again(dispute).state, again(account).state) == ("upheld", "recalled")


def test_a_credit_beyond_the_approvers_limit_is_not_approved(account, agent, manager, second_manager):
    dispute = under_review(account, agent)
    asked = ask_to_uphold(dispute_id=dispute.pk, credit=Decimal("1200"), reasons="All paid.", actor=manager, now=NOW)

    refusal = refusal_of(approvals.approve, approval_id=asked.pk, actor=second_manager, now=NOW)

    assert refusal == "approval_beyond_limit"
    assert again(account).balance == Decimal("1200.00")


def test_whom_it_is_about_decides_nothing(account, agent, manager, second_manager):
    dispute = under_review(account, agent, "service", about_agent_id=manager.pk)
    about = {"dispute_id": dispute.pk, "reasons": "No.", "now": NOW}

    assert refusal_of(reject_dispute, actor=manager, **about) == "dispute_about_you"
    assert refusal_of(ask_to_uphold, actor=manager, credit=Decimal(10), **about) == "dispute_about_you"
    asked = ask_to_uphold(actor=second_manager, credit=Decimal(10), **about)
    done = approvals.approve(approval_id=asked.pk, actor=manager, now=NOW)
    assert (done.state, done.decision_code) == ("execution_failed", "dispute_about_you")
    assert again(account).balance == Decimal("1200.00")


def test_an_agent_decides_no_dispute(account, agent):
    dispute = under_review(account, agent)

    given = {"dispute_id": dispute.pk, "reasons": "No.", "actor": agent, "now": NOW}
    assert refusal_of(reject_dispute, **given) == "dispute_not_your_role"


def test_a_rejection_needs_reasons_and_ends_only_with_the_answer_that_was_sent(account, agent, manager):
    dispute = under_review(account, agent)
    given = {"dispute_id": dispute.pk, "actor": manager, "now": NOW}
    assert refusal_of(reject_dispute, reasons=" ", **given) == "dispute_reasons_needed"
    assert refusal_of(record_answer, how="post", on=TODAY, **given) == "dispute_not_decided"

    reject_dispute(reasons="The contract says so.", **given)
    assert again(dispute).hold.in_force
    assert refusal_of(record_answer, how="post", on=TODAY - timedelta(days=1), **given) == "dispute_answered_when"
    record_answer(how="post", on=TODAY, **given)

    dispute = again(dispute)
    assert (dispute.state, dispute.outcome, dispute.answered_on) == ("closed", "rejected", TODAY)
    assert not dispute.hold.in_force
    assert again(account).next_kind == NextKind.ACT


def test_a_withdrawn_dispute_lifts_its_hold(account, agent):
    dispute = disputed(account, agent)

    withdraw_dispute(dispute_id=dispute.pk, said="I found the receipt.", actor=agent, now=NOW)

    assert (again(dispute).state, again(dispute).hold.in_force) == ("closed", False)
    assert again(account).next_kind == NextKind.ACT


def test_new_evidence_reopens_what_was_rejected_with_a_new_clock(account, agent, manager):
    dispute = closed_as_rejected(account, agent, manager)
    about = {"dispute_id": dispute.pk, "actor": agent, "now": LATER}
    assert refusal_of(reopen_dispute, **about) == "dispute_nothing_new"
    letter = Attachment.objects.create(
        account=account, kind="other", name="bank.pdf", media_type="application/pdf", size=1, digest="d" * 64,
        content=b"x", uploaded_by=agent, uploaded_at=LATER,
    )  # fmt: skip

    reopen_dispute(evidence_id=letter.pk, **about)

    dispute = again(dispute)
    assert (dispute.state, dispute.reopened, dispute.outcome) == ("under_review", 1, "")
    assert dispute.answer_by == LATER.date() + timedelta(days=28)
    assert dispute.hold.in_force


def test_a_manager_reopens_without_new_evidence(account, agent, manager):
    dispute = closed_as_rejected(account, agent, manager)

    assert reopen_dispute(dispute_id=dispute.pk, actor=manager, now=LATER).state == "under_review"


def test_a_us_debt_disputed_in_writing_rests_until_its_verification_is_sent(agent, manager):
    portfolio = make_portfolio("US", code="us-bought", capacity="third_party_collector")
    account = place_account(portfolio=portfolio)
    dispute = under_review(account, agent, in_writing=True)
    assert account.first_notices.get().kind == "dispute_received"

    reject_dispute(dispute_id=dispute.pk, reasons="See the statement.", actor=manager, now=NOW)
    record_answer(dispute_id=dispute.pk, how="post", on=TODAY, actor=manager, now=NOW)

    assert set(account.first_notices.values_list("kind", flat=True)) == {"dispute_received", "verification_sent"}


def test_the_database_lets_nobody_shorten_a_disputes_way(account, agent, manager):
    dispute = under_review(account, agent)
    for statement in (
        "UPDATE accounts_dispute SET state = 'closed', ended_at = now() WHERE id = %s",
        "UPDATE accounts_dispute SET state = 'rejected' WHERE id = %s",
        "UPDATE accounts_dispute SET answer_by = answer_by + 60 WHERE id = %s",
        "UPDATE accounts_dispute SET amount = 1 WHERE id = %s",
        "DELETE FROM accounts_dispute WHERE id = %s",
    ):
        with pytest.raises(Exception, match="dispute"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [dispute.pk])


def test_the_book_stays_whole_whatever_became_of_the_disputes(account, agent, manager, second_manager):
    closed_as_rejected(account, agent, manager)
    part = under_review(place_account(), agent, amount="150.00")
    asked = ask_to_uphold(dispute_id=part.pk, credit=Decimal("50"), reasons="One fee.", actor=manager, now=NOW)
    approvals.approve(approval_id=asked.pk, actor=second_manager, now=NOW)
    disputed(place_account(), make_user("agent"), "paid")

    broken = [one.name for one in INVARIANTS if "dispute" in one.name and violators(one)]
    assert not broken
