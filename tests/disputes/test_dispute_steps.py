"""Who may take which step of a dispute, one after the other, and what every round of it leaves on record."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from accounts.models import Attachment, Dispute, DisputeDecision, Event
from accounts.services.approvals import approve, return_for_correction, try_again
from accounts.services.dispute_outcomes import ask_to_uphold
from accounts.services.dispute_raising import raise_dispute
from accounts.services.disputes import (
    acknowledge_dispute,
    ask_evidence,
    record_answer,
    reject_dispute,
    reopen_dispute,
    review_dispute,
    withdraw_dispute,
)
from collections_crm.proof.invariants import INVARIANTS, violators
from collections_crm.selectors.disputes import dispute_page
from collections_crm.services.holds_by_hand import may_lift, release_by_hand
from tests.communications.calls import conclude, ring
from tests.disputes.steps import answered, asked, closed_as_rejected, disputed, refusal_of, under_review, upheld
from tests.factories import NOW, TODAY, again, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=40)
DAY = timedelta(days=1)


def broken() -> list[str]:
    return [one.name for one in INVARIANTS if "dispute" in one.name and violators(one)]


def test_the_agent_whom_it_is_about_takes_no_step_of_it(account, agent):
    dispute = disputed(account, agent, "service", about_agent_id=agent.pk)
    who = {"dispute_id": dispute.pk, "actor": agent, "now": NOW}

    assert refusal_of(withdraw_dispute, said="Never mind.", **who) == "dispute_about_you"
    assert refusal_of(acknowledge_dispute, **who) == "dispute_about_you"
    assert refusal_of(ask_evidence, of="customer", by=TODAY, **who) == "dispute_about_you"
    assert refusal_of(review_dispute, **who) == "dispute_about_you"
    assert refusal_of(record_answer, how="post", on=TODAY, **who) == "dispute_about_you"
    assert refusal_of(reopen_dispute, **who) == "dispute_about_you"


def test_nobody_works_on_disputes_but_who_works_with_customers(account, agent):
    dispute = disputed(account, agent)

    who = {"dispute_id": dispute.pk, "actor": make_user("finance"), "now": NOW}
    assert refusal_of(withdraw_dispute, said="Never mind.", **who) == "dispute_not_your_work"


def test_it_is_withdrawn_in_the_customers_words_which_are_kept(account, agent):
    dispute = disputed(account, agent)
    who = {"dispute_id": dispute.pk, "actor": agent, "now": NOW}
    assert refusal_of(withdraw_dispute, said="  ", **who) == "dispute_withdrawn_in_words"

    withdraw_dispute(said="I found the receipt.", **who)

    decision = again(dispute).decisions.get()
    assert (decision.outcome, decision.reasons.text, decision.decided_by) == (
        "withdrawn", "I found the receipt.", agent
    )  # fmt: skip
    assert broken() == []


@pytest.mark.parametrize("kind", ["fraud", "not_mine"])
def test_who_says_it_is_not_their_debt_withdraws_before_a_manager(kind, account, agent, manager):
    dispute = disputed(account, agent, kind)
    about = {"dispute_id": dispute.pk, "said": "It was me.", "now": NOW}

    assert refusal_of(withdraw_dispute, actor=agent, **about) == "dispute_not_yours_to_withdraw"
    assert withdraw_dispute(actor=manager, **about).state == "closed"


def test_what_is_about_a_colleague_a_manager_withdraws(account, agent, manager, team):
    dispute = disputed(account, agent, "service", about_agent_id=make_user("agent", team).pk)
    about = {"dispute_id": dispute.pk, "said": "Never mind.", "now": NOW}

    assert refusal_of(withdraw_dispute, actor=agent, **about) == "dispute_not_yours_to_withdraw"
    assert withdraw_dispute(actor=manager, **about).state == "closed"


def test_while_somebody_is_asked_nothing_else_is_decided(account, agent, manager, second_manager):
    dispute = under_review(account, agent, amount="150.00")
    request = asked(dispute, manager, "150.00")
    about = {"dispute_id": dispute.pk, "now": NOW}

    for who in (manager, second_manager):
        assert refusal_of(reject_dispute, reasons="No.", actor=who, **about) == "dispute_asked_already"
        again_asked = {"credit": Decimal(10), "reasons": "Yes.", "actor": who}
        assert refusal_of(ask_to_uphold, **again_asked, **about) == "dispute_asked_already"
    assert refusal_of(withdraw_dispute, said="Never mind.", actor=agent, **about) == "dispute_asked_already"
    assert refusal_of(ask_evidence, of="customer", by=TODAY, actor=agent, **about) == "dispute_asked_already"
    approve(approval_id=request.pk, actor=second_manager, now=NOW)
    assert again(dispute).state == "upheld"


def test_a_decision_ends_what_was_asked_before_it(account, agent, manager, second_manager):
    dispute = under_review(account, agent, amount="150.00")
    returned = asked(dispute, manager, "150.00")
    return_for_correction(
        approval_id=returned.pk, reason="unclear", sentence="Which fee?", actor=second_manager, now=NOW
    )

    reject_dispute(dispute_id=dispute.pk, reasons="No.", actor=second_manager, now=NOW)

    assert (again(returned).state, again(returned).decision_code) == ("voided", "dispute_decided")


def test_a_request_of_an_earlier_round_is_not_carried_out(account, agent, manager, second_manager, monkeypatch):
    """It could not be carried out at the time; then the dispute was decided, answered and reopened."""
    monkeypatch.setattr("accounts.services.dispute_decisions.void_open", lambda *_args, **_more: None)
    dispute = under_review(account, agent, "amount", "150.00", about_agent_id=second_manager.pk)
    old = approve(approval_id=asked(dispute, manager, "150.00").pk, actor=second_manager, now=NOW)
    assert old.state == "execution_failed"
    reject_dispute(dispute_id=dispute.pk, reasons="No.", actor=manager, now=NOW)
    answered(dispute, manager)
    reopen_dispute(dispute_id=dispute.pk, actor=manager, now=NOW + DAY)

    tried = try_again(approval_id=old.pk, actor=make_user("manager", manager.team), now=NOW + DAY)

    assert tried.state == "voided"
    assert (again(dispute).state, again(account).balance) == ("under_review", Decimal("1200.00"))


def test_each_round_keeps_who_asked_who_agreed_and_how_the_customer_was_told(account, agent, manager, second_manager):
    dispute = under_review(account, agent, amount="150.00")
    upheld(dispute, manager, second_manager, "50.00")
    answered(dispute, agent, how="email")
    reopen_dispute(dispute_id=dispute.pk, actor=manager, now=NOW + DAY)
    reject_dispute(dispute_id=dispute.pk, reasons="The rest is right.", actor=second_manager, now=NOW + DAY)

    first, second = again(dispute).decisions.all()

    assert (first.outcome, first.asked_by, first.decided_by, first.credited) == (
        "part_upheld", manager, second_manager, Decimal("50.00")
    )  # fmt: skip
    assert (first.answered_on, first.answered_how, first.reasons.text) == (TODAY, "email", "Right.")
    assert (second.outcome, second.asked_by, second.decided_by, second.round) == (
        "rejected", None, second_manager, 1
    )  # fmt: skip
    told = [line.words for line in dispute_page(again(dispute), now=LATER).history]
    assert "Approval asked for" in told
    assert "Approved" in told
    assert broken() == []


def test_no_decision_is_rewritten(account, agent, manager):
    dispute = closed_as_rejected(account, agent, manager)
    for statement in (
        "UPDATE accounts_disputedecision SET outcome = 'upheld'",
        "UPDATE accounts_disputedecision SET decided_by_id = %s",
        "UPDATE accounts_disputedecision SET credited = 5",
        "UPDATE accounts_disputedecision SET answered_on = answered_on - 1",
        "UPDATE accounts_disputedecision SET letter_id = NULL",
        "DELETE FROM accounts_disputedecision",
    ):
        given = [agent.pk] if "%s" in statement else []
        with pytest.raises(Exception, match=r"[Cc]annot"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, given)
    assert again(dispute).decisions.get().outcome == "rejected"


def test_what_was_decided_by_hand_in_the_database_is_found_out(account, agent, manager):
    dispute = under_review(account, agent)
    reasons = disputed(account, agent, "paid").said
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_dispute SET state = 'rejected', outcome = 'rejected', decided_by_id = %s,"
            " decided_at = now(), reasons_id = %s WHERE id = %s",
            [manager.pk, reasons.pk, dispute.pk],
        )

    assert broken() == ["dispute_decision_is_on_record"]
    DisputeDecision.objects.create(
        dispute=dispute, round=0, outcome="rejected", decided_by=manager, decided_at=NOW, reasons=reasons
    )
    assert broken() == ["dispute_decision_is_on_record"]


def test_evidence_is_asked_of_both_and_again(account, agent):
    dispute = disputed(account, agent)
    who = {"dispute_id": dispute.pk, "actor": agent, "now": NOW}
    acknowledge_dispute(**who)

    ask_evidence(of="customer", by=TODAY + 9 * DAY, **who)
    ask_evidence(of="creditor", by=TODAY + 5 * DAY, **who)
    assert again(account).next_on == TODAY + 5 * DAY
    ask_evidence(of="creditor", by=TODAY + 12 * DAY, **who)

    dispute = again(dispute)
    assert (dispute.customer_evidence_by, dispute.creditor_evidence_by) == (TODAY + 9 * DAY, TODAY + 12 * DAY)
    assert again(account).next_on == TODAY + 9 * DAY


def test_late_or_under_review_evidence_is_still_asked_for(account, agent):
    dispute = under_review(account, agent)
    who = {"dispute_id": dispute.pk, "of": "customer", "actor": agent, "now": LATER}
    today = LATER.date()
    assert dispute.answer_by < today

    assert refusal_of(ask_evidence, by=today - DAY, **who) == "dispute_evidence_day"
    assert refusal_of(ask_evidence, by=today + 15 * DAY, **who) == "dispute_evidence_day"
    assert ask_evidence(by=today + 14 * DAY, **who).state == "evidence_requested"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"received_on": TODAY - 365 * DAY}, "dispute_before_the_account"),
        ({"amount": Decimal(0)}, "dispute_more_than_owed"),
    ],
)
def test_neither_a_day_before_the_account_nor_nothing_is_disputed(given, code, account, agent):
    about = {"account_id": account.pk, "party_id": account.parties.get().pk, "kind": "paid", "said": "No."}

    assert refusal_of(raise_dispute, **about, **given, actor=agent, now=NOW) == code


def test_what_was_unsaid_becomes_a_part_only_in_the_customers_words(account, agent):
    conclude(ring(account, agent), agent, "disputes")
    unsaid = Dispute.objects.get()
    who = {"dispute_id": unsaid.pk, "actor": agent, "now": NOW}
    part = {"kind": "amount", "amount": Decimal("150.00")}
    assert refusal_of(acknowledge_dispute, **part, **who) == "dispute_part_in_words"

    acknowledge_dispute(said="Only the late fees.", **part, **who)

    told = again(unsaid)
    assert (told.state, told.amount, told.said.text) == ("acknowledged", Decimal("150.00"), "Only the late fees.")
    assert (told.answer_by, told.hold.amount) == (unsaid.answer_by, Decimal("150.00"))
    assert not again(unsaid.hold).in_force
    assert again(account).next_kind == "act"


def test_what_came_earlier_than_the_call_is_answered_earlier(account, agent):
    conclude(ring(account, agent), agent, "disputes")
    unsaid = Dispute.objects.get()

    told = again(disputed(account, agent, "paid", received_on=TODAY - 4 * DAY))

    assert (told.pk, told.received_on, told.answer_by) == (
        unsaid.pk, TODAY - 4 * DAY, unsaid.answer_by - 4 * DAY
    )  # fmt: skip


def test_a_dispute_of_a_part_hides_no_later_one_of_all(account, agent):
    disputed(account, agent, amount="10.00")

    conclude(ring(account, agent), agent, "disputes")

    whole = Dispute.objects.get(kind="unsaid")
    assert (whole.amount, whole.hold.scope, whole.hold.in_force) == (Decimal("1200.00"), "account", True)
    conclude(ring(account, agent), agent, "disputes")
    assert Dispute.objects.count() == 2


def test_the_letter_that_was_sent_is_kept_and_is_no_new_evidence(account, agent, manager):
    dispute = closed_as_rejected(account, agent, manager)

    letter = dispute.decisions.get().letter
    assert (letter.account, letter.kind, letter.media_type) == (account, "letter_sent", "application/pdf")
    assert bytes(letter.content).startswith(b"%PDF")
    who = {"dispute_id": dispute.pk, "evidence_id": letter.pk, "actor": agent, "now": LATER}
    assert refusal_of(reopen_dispute, **who) == "dispute_nothing_new"
    assert Attachment.objects.count() == 1


def test_what_was_looked_at_before_the_yes_is_kept_with_it(account, agent, manager, second_manager):
    request = asked(under_review(account, agent, amount="150.00"), manager, "150.00")

    approve(approval_id=request.pk, actor=second_manager, now=NOW)

    checks = Event.objects.get(kind="approval.approve", subject_id=request.pk).codes["checks"]
    assert [(check["code"], check["holds"]) for check in checks] == [
        ("dispute_under_review", True), ("credit_is_owed", True)
    ]  # fmt: skip


def test_the_hold_of_a_dispute_is_nobodys_to_lift_by_hand(account, agent, manager):
    hold = disputed(account, agent).hold

    for user in (agent, manager, make_user("compliance"), make_user("admin")):
        assert not may_lift(user, hold)
    lift = {"hold_id": hold.pk, "reason": "matter_ended", "actor": manager, "now": NOW}
    assert refusal_of(release_by_hand, **lift) == "hold.kept_by_another"
