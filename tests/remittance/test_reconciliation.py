"""What a merchant's reconciliation goes through, told as stories."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum

from accounts.foundation.errors import Refused
from accounts.models import Approval, MerchantReceipt, NextKind
from accounts.remittance.statements import Columns
from accounts.selectors.advances import advance_standing
from accounts.services import approvals
from accounts.services.advances import set_terms
from accounts.services.due import refresh_due
from accounts.services.merchant_statements import add_receipts, add_statement, keep_statement, take_statement_out
from accounts.services.reconciliation_outcomes import propose_true_up
from accounts.services.reconciliations import (
    ask_reconciliation,
    record_told,
    refuse_reconciliation,
    withdraw_reconciliation,
)
from arrangements.services.escalation_kinds.case_kind import Proposal
from arrangements.services.escalation_kinds.checks import no_enforcement_hold
from collections_crm.proof.invariants import INVARIANTS, violators
from communications.selectors.contact_facts import ContactRequest
from communications.services.authorise import preview_contact
from tests.factories import NOW, TODAY, again, pay, place_account
from tests.support.advances import (
    FIRST,
    LAST,
    TERMS,
    advance,
    asked,
    bank_file,
    present,
    proposed,
    with_receipts,
)
from tests.support.cases import account_for

pytestmark = pytest.mark.django_db
RULE = "us-mca-reconciliation"
OF_ADVANCES = {"open_reconciliation_is_held", "no_default_while_reconciling", "remittances_follow_the_terms"}


def refusal_of(act, **given) -> str:
    with pytest.raises(Refused) as refused:
        act(**given)
    assert str(refused.value) != refused.value.code
    return refused.value.code


def broken() -> list[str]:
    return [one.name for one in INVARIANTS if violators(one)]


def rules_against(account, now=NOW) -> set[str]:
    """The rules of the gate that stand against enforcing the account, whatever they ask for."""
    request = ContactRequest((account.pk,), account.parties.get().pk, 0, "post", "enforcement")
    return {reason.rule for reason in preview_contact(requests=[request], now=now)[0].answer.reasons}


def expected_from(account, day) -> list[tuple[date, Decimal]]:
    items = account.due_items.filter(replaced_by=None, due_on__gt=day)
    return list(items.order_by("due_on", "pk").values_list("due_on", "amount"))


def agree(case, manager, *, now=NOW):
    request = Approval.objects.filter(kind="reconciliation", subject_id=case.pk).latest("pk")
    done = approvals.approve(approval_id=request.pk, actor=manager, now=now)
    assert done.state == "executed", done.decision_code
    return again(case)


def test_terms_lay_out_what_is_left_on_open_days(account):
    coming = expected_from(account, TODAY)

    assert coming[0] == (TODAY + timedelta(days=1), Decimal("200.00"))
    assert date(2026, 11, 26) not in dict(coming)
    # 12,000 are left; 400 of them are due already.
    assert sum(amount for _day, amount in coming) == Decimal("11600.00")
    assert present(account).factor_rate == Decimal("1.3000")
    assert broken() == []


def test_a_merchant_whose_sales_fell_remits_less_from_the_next_open_day_on(account, agent, manager):
    pay(account, "900.00", FIRST)
    case = asked(account, agent)
    assert (case.state, case.statements_by) == ("asked", TODAY + timedelta(days=10))
    assert again(account).next_kind == NextKind.REVIEW_HOLD
    assert account.first_notices.get().kind == "reconciliation_request"

    case = with_receipts(case, agent)
    # Two business days after the statements: Thursday and Friday.
    assert (case.state, case.true_up_by) == ("statements_received", date(2026, 11, 20))
    assert again(case.hold).review_on == date(2026, 11, 20)
    propose_true_up(reconciliation_id=case.pk, actor=agent, now=NOW)
    before = expected_from(account, TODAY)
    case = agree(case, manager)

    # Ten days of 1,000 at 10 % are 1,000; nine days were open: 111.11 a day.
    figures = case.figures
    assert (figures.receipts, figures.due, figures.remitted) == (10000, 1000, 900)
    assert (figures.over, figures.under, figures.remittance) == (0, 100, Decimal("111.11"))
    assert (case.state, case.after.version, case.after.reason) == ("done", 2, "true_up")
    coming = expected_from(account, TODAY)
    assert coming[0] == (TODAY + timedelta(days=1), Decimal("111.11"))
    assert before[0][1] == Decimal("200.00")
    assert {amount for _day, amount in coming[:-1]} == {Decimal("111.11")}
    assert not again(case.hold).in_force
    assert again(account).next_kind == NextKind.ACT
    assert sorted(account.first_notices.values_list("kind", flat=True)) == [
        "reconciliation_done", "reconciliation_request",
    ]  # fmt: skip
    assert broken() == []


def test_the_estimates_of_the_period_give_way_to_its_share(team, agent, manager):
    """200 a day were estimated in the period and much less came in: the merchant isn't behind for the estimates."""
    account = advance(owner=agent, terms=False)
    for step in range(12):
        day = FIRST + timedelta(days=step)
        if day.weekday() < 5 and day != date(2026, 11, 11):
            account.due_items.create(due_on=day, amount=Decimal("200.00"))
    set_terms(account_id=account.pk, actor=manager, now=NOW, **TERMS)
    pay(account, "400.00", FIRST)
    pay(account, "500.00", LAST)
    refresh_due(account_ids=[account.pk], on=TODAY)
    assert again(account).due_now == Decimal("1300.00")

    case = agree(proposed(account, agent, a_day="500.00"), manager)

    # 5,000 at 10 %: 500 were the share of the period; 900 were remitted in it, 400 of them for what was due before.
    assert (case.figures.due, case.figures.over) == (500, 400)
    account = again(account)
    assert account.due_now == 0
    assert account.due_items.filter(replaced_by=None, terms=case.after, due_on=LAST).get().amount == 500
    left = account.due_items.filter(replaced_by=None).aggregate(total=Sum("amount"))["total"]
    assert left - account.credited == account.principal == Decimal("11100.00")
    assert broken() == []


