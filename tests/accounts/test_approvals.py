"""Approvals: another person's yes to exact terms."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.foundation.errors import Refused
from accounts.models import Approval, Event
from accounts.services import approval_kinds
from accounts.services.approval_ends import expire_overdue, release_claims, void_changed
from accounts.services.approval_kinds import ApprovalKind
from accounts.services.approvals import (
    approve,
    ask_again,
    claim,
    decline,
    request_approval,
    return_for_correction,
    try_again,
    unclaim,
    withdraw,
)
from tests.factories import again, make_limit, make_user, pay
from tests.support.credit_requests import ask_credit, credit_kind, credits

pytestmark = pytest.mark.django_db


@pytest.fixture
def credit(monkeypatch):
    return credit_kind(monkeypatch)


@pytest.fixture
def ask(credit, agent, now):
    """Ask for a credit of 50.00 on a new account, within the manager's limit of 100.00."""

    def _ask(amount="50.00", maker=agent):
        return ask_credit(maker, amount, now)

    return _ask


def refusal_of(act, **given):
    with pytest.raises(Refused) as refused:
        act(**given)
    return refused.value.code


def test_a_managers_yes_carries_the_act_out_in_the_same_breath(ask, manager, now):
    approval = ask()

    decided = approve(approval_id=approval.pk, actor=manager, now=now)

    assert (decided.state, decided.checker) == ("executed", manager)
    assert again(approval.account).balance == Decimal("1150.00")
    kinds = Event.objects.filter(subject_type="approval", subject_id=approval.pk).order_by("pk")
    assert [event.kind.removeprefix("approval.") for event in kinds] == ["request", "claim", "approve", "execute"]


@pytest.mark.parametrize("superuser", [False, True])
def test_nobody_decides_what_they_raised_whatever_their_role(ask, team, now, superuser):
    maker = make_user("manager", team, is_superuser=superuser)
    approval = ask(maker=maker)
    given = {"approval_id": approval.pk, "actor": maker, "now": now}

    assert refusal_of(approve, **given) == "approval_own"
    assert refusal_of(claim, **given) == "approval_own"
    assert refusal_of(decline, reason="too_costly", sentence="No.", **given) == "approval_own"
    assert (again(approval).state, credits(approval)) == ("requested", 0)


def test_the_database_itself_refuses_a_maker_who_checks(ask, agent, now):
    approval = ask()

    with pytest.raises(IntegrityError, match="approval_maker_is_not_checker"), transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(checker=agent)

    assert again(approval).checker is None


@pytest.mark.parametrize("role", ["agent", "finance", "compliance", "admin"])
def test_other_roles_do_not_decide_a_managers_request_even_as_superuser(ask, team, now, role):
    approval = ask()
    other = make_user(role, team, is_superuser=True)

    assert refusal_of(approve, approval_id=approval.pk, actor=other, now=now) == "approval_not_your_role"


def test_a_manager_of_another_team_does_not_decide(ask, now):
    approval = ask()
    stranger = make_user("manager")

    assert refusal_of(approve, approval_id=approval.pk, actor=stranger, now=now) == "approval_not_your_team"


def test_the_record_of_a_yes_says_under_which_limit(ask, manager, now):
    approval = ask()

    approve(approval_id=approval.pk, actor=manager, now=now)

    codes = Event.objects.get(kind="approval.approve", subject_id=approval.pk).codes
    assert (Decimal(codes["asked"]), Decimal(codes["limit"]), codes["unit"]) == (Decimal(50), Decimal(100), "amount")


def test_beyond_the_limit_a_manager_may_refuse_but_not_approve(ask, manager, now):
    approval = ask(amount="100.01")

    assert refusal_of(approve, approval_id=approval.pk, actor=manager, now=now) == "approval_beyond_limit"

    declined = decline(approval_id=approval.pk, reason="too_costly", sentence="Offer a plan.", actor=manager, now=now)

    assert (declined.state, declined.decision_code, declined.answer.text) == ("declined", "too_costly", "Offer a plan.")


def test_a_limit_lowered_while_the_request_waits_counts(ask, manager, now):
    approval = ask(amount="50.00")
    claim(approval_id=approval.pk, actor=manager, now=now)
    make_limit("manager", write_off_max=Decimal("49.99"))

    assert refusal_of(approve, approval_id=approval.pk, actor=manager, now=now) == "approval_beyond_limit"
    assert credits(approval) == 0


