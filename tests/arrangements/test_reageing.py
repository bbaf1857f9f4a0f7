"""Re-ageing: only where it is allowed, after payments were kept, counted, by two people; nothing is paid by it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.foundation.errors import Refused
from accounts.models import Approval, DueItem, HoldKind, Portfolio, ReAgeing
from accounts.services.approvals import approve, request_approval
from accounts.services.due import refresh_due
from accounts.services.holds import place_hold
from arrangements.models import EnforcementCase, Escalation
from arrangements.services.reageing import ask_reageing
from collections_crm.proof.invariants import INVARIANTS, violators
from tests.arrangements.test_plans_kept import day_after
from tests.factories import NOW, TODAY, again, make_limit, make_user, pay, place_account
from tests.support.offers import accepted, offer, plan_terms

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def manager(team):
    make_limit("manager", plan_max_days=365, plan_min_first_share=0)
    return make_user("manager", team)


@pytest.fixture
def other(team):
    return make_user("manager", team)


@pytest.fixture
def account(team, manager):
    """Behind by 400, older than nine months, three payments of a plan kept; its portfolio allows re-ageing."""
    account = place_account(owed="1000.00", due="400.00", days_late=300)
    Portfolio.objects.filter(pk=account.portfolio_id).update(reage_allowed=True)
    plan = accepted(offer(account, manager, plan_terms(account, 3, total="60.00")), manager)
    for row in plan.instalments.order_by("number"):
        pay(account, "20.00", row.due_on, now=NOW + (row.due_on - TODAY))
        day_after(account, row.judged_on)
    return again(account)


def at(days):
    return NOW + days * DAY


def ask(account, actor, now=None):
    return ask_reageing(account_id=account.pk, said="New job since Monday.", actor=actor, now=now or at(40))


def done(account, actor, other, now=None):
    approve(approval_id=ask(account, actor, now).pk, actor=other, now=now or at(40))
    return ReAgeing.objects.filter(account=account).latest("pk")


def test_what_is_overdue_is_expected_later_and_what_was_paid_still_counts(account, agent, other):
    assert (account.due_now, account.credited) == (340, 60)
    row = done(account, agent, other)

    account = again(account)
    assert (account.due_now, account.bucket, account.balance) == (0, 0, 940)
    assert (row.amount, row.moved_to) == (400, TODAY + 40 * DAY + timedelta(days=31))
    assert (row.asked_by, row.agreed_by) == (agent, other)
    refresh_due(account_ids=[account.pk], on=row.moved_to)
    assert again(account).due_now == 340
    assert [one.name for one in INVARIANTS if violators(one)] == []


def test_it_needs_somebody_else(account, manager):
    approval = ask(account, manager)
    with pytest.raises(Refused):
        approve(approval_id=approval.pk, actor=manager, now=at(40))
    assert not ReAgeing.objects.exists()


def test_once_in_twelve_months_and_twice_in_five_years(account, agent, other):
    done(account, agent, other)
    account.due_items.create(due_on=TODAY + 50 * DAY, amount=Decimal("50.00"))
    for days, refusal in [(100, "re-aged 1 times in 12 months"), (500, None), (900, "re-aged 2 times in 60 months")]:
        keeps_three(again(account), other, days - 50)
        refresh_due(account_ids=[account.pk], on=TODAY + days * DAY)
        if refusal:
            with pytest.raises(Refused, match=refusal):
                ask(again(account), agent, at(days))
        else:
            done(again(account), agent, other, at(days))
            account.due_items.create(due_on=TODAY + 600 * DAY, amount=Decimal("50.00"))


def keeps_three(account, manager, from_day, kind="plan"):
    """Three payments of 20 agreed and kept, from a day counted from today."""
    terms = plan_terms(account, 3, total="60.00", kind=kind, in_days=from_day + 2)
    plan = accepted(offer(account, manager, terms, now=at(from_day)), manager, now=at(from_day))
    for row in plan.instalments.order_by("number"):
        pay(account, "20.00", row.due_on, now=NOW + (row.due_on - TODAY))
        day_after(account, row.judged_on)


def test_tokens_earn_none_and_what_earned_one_earns_no_other(account, agent, other):
    done(account, agent, other)
    keeps_three(again(account), other, 370, kind="token")
    refresh_due(account_ids=[account.pk], on=TODAY + 420 * DAY)
    with pytest.raises(Refused, match="0 payments in a row"):
        ask(again(account), agent, at(420))


def test_as_much_at_once_counts_as_well_where_the_contract_names_its_payments(team, agent):
    account = place_account(owed="1000.00", due="100.00", days_late=300)
    Portfolio.objects.filter(pk=account.portfolio_id).update(reage_allowed=True)
    for months in (2, 1):
        account.due_items.create(due_on=TODAY - months * 30 * DAY, amount=Decimal("100.00"))
    pay(account, "250.00", TODAY - 3 * DAY, method="cash")
    refresh_due(account_ids=[account.pk], on=TODAY)
    with pytest.raises(Refused, match="or as much at once"):
        ask(again(account), agent, at(0))

    account.due_items.create(due_on=TODAY, amount=Decimal("100.00"))
    pay(account, "50.00", TODAY, method="cash")
    refresh_due(account_ids=[account.pk], on=TODAY)
    assert ask(again(account), agent, at(0)).state == "requested"


def test_money_that_comes_while_it_is_asked_for_makes_it_another_one(account, agent, other):
    approval = ask(account, agent)
    pay(account, "10.00", TODAY + 40 * DAY, method="cash", now=at(40))

    assert approve(approval_id=approval.pk, actor=other, now=at(40)).state == "voided"
    assert not ReAgeing.objects.exists()


def test_nothing_is_re_aged_beside_an_open_enforcement_case(account, agent, other):
    case = Escalation.objects.create(
        account=account, kind="legal", raised_by=agent, raised_at=NOW, reason_code="will_not_pay"
    )
    EnforcementCase.objects.create(account=account, escalation=case, kind="legal", opened_on=TODAY)

    with pytest.raises(Refused, match="An enforcement case is open"):
        ask(account, agent)


def test_what_stands_against_it_is_named(account, agent, manager):
    Portfolio.objects.filter(pk=account.portfolio_id).update(reage_kept=4)
    with pytest.raises(Refused, match="3 payments in a row were kept; 4"):
        ask(account, agent)
    Portfolio.objects.filter(pk=account.portfolio_id).update(reage_kept=3, reage_months=24)
    with pytest.raises(Refused, match="younger than 24 months"):
        ask(account, agent)
    Portfolio.objects.filter(pk=account.portfolio_id).update(reage_months=9, reage_allowed=False)
    with pytest.raises(Refused, match="is not re-aged"):
        ask(account, agent)
    Portfolio.objects.filter(pk=account.portfolio_id).update(reage_allowed=True)
    place_hold(kind=HoldKind.DISPUTE, account_id=account.pk, actor=None, now=at(40))
    with pytest.raises(Refused, match="A dispute is open"):
        ask(account, agent)
    with pytest.raises(Refused, match="Agents and managers"):
        ask(account, make_user("finance", manager.team))


def test_what_came_in_between_is_looked_at_when_it_is_agreed_to(account, agent, other):
    approval = ask(account, agent)
    place_hold(kind=HoldKind.DISPUTE, account_id=account.pk, actor=None, now=at(40))
    approve(approval_id=approval.pk, actor=other, now=at(40))

    assert again(approval).state == "execution_failed"
    assert again(account).due_now == 340


def test_the_database_counts_too_and_no_item_moves_without_its_row(account, agent, other):
    row = done(account, agent, other)
    again_row = {field.name: getattr(row, field.name) for field in row._meta.fields if field.name not in ("id", "txid")}
    approval = ask_other(account, agent)
    with pytest.raises(DatabaseError, match="does not allow it again"), transaction.atomic():
        ReAgeing.objects.create(**again_row | {"approval": approval})
    elsewhere = place_account(portfolio=account.portfolio).due_items
    with pytest.raises(DatabaseError, match="no re-ageing"), transaction.atomic():
        elsewhere.update(reaged_by=row)
    assert DueItem.objects.filter(reaged_by=row).count() == 1


def ask_other(account, agent):
    subject = place_account(portfolio=account.portfolio)
    return request_approval(kind="reageing", subject=subject, terms={}, account=subject, actor=agent, now=at(41))


def test_it_is_asked_for_on_the_account_page_and_counted_there(client, settings, account, agent, other):
    settings.FROZEN_NOW = at(40)
    client.force_login(agent)
    panel = reverse("account-signs", args=[account.reference])
    assert "/do/re-age/" in client.get(panel).content.decode()
    address = reverse("account-act", args=[account.reference, "re-age"])
    assert client.post(address, {"note": "New job."}).status_code == 302
    approve(approval_id=Approval.objects.get(kind="reageing").pk, actor=other, now=at(40))
    assert "Re-aged once" in client.get(panel).content.decode()