def test_what_was_remitted_beyond_the_share_meets_the_next_remittances(account, agent, manager):
    pay(account, "400.00", FIRST - timedelta(days=5))
    pay(account, "1300.00", FIRST)
    case = agree(proposed(account, agent), manager)

    assert case.figures.over == 300
    standing = advance_standing(again(account), on=TODAY)
    assert (standing.ahead, standing.behind, again(account).due_now) == (300, 0, 0)
    # What is left is laid out besides the 300 that were delivered early: nothing is asked for twice.
    coming = sum(amount for _day, amount in expected_from(account, TODAY))
    assert coming == standing.remaining + 300
    for step in (1, 2):
        refresh_due(account_ids=[account.pk], on=TODAY + timedelta(days=step))
        assert again(account).due_now == 0
    assert broken() == []


def test_what_was_bought_is_delivered_let_go_or_left(account, agent):
    pay(account, "1500.00")

    standing = advance_standing(again(account), on=TODAY)

    assert standing.purchased == standing.delivered + standing.let_go + standing.remaining == 13000
    assert (standing.delivered, standing.remaining) == (2500, 10500)
    assert str(standing.share_delivered) == "19.2"
    assert standing.ends_on == expected_from(account, TODAY)[-1][0] - timedelta(days=7)


def test_a_merchant_who_takes_in_nothing_is_asked_for_nothing(account, agent, manager):
    case = asked(account, agent)
    days = [(FIRST + timedelta(days=step), Decimal(0)) for step in range(12)]
    add_receipts(reconciliation_id=case.pk, first=FIRST, last=LAST, receipts=days, actor=agent, now=NOW)
    propose_true_up(reconciliation_id=case.pk, actor=agent, now=NOW)
    agree(case, manager)

    assert expected_from(account, TODAY) == []
    assert advance_standing(again(account), on=TODAY).ends_on is None
    assert broken() == []


def test_while_it_is_open_nothing_is_enforced_and_the_terms_stand(account, agent, manager):
    case = asked(account, agent)

    assert RULE in rules_against(account)
    again_asked = {"account_id": account.pk, "party_id": case.party_id, "said": "", "actor": agent, "now": NOW}
    assert refusal_of(ask_reconciliation, **again_asked) == "reconciliation_open_already"
    assert refusal_of(set_terms, account_id=account.pk, actor=manager, now=NOW, **TERMS) == "advance_reconciling"

    withdraw_reconciliation(reconciliation_id=case.pk, actor=agent, now=NOW)
    withdraw_reconciliation(reconciliation_id=case.pk, actor=agent, now=NOW)
    assert again(case).state == "withdrawn"
    assert RULE not in rules_against(account)
    assert asked(account, agent).state == "asked"
    assert broken() == []


