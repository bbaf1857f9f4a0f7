"""A default of an advance: for what somebody did, with evidence, by two people, never for slow receipts."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Account, AccountParty, DefaultEvent, Reconciliation
from accounts.services import approvals
from accounts.services.attachments import keep_file
from accounts.services.contact_points import add_contact_point
from accounts.services.default_events import ask_default
from accounts.services.reconciliations import withdraw_reconciliation
from communications.selectors.contact_facts import ContactRequest
from communications.services.authorise import preview_contact
from tests.factories import NOW, TODAY, again, make_party, place_account
from tests.remittance.test_reconciliation import broken, refusal_of
from tests.support.advances import advance, asked

pytestmark = pytest.mark.django_db


def evidence(account, user) -> int:
    given = {"kind": "default_evidence", "name": "letter.txt", "content": b"Pay into the other account."}
    return keep_file(account_id=account.pk, actor=user, now=NOW, **given).pk


def given_for(account, user, **more) -> dict:
    told = {"facts": ["diverted"], "happened_on": TODAY - timedelta(days=3), "said": "The terminal pays elsewhere."}
    return {"account_id": account.pk, "evidence": [evidence(account, user)], "actor": user, "now": NOW} | told | more


def test_two_people_declare_a_default_for_diverted_receipts(account, manager, second_manager):
    request = ask_default(**given_for(account, manager, facts=["diverted", "slow"]))
    assert again(account).default_declared_on is None
    assert refusal_of(approvals.approve, approval_id=request.pk, actor=manager, now=NOW) == "approval_own"

    done = approvals.approve(approval_id=request.pk, actor=second_manager, now=NOW)

    assert done.state == "executed"
    event = DefaultEvent.objects.get()
    assert (event.facts, event.declared_by, event.agreed_by) == (["diverted", "slow"], manager, second_manager)
    assert again(account).default_declared_on == event.declared_on == TODAY
    assert refusal_of(ask_default, **given_for(account, manager)) == "default_declared_already"
    assert broken() == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"facts": ["slow"]}, "default_only_slow"),
        ({"facts": []}, "default_fact_unknown"),
        ({"facts": ["late"]}, "default_fact_unknown"),
        ({"happened_on": TODAY + timedelta(days=1)}, "default_day"),
        ({"evidence": []}, "default_evidence_missing"),
        ({"said": " "}, "default_said_missing"),
    ],
)
def test_slow_receipts_alone_and_what_is_not_proved_are_no_default(account, manager, said, code):
    assert refusal_of(ask_default, **given_for(account, manager, **said)) == code
    assert again(account).default_declared_on is None


def test_an_agent_declares_nothing_and_a_loan_has_no_such_default(account, agent, manager):
    assert refusal_of(ask_default, **given_for(account, agent)) == "default_not_your_role"
    assert refusal_of(ask_default, **given_for(place_account(), manager)) == "advance_only"


def test_while_a_reconciliation_is_open_no_default_is_declared(account, agent, manager, second_manager):
    request = ask_default(**given_for(account, manager))
    case = asked(account, agent)
    assert refusal_of(ask_default, **given_for(account, manager)) == "default_reconciling"

    done = approvals.approve(approval_id=request.pk, actor=second_manager, now=NOW)

    assert (done.state, done.decision_code) == ("execution_failed", "default_reconciling")
    assert again(account).default_declared_on is None
    withdraw_reconciliation(reconciliation_id=case.pk, actor=agent, now=NOW)
    assert approvals.try_again(approval_id=request.pk, actor=second_manager, now=NOW).state == "executed"


def test_the_database_knows_no_default_without_its_event_nor_beside_an_open_reconciliation(
    account, agent, manager, second_manager
):
    def declare_by_hand():
        with pytest.raises(DatabaseError, match="cannot declare default"), transaction.atomic():
            Account.objects.filter(pk=account.pk).update(default_declared_on=TODAY)

    declare_by_hand()
    request = ask_default(**given_for(account, manager))
    approvals.approve(approval_id=request.pk, actor=second_manager, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(default_declared_on=None)

    other = advance(owner=agent)
    asked(other, agent)
    assert Reconciliation.objects.filter(account=other, ended_at=None).exists()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_account SET default_declared_on = %s WHERE id = %s", [TODAY, other.pk])


def asked_of_guarantor(account, guarantor, purpose="demand"):
    point = guarantor.contact_points.get().pk
    request = ContactRequest((account.pk,), guarantor.pk, point, "call", purpose)
    return {reason.rule for reason in preview_contact(requests=[request], now=NOW)[0].answer.reasons}


def test_a_guarantor_is_asked_for_nothing_before_a_default_is_declared(account, manager, second_manager):
    guarantor = make_party("Rosa Ortega")
    AccountParty.objects.create(account=account, party=guarantor, role="guarantor")
    way = {"kind": "phone", "value": "(212) 555-0199", "country": "US", "provenance": "creditor"}
    add_contact_point(party_id=guarantor.pk, actor=None, now=NOW, **way)

    for purpose in ("demand", "reminder"):
        assert "us-mca-guarantor-last" in asked_of_guarantor(account, guarantor, purpose)
    assert "us-mca-guarantor-last" not in asked_of_guarantor(account, guarantor, "reply")

    request = ask_default(**given_for(account, manager))
    approvals.approve(approval_id=request.pk, actor=second_manager, now=NOW)
    assert "us-mca-guarantor-last" not in asked_of_guarantor(account, guarantor)


def test_an_advance_placed_as_in_default_needs_no_event(team):
    placed = advance(default_declared_on=TODAY, terms=False)

    assert placed.default_declared_on == TODAY
    assert Decimal("12000.00") == placed.balance