def test_changed_terms_void_the_request_and_nothing_is_done(ask, credit, manager, now):
    approval = ask()
    credit.terms = {**approval.terms, "amount": "60.00"}

    decided = approve(approval_id=approval.pk, actor=manager, now=now)

    assert (decided.state, decided.decision_code, credits(approval)) == ("voided", "terms_changed", 0)
    assert refusal_of(approve, approval_id=approval.pk, actor=manager, now=now) == "approval_already_decided"


def test_terms_rewritten_in_the_database_no_longer_fit_their_digest(ask, manager, now):
    approval = ask()
    with connection.cursor() as cursor:
        # Behind the back of the trigger that lets the terms stand.
        cursor.execute("SET LOCAL session_replication_role = replica")
        Approval.objects.filter(pk=approval.pk).update(terms={"amount": "5000.00"})
        cursor.execute("SET LOCAL session_replication_role = origin")

    assert approve(approval_id=approval.pk, actor=manager, now=now).state == "voided"


def test_only_changed_terms_can_be_set_aside(ask, credit, manager, now):
    approval = ask()

    assert refusal_of(void_changed, approval_id=approval.pk, actor=manager, now=now) == "approval_terms_stand"

    credit.terms = {"amount": "60.00"}

    assert void_changed(approval_id=approval.pk, actor=manager, now=now).state == "voided"


def test_what_cannot_be_carried_out_leaves_nothing_half_done_and_can_be_tried_again(ask, credit, manager, now):
    approval = ask()
    credit.act_refusal = Refused("case_held")

    failed = approve(approval_id=approval.pk, actor=manager, now=now)

    assert (failed.state, failed.decision_code, credits(approval)) == ("execution_failed", "case_held", 0)

    credit.act_refusal = None

    assert try_again(approval_id=approval.pk, actor=manager, now=now).state == "executed"
    assert credits(approval) == 1


@pytest.fixture
def failed(ask, credit, manager, now):
    """A credit with a manager's yes that could not be carried out; nothing stands in its way any more."""
    approval = ask()
    credit.act_refusal = Refused("case_held")
    approve(approval_id=approval.pk, actor=manager, now=now)
    credit.act_refusal = None
    return approval


def test_a_limit_lowered_since_the_yes_stops_the_second_attempt(failed, manager, now):
    make_limit("manager", write_off_max=Decimal("49.99"))

    assert refusal_of(try_again, approval_id=failed.pk, actor=manager, now=now) == "approval_beyond_limit"
    assert (again(failed).state, credits(failed)) == ("execution_failed", 0)


def test_terms_changed_since_the_yes_void_the_request_instead_of_a_second_attempt(failed, credit, manager, now):
    credit.terms = {**failed.terms, "amount": "60.00"}

    decided = try_again(approval_id=failed.pk, actor=manager, now=now)

    assert (decided.state, decided.decision_code, credits(failed)) == ("voided", "terms_changed", 0)


def test_a_check_that_no_longer_holds_stops_the_execution(ask, credit, manager, now):
    approval = ask()
    credit.check_refusal = Refused("case_disputed")

    assert approve(approval_id=approval.pk, actor=manager, now=now).decision_code == "case_disputed"
    assert credits(approval) == 0


def test_a_claim_keeps_others_away_for_half_an_hour(ask, manager, team, now):
    approval = ask()
    other = make_user("manager", team)
    claim(approval_id=approval.pk, actor=manager, now=now)
    soon, later = now + timedelta(minutes=29), now + timedelta(minutes=30)

    assert refusal_of(approve, approval_id=approval.pk, actor=other, now=soon) == "approval_claimed"
    assert approve(approval_id=approval.pk, actor=other, now=later).checker == other


def test_a_claim_given_back_or_run_out_is_anybodys_again(ask, manager, team, now):
    given_back, run_out = ask(), ask()
    for approval in (given_back, run_out):
        claim(approval_id=approval.pk, actor=manager, now=now)

    unclaim(approval_id=given_back.pk, actor=manager, now=now)
    released = release_claims(now=now + timedelta(minutes=30))

    assert released == [run_out.pk]
    assert {again(given_back).state, again(run_out).state} == {"requested"}
    assert refusal_of(unclaim, approval_id=run_out.pk, actor=manager, now=now) == "approval_not_in_your_hands"