def test_statements_that_never_come_are_a_reason_to_refuse_after_their_days(account, agent, manager):
    case = asked(account, agent)
    about = {"reconciliation_id": case.pk, "reasons": "No statement came.", "actor": manager}
    assert refusal_of(refuse_reconciliation, **about, now=NOW) == "reconciliation_before_time"
    later = NOW + timedelta(days=11)
    assert refusal_of(refuse_reconciliation, **about | {"actor": agent}, now=later) == "reconciliation_not_your_role"
    assert refusal_of(refuse_reconciliation, **about | {"reasons": " "}, now=later) == "reconciliation_reasons_needed"

    refuse_reconciliation(**about, now=later)
    case = again(case)
    assert (case.state, case.is_open, case.answer_by) == ("refused", True, date(2026, 12, 1))
    assert RULE in rules_against(account, later)

    told = {"reconciliation_id": case.pk, "how": "email", "actor": agent, "now": later}
    assert refusal_of(record_told, **told, on=TODAY) == "reconciliation_answered_when"
    record_told(**told, on=later.date())
    assert (again(case).is_open, again(case.hold).in_force) == (False, False)
    assert broken() == []


def test_money_for_the_period_that_comes_meanwhile_voids_what_was_asked(account, agent, manager):
    case = proposed(account, agent)
    pay(account, "150.00", LAST)
    request = Approval.objects.get(kind="reconciliation")

    assert approvals.approve(approval_id=request.pk, actor=manager, now=NOW).state == "voided"
    assert (again(case).state, present(account).version) == ("proposed", 1)

    propose_true_up(reconciliation_id=case.pk, actor=agent, now=NOW)
    assert agree(case, manager).figures.remitted == 150


def test_another_statement_voids_the_proposal(account, agent, manager):
    case = proposed(account, agent)
    more = {"first": date(2026, 11, 16), "last": date(2026, 11, 17), "receipts": [(date(2026, 11, 16), Decimal(50))]}
    add_receipts(reconciliation_id=case.pk, actor=agent, now=NOW, **more)

    assert Approval.objects.get(kind="reconciliation").state == "voided"
    assert (again(case).state, again(case).figures) == ("statements_received", None)


def test_who_proposed_does_not_agree(account, agent, manager, second_manager):
    case = with_receipts(asked(account, agent), agent)
    request = propose_true_up(reconciliation_id=case.pk, actor=manager, now=NOW)

    assert refusal_of(approvals.approve, approval_id=request.pk, actor=manager, now=NOW) == "approval_own"
    assert agree(case, second_manager).decided_by == second_manager


def test_a_banks_file_counts_by_its_columns_and_tells_what_it_left_out(account, agent):
    case = asked(account, agent)
    given = {"reconciliation_id": case.pk, "actor": agent, "now": NOW}
    file = keep_statement(name="bank.csv", content=bank_file(), **given)

    statement = add_statement(file_id=file.pk, columns=Columns("Date", "Credit"), **given)

    assert (statement.total, statement.left_out, statement.rejected) == (Decimal("1900.00"), 1, [])
    assert (statement.first, statement.last) == (date(2026, 11, 2), date(2026, 11, 4))
    assert MerchantReceipt.objects.filter(statement=statement, amount=0).get().on == date(2026, 11, 3)
    assert refusal_of(propose_true_up, **given) == "reconciliation_period_short"
    assert refusal_of(add_statement, file_id=file.pk, columns=Columns("Date", "Credit"), **given) == (
        "statement_said_already"
    )
    other = bank_file("2026-11-02,Cards,5.00,", "2026-11-03,Cards,5.00,")
    second = keep_statement(name="other.csv", content=other, **given)
    add_statement(file_id=second.pk, columns=Columns("Date", "Credit"), is_other_account=True, **given)
    assert case.statements.count() == 2

    take_statement_out(statement_id=second.pk and case.statements.latest("pk").pk, actor=agent, now=NOW)
    assert case.statements.filter(taken_out_at=None).get() == statement


