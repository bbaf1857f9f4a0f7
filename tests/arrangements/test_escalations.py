"""Escalations: raised with their checks, waiting, decided, and what the account is afterwards."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.foundation.errors import Refused
from accounts.models import Approval, Hold
from accounts.services.approval_ends import expire_overdue
from accounts.services.approvals import approve, decline, return_for_correction, withdraw
from accounts.services.holds import place_hold
from arrangements.models import Escalation
from arrangements.services.escalations import answer_referral, correct_escalation, raise_escalation
from tests.factories import TODAY, again, make_user, pay, place_account
from tests.support.cases import account_for, asked_for, keep_file, raise_case, serve

pytestmark = pytest.mark.django_db

KINDS = ["legal", "ucc", "settlement", "write_off", "fraud"]


def refusal_of(act, **given):
    with pytest.raises(Refused) as refused:
        act(**given)
    return refused.value.code


@pytest.mark.parametrize("kind", KINDS)
def test_a_raised_case_waits_and_leaves_the_account_in_its_state(kind, agent):
    account = account_for(kind)
    before = account.state

    escalation = raise_case(kind, agent, account)

    account = again(account)
    assert (escalation.state, escalation.approval.state, account.state) == ("under_review", "requested", before)
    assert (account.next_kind, account.next_subject_type) == ("await_approval", "approval")
    assert account.next_subject_id == escalation.approval_id
    assert all(check["holds"] for check in escalation.checks)


@pytest.mark.parametrize("kind", KINDS)
def test_a_declined_case_leaves_the_account_as_it_was(kind, agent, manager, now):
    account = account_for(kind, owner=agent)
    escalation = raise_case(kind, agent, account)

    decline(approval_id=escalation.approval_id, reason="not_justified", sentence="No.", actor=manager, now=now)

    after = again(account)
    assert again(escalation).state == "declined"
    assert again(escalation).answer_note.text == "No."
    assert (after.state, after.next_kind, after.next_on, after.next_owner) == ("new", "act", TODAY, agent)
    assert not Hold.objects.filter(account=account, state="active").exists()


def test_legal_action_takes_the_account_to_enforcement(agent, manager, now):
    escalation = raise_case("legal", agent)

    decided = approve(approval_id=escalation.approval_id, actor=manager, now=now)

    account, case = again(escalation.account), again(escalation).case
    assert (decided.state, account.state, again(escalation).state) == ("executed", "enforcement", "in_progress")
    assert (case.kind, case.state, case.opened_on) == ("legal", "opened", TODAY)
    assert (account.next_kind, account.next_subject_id) == ("await_vendor", case.pk)


def test_a_ucc_filing_opens_its_case(agent, manager, now):
    escalation = raise_case("ucc", agent)

    approve(approval_id=escalation.approval_id, actor=manager, now=now)

    assert (again(escalation.account).state, again(escalation).case.kind) == ("enforcement", "ucc")


def test_a_write_off_takes_the_balance_to_nothing_and_closes_the_account(agent, manager, now):
    escalation = raise_case("write_off", agent)

    approve(approval_id=escalation.approval_id, actor=manager, now=now)

    account = again(escalation.account)
    entry = account.ledger.get(kind="write_off")
    assert (entry.amount, account.balance, account.state) == (Decimal("-1200.00"), 0, "written_off")
    assert (account.next_kind, again(escalation).state) == (None, "resolved")


def test_a_settlement_begins_as_agreed(agent, manager, now):
    escalation = raise_case("settlement", agent)

    approve(approval_id=escalation.approval_id, actor=manager, now=now)

    account = again(escalation.account)
    arrangement = account.arrangements.get()
    assert (arrangement.kind, arrangement.state, arrangement.amount) == ("settlement", "active", Decimal("600.00"))
    assert (arrangement.discount, arrangement.approval_id) == (Decimal("600.00"), escalation.approval_id)
    assert (account.state, again(escalation).state) == ("arranged", "resolved")


def test_a_fraud_concern_holds_the_account_at_once(agent):
    escalation = raise_case("fraud", agent)

    hold = Hold.objects.get(account=escalation.account, kind="fraud")

    assert (hold.state, hold.placed_for_id, hold.forbids("demand")) == ("active", escalation.pk, True)


def test_an_approved_fraud_concern_is_compliances_to_answer(agent, manager, compliance, now):
    escalation = raise_case("fraud", agent)

    approve(approval_id=escalation.approval_id, actor=manager, now=now)

    account = again(escalation.account)
    assert (account.next_kind, account.next_owner, account.next_on) == (
        "review_hold", compliance, TODAY + timedelta(days=3),
    )  # fmt: skip
    assert account.holds.get(kind="fraud").in_force


def test_a_cleared_referral_gives_the_account_back(agent, manager, compliance, now):
    escalation = raise_case("fraud", agent)
    approve(approval_id=escalation.approval_id, actor=manager, now=now)
    given = {"escalation_id": escalation.pk, "confirmed": False, "note": "Papers are genuine.", "now": now}

    assert refusal_of(answer_referral, actor=manager, **given) == "referral_not_your_role"

    answer_referral(actor=compliance, **given)

    account = again(escalation.account)
    assert (again(escalation).state, account.next_kind) == ("resolved", "act")
    assert not account.holds.get(kind="fraud").in_force


def test_a_confirmed_fraud_keeps_its_hold(agent, manager, compliance, now):
    escalation = raise_case("fraud", agent)
    approve(approval_id=escalation.approval_id, actor=manager, now=now)

    answer_referral(escalation_id=escalation.pk, confirmed=True, note="Stolen papers.", actor=compliance, now=now)

    account, hold = again(escalation.account), escalation.account.holds.get(kind="fraud")
    assert (account.next_kind, account.next_owner, account.next_on) == ("review_hold", compliance, hold.review_on)

    account = again(escalation.account)
    assert (again(escalation).state, account.next_kind) == ("resolved", "review_hold")
    assert account.holds.get(kind="fraud").in_force


def test_without_anybody_to_answer_a_fraud_concern_is_not_carried_out(agent, manager, now):
    escalation = raise_case("fraud", agent)

    decided = approve(approval_id=escalation.approval_id, actor=manager, now=now)

    assert (decided.state, decided.decision_code) == ("execution_failed", "fraud_nobody_answers")
    assert again(escalation).state == "under_review"


# What is taken away, and the refusal that names it.
MISSING = [
    ("legal", {"limitation_on": None}, "case_limitation_unknown"),
    ("legal", {"limitation_on": TODAY + timedelta(days=29)}, "case_limitation_near"),
    ("ucc", {"default_declared_on": None}, "case_default_undeclared"),
    ("ucc", {"portfolio": None, "jurisdiction": "UK", "party": None}, "ucc_outside_us"),
    ("ucc", {"portfolio": None, "jurisdiction": "US", "party": None}, "ucc_not_commercial"),
]


@pytest.mark.parametrize(("kind", "fields", "code"), MISSING)
def test_a_missing_fact_is_a_refusal_that_names_it(kind, fields, code, agent):
    account = account_for(kind, **fields)
    given = asked_for(kind, account, agent)

    assert refusal_of(raise_escalation, **given) == code
    assert (Escalation.objects.count(), Approval.objects.count(), again(account).next_kind) == (0, 0, "act")


@pytest.mark.parametrize("kind", ["legal", "ucc"])
def test_enforcement_needs_the_notice_and_its_time_waited_out(kind, agent):
    account = account_for(kind, served=["letter_of_claim"])
    given = asked_for(kind, account, agent)

    assert refusal_of(raise_escalation, **given) == "case_no_default_notice"

    serve(account, "default", waited=False)

    assert refusal_of(raise_escalation, **given) == "case_notice_running"


def test_a_letter_of_claim_is_for_natural_persons_in_the_united_kingdom(agent):
    consumer, business = (account_for(kind, served=["default"]) for kind in ("legal", "ucc"))

    assert refusal_of(raise_escalation, **asked_for("legal", consumer, agent)) == "case_no_letter_of_claim_notice"
    assert raise_case("ucc", agent, business).state == "under_review"


@pytest.mark.parametrize("kind", ["legal", "ucc"])
def test_enforcement_needs_evidence(kind, agent):
    account = account_for(kind)
    given = asked_for(kind, account, agent) | {"evidence": []}

    assert refusal_of(raise_escalation, **given) == "case_evidence_missing"


@pytest.mark.parametrize(
    ("kind", "hold", "code"),
    [
        ("legal", "pause", "case_held"),
        ("legal", "insolvency", "case_held"),
        ("ucc", "hardship", "case_held"),
        ("settlement", "dispute", "case_disputed"),
        ("settlement", "insolvency", "case_held"),
        ("write_off", "dispute", "case_disputed"),
    ],
)
def test_a_hold_stands_against_a_case(kind, hold, code, agent, now):
    account = account_for(kind)
    place_hold(kind=hold, account_id=account.pk, actor=agent, now=now)

    assert refusal_of(raise_escalation, **asked_for(kind, account, agent)) == code


def test_a_hold_placed_while_it_waits_stops_the_execution(agent, manager, now):
    escalation = raise_case("legal", agent)
    place_hold(kind="dispute", account_id=escalation.account_id, actor=agent, now=now)

    decided = approve(approval_id=escalation.approval_id, actor=manager, now=now)

    assert (decided.state, decided.decision_code) == ("execution_failed", "case_held")
    assert again(escalation.account).state == "new"


def test_uncleared_money_stands_against_a_write_off(agent, now):
    account = account_for("write_off")
    pay(account, "100.00", method="cheque")

    assert refusal_of(raise_escalation, **asked_for("write_off", account, agent)) == "case_payment_uncleared"


@pytest.mark.parametrize(
    ("amount", "days", "code"),
    [
        ("0.00", 5, "settlement_amount_range"),
        ("1200.00", 5, "settlement_amount_range"),
        ("600.00", -1, "settlement_day_range"),
        ("600.00", 91, "settlement_day_range"),
    ],
)
def test_a_settlement_is_below_the_balance_and_soon(amount, days, code, agent):
    account = account_for("settlement")
    changes = {"amount": Decimal(amount), "pay_by": TODAY + timedelta(days=days)}

    assert refusal_of(raise_escalation, **(asked_for("settlement", account, agent) | changes)) == code


@pytest.mark.parametrize(
    ("kind", "code"), [("settlement", "approval_beyond_limit"), ("write_off", "approval_beyond_limit")]
)
def test_money_beyond_the_managers_limit_needs_somebody_else(kind, code, agent, manager, now):
    account = account_for(kind, owed="5000.00")
    changes = {"amount": Decimal("1000.00")} if kind == "settlement" else {}
    escalation = raise_case(kind, agent, account, **changes)

    assert refusal_of(approve, approval_id=escalation.approval_id, actor=manager, now=now) == code


@pytest.mark.parametrize("kind", ["settlement", "write_off"])
def test_a_payment_while_it_waits_makes_it_another_request(kind, agent, manager, now):
    escalation = raise_case(kind, agent)
    pay(escalation.account, "10.00")

    decided = approve(approval_id=escalation.approval_id, actor=manager, now=now)

    account = again(escalation.account)
    assert (decided.state, again(escalation).state) == ("voided", "returned")
    assert (account.next_kind, account.next_owner, account.next_subject_type) == ("act", agent, "escalation")


def test_a_returned_case_is_corrected_by_who_raised_it(agent, manager, now):
    escalation = raise_case("settlement", agent)
    return_for_correction(
        approval_id=escalation.approval_id, reason="terms_to_change", sentence="Ask 700.", actor=manager, now=now
    )
    given = asked_for("settlement", escalation.account, agent) | {"amount": Decimal("700.00")}
    changes = {name: given[name] for name in ("reason", "note", "amount", "pay_by", "now")}

    assert (
        refusal_of(correct_escalation, escalation_id=escalation.pk, actor=manager, **changes)
        == "approval_not_the_maker"
    )

    correct_escalation(escalation_id=escalation.pk, actor=agent, **changes)

    corrected = again(escalation)
    assert (corrected.state, corrected.approval.terms["amount"]) == ("under_review", "700.00")
    assert again(escalation.account).next_kind == "await_approval"

    decline(approval_id=corrected.approval_id, reason="too_costly", sentence="No.", actor=manager, now=now)

    assert (again(escalation.account).next_kind, again(escalation.account).next_subject_type) == ("act", "")


def test_a_voided_request_is_asked_anew(agent, manager, now):
    escalation = raise_case("write_off", agent)
    pay(escalation.account, "10.00")
    approve(approval_id=escalation.approval_id, actor=manager, now=now)

    correct_escalation(escalation_id=escalation.pk, reason="small", note="Less now.", actor=agent, now=now)

    asked = again(escalation)
    assert (asked.amount, asked.approval.state) == (Decimal("1190.00"), "requested")
    assert approve(approval_id=asked.approval_id, actor=manager, now=now).state == "executed"


def test_the_maker_takes_a_fraud_concern_back_and_its_hold_goes(agent, now):
    escalation = raise_case("fraud", agent)

    withdraw(approval_id=escalation.approval_id, actor=agent, now=now)

    account = again(escalation.account)
    assert (again(escalation).state, account.next_kind) == ("withdrawn", "act")
    assert not account.holds.get().in_force


def test_a_case_that_nobody_decided_expires_and_a_fraud_hold_stays(agent, now):
    legal, fraud = raise_case("legal", agent), raise_case("fraud", agent)
    over = legal.approval.expires_at

    expire_overdue(now=over)

    assert {again(legal).state, again(fraud).state} == {"expired"}
    assert again(legal.account).next_kind == "act"
    assert again(fraud.account).next_kind == "review_hold"
    assert fraud.account.holds.get().in_force


def test_a_step_that_a_hold_now_forbids_comes_back_as_its_review(agent, manager, now):
    escalation = raise_case("write_off", agent)
    place_hold(kind="dispute", account_id=escalation.account_id, actor=agent, now=now)

    decline(approval_id=escalation.approval_id, reason="too_costly", sentence="No.", actor=manager, now=now)

    account = again(escalation.account)
    assert (account.next_kind, account.next_subject_type) == ("review_hold", "hold")


def test_an_account_paid_meanwhile_has_nothing_to_decide(agent):
    escalation = raise_case("legal", agent)

    pay(escalation.account, "1200.00")

    assert (again(escalation.account).state, again(escalation.approval).state) == ("paid", "voided")
    assert again(escalation).state == "withdrawn"


def test_a_second_case_of_the_kind_is_refused(agent):
    escalation = raise_case("write_off", agent)
    given = asked_for("write_off", escalation.account, agent)

    assert refusal_of(raise_escalation, **given) == "escalation_already_open"


@pytest.mark.parametrize("role", ["finance", "compliance", "admin"])
def test_agents_and_managers_escalate(role, team):
    account = account_for("write_off")
    given = asked_for("write_off", account, make_user(role, team))

    assert refusal_of(raise_escalation, **given) == "escalation_not_your_role"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": "because"}, "escalation_reason_unknown"),
        ({"reason": ""}, "escalation_reason_unknown"),
        ({"note": "  "}, "escalation_note_needed"),
    ],
)
def test_a_case_says_why(changes, code, agent):
    account = account_for("write_off")

    assert refusal_of(raise_escalation, **(asked_for("write_off", account, agent) | changes)) == code


def test_a_file_of_another_account_is_no_evidence(agent):
    account, other = account_for("legal"), place_account()
    given = asked_for("legal", account, agent) | {"evidence": [keep_file(other, agent).pk]}

    assert refusal_of(raise_escalation, **given) == "escalation_file_of_another"
