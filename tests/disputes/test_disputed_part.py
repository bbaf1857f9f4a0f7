"""A part in dispute rests: nobody promises, reminds of, settles or is written to about it; the rest goes on."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.foundation.errors import Refused
from accounts.models import ConsentBasis, ContactPoint
from accounts.selectors.askable import may_be_asked
from accounts.selectors.payments import goes_to_disputed
from accounts.services.approvals import approve
from accounts.services.contact_points import record_consent
from accounts.services.disputes import reopen_dispute
from arrangements.schedules.rhythms import Rhythm
from arrangements.selectors.alternatives import Wish, alternatives
from arrangements.services.escalation_kinds.case_kind import Proposal
from arrangements.services.escalation_kinds.catalogue import CASE_KINDS
from arrangements.services.promise_limits import limits_for
from collections_crm.closing.close import close_through
from collections_crm.closing.day import closing_instant
from collections_crm.selectors.account_page import account_page, accounts_to_open
from communications.models import Message
from communications.services.messages import queue_message
from communications.services.templates import load_templates
from tests.disputes.steps import answered, asked, disputed, refusal_of, under_review, upheld
from tests.factories import NOW, TODAY, again, make_limit, pay, place_account
from tests.support.offers import accepted, offer, plan_terms, settlement_terms
from tests.support.promises import promise

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def asks(account):
    asked_now = may_be_asked(again(account))
    return asked_now.due, asked_now.balance, asked_now.disputed


def amounts(*figures: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(figure) for figure in figures)


def agrees_to_texts(account):
    load_templates(now=NOW)
    point = ContactPoint.objects.get(party__accounts=account, kind="phone")
    record_consent(contact_point_id=point.pk, channel="text", basis=ConsentBasis.GIVEN, actor=None, now=NOW)
    return point


@pytest.fixture
def account(team, agent):
    return place_account(owed="1200.00", due="400.00", owner=agent, email="ana@example.com")


@pytest.fixture
def manager(manager):
    make_limit("manager", write_off_max=Decimal("5000.00"))
    return manager


def write(account, agent, key: str = "1") -> Message:
    load_templates(now=NOW)
    return queue_message(
        account_id=account.pk,
        contact_point_id=ContactPoint.objects.get(party__accounts=account, kind="email").pk,
        channel="email",
        template_code="please-contact-us",
        values={},
        actor=agent,
        now=NOW,
        dedupe_key=key,
    )


def remind(account) -> Message | None:
    portfolio = account.portfolio
    close_through(portfolio_id=portfolio.pk, on=TODAY, now=closing_instant(portfolio, TODAY))
    return Message.objects.filter(account=account, purpose="reminder").first()


def test_money_meets_what_is_not_in_dispute_first(account, agent):
    assert asks(account) == amounts("400.00", "1200.00", "0")
    disputed(account, agent, amount="150.00")
    assert asks(account) == amounts("250.00", "1050.00", "150.00")

    pay(account, "100.00")
    assert asks(account) == amounts("150.00", "950.00", "150.00")
    pay(account, "250.00")
    assert asks(account) == amounts("0", "700.00", "150.00")
    assert goes_to_disputed(again(account), Decimal("700.00")) == 0
    assert goes_to_disputed(again(account), Decimal("750.00")) == Decimal("50.00")
    pay(account, "750.00")
    assert asks(account) == amounts("0", "0", "100.00")


def test_of_a_debt_in_dispute_nothing_may_be_asked(account, agent):
    disputed(account, agent, amount="150.00")
    disputed(account, agent, "paid")

    assert asks(account) == amounts("0", "0", "1200.00")
    assert refusal_of(promise, account=account, actor=agent) == "all_is_disputed"


def test_no_more_is_promised_than_may_be_asked(account, agent):
    make_limit("agent", promise_min_share=Decimal("0.5"))
    disputed(account, agent, amount="150.00")

    assert limits_for(agent, again(account), TODAY).least_amount == Decimal("125.00")
    with pytest.raises(Refused, match=r"150\.00 GBP is in dispute.*1,050\.00 GBP at most"):
        promise(account, agent, "1050.01")
    assert promise(account, agent, "1050.00").state == "active"


def test_the_workbench_leaves_out_what_is_in_dispute_and_settles_nothing(account, manager, agent):
    make_limit("manager", settlement_max_discount=Decimal("0.5"), plan_max_days=365)
    wish = Wish(rhythm=Rhythm.MONTHLY, first_on=TODAY + 7 * DAY, each=Decimal("50"), settle_for=Decimal("900"))
    assert "settle" in [one.code for one in alternatives(manager, account, wish, now=NOW)]
    disputed(account, agent, amount="150.00")

    found = {one.code: one.terms.amount for one in alternatives(manager, again(account), wish, now=NOW)}

    assert found == {"catch_up": Decimal("250.00"), "all": Decimal("1050.00"), "token": Decimal("150.00")}


def test_offers_of_what_is_in_dispute_are_neither_made_nor_accepted(account, agent, manager):
    make_limit("manager", settlement_max_discount=Decimal("0.5"), plan_max_days=365)
    whole = offer(account, manager)
    settled = offer(account, manager, settlement_terms(account, "900.00"))
    disputed(account, agent, amount="150.00")
    account = again(account)

    assert refusal_of(accepted, one=whole, actor=manager) == "part_is_disputed"
    assert refusal_of(accepted, one=settled, actor=manager) == "settlement_while_disputed"
    assert refusal_of(offer, account=account, actor=manager) == "part_is_disputed"
    terms = settlement_terms(account, "900.00")
    assert refusal_of(offer, account=account, actor=manager, terms=terms) == "settlement_while_disputed"
    assert offer(account, manager, plan_terms(account, total="1050.00")).state == "offered"


@pytest.mark.parametrize("kind", ["legal", "settlement", "write_off", "ucc"])
def test_a_part_in_dispute_stands_against_what_is_final(kind, account, agent):
    disputed(account, agent, amount="10.00")

    found = {check.code: check.refusal for check in CASE_KINDS[kind].checks(Proposal(account, TODAY))}

    assert found["no_dispute_or_hardship"].code == "case_disputed"


def test_a_promise_beyond_limits_is_asked_for_only_of_what_may_be_asked(account, agent):
    disputed(account, agent, amount="150.00")

    proposal = Proposal(account, TODAY, amount=Decimal("1100.00"), pay_by=TODAY)
    found = {check.code: check.refusal for check in CASE_KINDS["promise"].checks(proposal)}

    assert found["not_more_than_owed"].code == "part_is_disputed"


def test_what_is_written_names_what_may_be_asked(account, agent):
    disputed(account, agent, amount="150.00")

    assert "250.00 GBP" in write(account, agent).body


def test_nothing_is_written_about_what_is_due_where_all_of_that_is_in_dispute(account, agent):
    disputed(account, agent, amount="400.00")

    with pytest.raises(Refused, match="All that is due is in dispute"):
        write(account, agent)


def test_what_asks_for_money_leaves_the_line_when_a_part_is_disputed(account, agent):
    message = write(account, agent)

    disputed(account, agent, amount="150.00")

    assert (again(message).state, again(message).failure_code) == ("cancelled", "debt_disputed")


def test_the_account_page_shows_what_is_in_dispute_apart(account, agent):
    disputed(account, agent, amount="150.00")

    page = account_page(agent, accounts_to_open(agent).get(pk=account.pk), now=NOW)

    assert (page.asked.due, page.asked.balance, page.asked.disputed) == amounts("250.00", "1050.00", "150.00")


def test_a_reminder_names_what_is_still_missing(account, agent):
    agrees_to_texts(account)
    promise(account, agent, "200.00", in_days=2)
    pay(account, "150.00", now=NOW + timedelta(minutes=5))

    assert "50.00 GBP" in remind(account).body
    assert "150.00" not in Message.objects.get().body


def test_a_reminder_names_no_more_than_is_owed(account, agent, manager, second_manager):
    agrees_to_texts(account)
    promise(account, agent, "200.00", in_days=2)
    dispute = under_review(account, agent, amount="1100.00")
    upheld(dispute, manager, second_manager, "1100.00")
    answered(dispute, agent)

    assert "100.00 GBP" in remind(account).body


def test_what_is_in_dispute_is_not_reminded_of(account, agent):
    agrees_to_texts(account)
    promise(account, agent, "200.00", in_days=2)
    disputed(account, agent, amount="1050.00")

    assert "150.00 GBP" in remind(account).body


def test_a_reminder_in_line_leaves_it_when_a_part_is_paid(account, agent):
    agrees_to_texts(account)
    promise(account, agent, "200.00", in_days=2)
    message = remind(account)
    assert "200.00 GBP" in message.body

    pay(account, "150.00", now=NOW + timedelta(hours=18))

    assert again(message).state == "cancelled"


def test_an_arrangement_that_asks_more_than_is_owed_is_looked_at(account, agent, manager, second_manager):
    accepted(offer(account, manager, plan_terms(account, total="1200.00")), manager)
    dispute = under_review(account, agent, amount="150.00")
    upheld(dispute, manager, second_manager, "150.00")

    account = again(account)
    step = account.follow_ups.get(ended_at=None)
    assert (account.next_kind, account.next_on, account.next_owner) == ("act", TODAY, agent)
    assert (step.reason, step.subject_type, step.subject_id) == ("arrangement_asks_too_much", "dispute", dispute.pk)
    remind(account)
    assert again(account).next_kind == "act"


def test_one_that_stood_still_meanwhile_is_looked_at_when_it_goes_on(account, agent, manager, second_manager):
    accepted(offer(account, manager, plan_terms(account, total="1200.00")), manager)
    dispute = upheld(under_review(account, agent), manager, second_manager, "150.00")

    answered(dispute, agent)

    account = again(account)
    assert (account.state, account.next_kind, account.next_subject_type) == ("arranged", "act", "dispute")


def test_an_arrangement_that_asks_no_more_than_is_owed_goes_on(account, agent, manager, second_manager):
    promise(account, agent, "200.00")
    upheld(under_review(account, agent, amount="150.00"), manager, second_manager, "150.00")

    assert again(account).next_kind == "check_promise"


def test_reopened_what_is_still_disputed_is_held(account, agent, manager, second_manager):
    dispute = under_review(account, agent, amount="1100.00")
    upheld(dispute, manager, second_manager, "900.00")
    answered(dispute, agent)
    assert asks(account) == amounts("0", "300.00", "0")

    reopen_dispute(dispute_id=dispute.pk, actor=manager, now=NOW + DAY)

    assert again(dispute).hold.amount == Decimal("200.00")
    assert asks(account) == amounts("0", "100.00", "200.00")


def test_the_request_to_uphold_survives_a_payment(account, agent, manager, second_manager):
    """What was paid meanwhile is paid back: the customer is no less right."""
    dispute = under_review(account, agent, amount="150.00")
    request = asked(dispute, manager, "150.00")
    pay(account, "1100.00")

    assert approve(approval_id=request.pk, actor=second_manager, now=NOW).state == "executed"
    assert again(account).balance == Decimal("-50.00")
    assert again(dispute).decisions.get().to_pay_back == Decimal("50.00")