def test_days_that_do_not_fit_are_refused(account, agent, manager):
    case = asked(account, agent)
    given = {"reconciliation_id": case.pk, "actor": agent, "now": NOW}
    ten = [(LAST, Decimal(10))]

    def refused(first, last, receipts=ten):
        return refusal_of(add_receipts, first=first, last=last, receipts=receipts, **given)

    assert refused(FIRST, TODAY + timedelta(days=1)) == "statement_days"
    assert refused(LAST, FIRST) == "statement_days"
    assert refused(FIRST, FIRST) == "statement_outside"
    assert refused(account.opened_on - timedelta(days=1), LAST) == "statement_before_account"
    agree(proposed_again(case, agent), manager)
    second = asked(account, agent)
    given["reconciliation_id"] = second.pk
    assert refused(LAST, LAST) == "statement_reconciled_already"


def test_days_between_statements_are_not_days_without_receipts(account, agent):
    case = asked(account, agent)
    given = {"reconciliation_id": case.pk, "actor": agent, "now": NOW}
    missing = {"first": FIRST + timedelta(days=2), "last": FIRST + timedelta(days=3)}
    with_receipts(case, agent, last=FIRST + timedelta(days=1))
    with_receipts(case, agent, first=FIRST + timedelta(days=4))

    with pytest.raises(Refused) as refusal:
        propose_true_up(**given)
    assert refusal.value.code == "reconciliation_days_missing"
    assert refusal.value.params == missing

    add_receipts(receipts=[(missing["first"], Decimal(0))], **missing, **given)
    assert propose_true_up(**given)


def proposed_again(case, agent):
    case = with_receipts(case, agent)
    propose_true_up(reconciliation_id=case.pk, actor=agent, now=NOW)
    return case


def test_a_loan_and_an_advance_without_terms_are_not_reconciled(team, agent, manager):
    loan, bare = place_account(owner=agent), advance(terms=False, owner=agent)
    given = {"said": "", "actor": agent, "now": NOW}

    for account, code in ((loan, "advance_only"), (bare, "advance_has_no_terms")):
        about = {"account_id": account.pk, "party_id": account.parties.get().pk}
        assert refusal_of(ask_reconciliation, **about, **given) == code
    assert refusal_of(set_terms, account_id=loan.pk, actor=manager, now=NOW, **TERMS) == "advance_only"
    assert refusal_of(set_terms, account_id=bare.pk, actor=agent, now=NOW, **TERMS) == "advance_not_your_role"
    wrong = {"purchase_price": Decimal(13000)}, {"share": Decimal("1.2")}, {"remittance": Decimal(13000)}
    codes = ["advance_bought_for_less", "advance_percentage", "advance_remittance_too_large"]
    for said, code in zip(wrong, codes, strict=True):
        assert refusal_of(set_terms, account_id=bare.pk, actor=manager, now=NOW, **TERMS | said) == code


def test_an_account_that_is_paid_has_nothing_to_reconcile(account, agent):
    case = proposed(account, agent)

    pay(account, "12000.00", TODAY, method="cash")

    assert again(account).state == "paid"
    assert (again(case).state, again(case.hold).in_force) == ("withdrawn", False)
    assert Approval.objects.get(kind="reconciliation").state == "voided"
    assert broken() == []


def test_a_filing_waits_for_the_reconciliation(team, agent, manager):
    ready = account_for("ucc")
    set_terms(account_id=ready.pk, actor=manager, now=NOW, **TERMS | {"remittance": Decimal("50.00")})
    proposal = Proposal(account=again(ready), on=TODAY)
    assert no_enforcement_hold(proposal).holds

    asked(ready, agent)

    refusal = no_enforcement_hold(proposal).refusal
    assert (refusal.code, str(refusal.params["hold"])) == ("case_held", "reconciliation")


def test_the_database_keeps_what_was_expected_and_why_it_is_no_more(account, agent, manager):
    agree(proposed(account, agent), manager)
    for statement in (
        "UPDATE accounts_advanceterms SET remittance = 1",
        "DELETE FROM accounts_advanceterms",
        "UPDATE accounts_dueitem SET replaced_by_id = NULL WHERE replaced_by_id IS NOT NULL",
        "UPDATE accounts_reconciliation SET remittance = 1",
        "UPDATE accounts_reconciliation SET state = 'withdrawn'",
        "UPDATE accounts_merchantreceipt SET amount = 1",
        "DELETE FROM accounts_merchantstatement",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert OF_ADVANCES & {one.name for one in INVARIANTS} == OF_ADVANCES