def test_a_refusal_needs_a_reason_and_a_sentence(ask, manager, now):
    given = {"approval_id": ask().pk, "actor": manager, "now": now}

    assert refusal_of(decline, reason="", sentence="Why?", **given) == "approval_reason_needed"
    assert refusal_of(return_for_correction, reason="unclear", sentence="  ", **given) == "approval_sentence_needed"


def test_a_returned_request_is_asked_again_by_its_maker_with_new_terms(ask, agent, manager, now):
    approval = ask()
    return_for_correction(
        approval_id=approval.pk, reason="terms_to_change", sentence="Ask for less.", actor=manager, now=now
    )
    given = {"approval_id": approval.pk, "terms": {"amount": "20.00"}, "amount": Decimal("20.00"), "now": now}

    assert refusal_of(ask_again, actor=manager, **given) == "approval_not_the_maker"

    asked = ask_again(actor=agent, **given)

    assert (asked.state, asked.checker, asked.answer, asked.terms) == ("requested", None, None, {"amount": "20.00"})
    assert approve(approval_id=approval.pk, actor=manager, now=now).state == "executed"


def test_the_maker_withdraws_even_while_somebody_is_deciding(ask, agent, manager, now):
    approval = ask()
    claim(approval_id=approval.pk, actor=manager, now=now)

    assert refusal_of(withdraw, approval_id=approval.pk, actor=manager, now=now) == "approval_not_the_maker"
    assert withdraw(approval_id=approval.pk, actor=agent, now=now).state == "withdrawn"
    assert refusal_of(approve, approval_id=approval.pk, actor=manager, now=now) == "approval_already_decided"


def test_a_declined_request_cannot_be_approved_afterwards(ask, manager, now):
    approval = ask()
    decline(approval_id=approval.pk, reason="not_justified", sentence="No.", actor=manager, now=now)

    assert refusal_of(approve, approval_id=approval.pk, actor=manager, now=now) == "approval_already_decided"
    assert credits(approval) == 0


def test_time_ends_a_request_before_anybody_can_approve_it(ask, manager, now):
    approval = ask()
    over = approval.expires_at

    assert refusal_of(approve, approval_id=approval.pk, actor=manager, now=over) == "approval_expired"
    assert expire_overdue(now=over - timedelta(seconds=1)) == []
    assert expire_overdue(now=over) == [approval.pk]
    assert expire_overdue(now=over) == []
    assert again(approval).state == "expired"


def test_one_open_request_per_subject(ask, agent, now):
    approval = ask()
    account = approval.account
    given = {"kind": "test.credit", "subject": account, "account": account, "actor": agent, "now": now}

    assert refusal_of(request_approval, terms={"amount": "1.00"}, **given) == "approval_already_open"


def test_two_kinds_of_one_code_stop_the_start(credit):
    known = approval_kinds.kind_of("test.credit")
    other = ApprovalKind(code="test.credit", label="other", executor=credit.carry_out, consequence="")

    approval_kinds.register(known)

    with pytest.raises(ValueError, match="two approval kinds"):
        approval_kinds.register(other)


def test_a_yes_that_came_to_nothing_runs_out_and_keeps_when_it_was_given(failed, now):
    later = again(failed).expires_at + timedelta(hours=1)

    assert expire_overdue(now=later) == [failed.pk]

    assert (again(failed).state, again(failed).decided_at) == ("voided", now)
    assert Event.objects.filter(subject_type="approval", subject_id=failed.pk).latest("pk").at == later


def test_a_yes_that_came_to_nothing_ends_with_the_account(failed, now):
    pay(failed.account, str(again(failed.account).balance))

    assert (again(failed).state, again(failed.account).state) == ("voided", "paid")


def test_a_yes_that_came_to_nothing_is_set_aside_when_its_terms_have_changed(failed, credit, manager, now):
    credit.terms = {"amount": "60.00"}

    void_changed(approval_id=failed.pk, actor=manager, now=now + timedelta(hours=1))

    assert (again(failed).state, again(failed).decided_at) == ("voided", now)
