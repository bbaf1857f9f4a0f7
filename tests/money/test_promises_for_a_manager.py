"""A promise beyond the agent's limits is asked of a manager, who sees its terms and says yes once, or why not."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import Approval
from accounts.services.accounts import move_account
from accounts.services.holds import place_hold
from arrangements.models import Arrangement, Escalation
from tests.communications.calls import caller, verify
from tests.factories import NOW, TODAY, again, make_limit, pay, place_account
from tests.support.logged_in import as_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def account(team):
    make_limit("agent", promise_max_days=14, promise_min_share="0.500")
    make_limit("manager", promise_max_days=60, promise_min_share="0.010")
    return place_account(owed="1200.00", due="400.00")


@pytest.fixture
def desk(agent):
    return as_user(agent)


@pytest.fixture
def head(manager):
    return as_user(manager)


def take(client, account, **said):
    given = {"amount": "100", "due_on": "+5", "party": account.parties.get().pk, "idempotency": uuid4()}
    return client.post(reverse("promise", args=[account.reference]), given | said)


def ask(client, account, **said):
    given = {"amount": "100", "due_on": (TODAY + timedelta(days=5)).isoformat(), "party": account.parties.get().pk}
    given |= {"reason": "all_there_is", "note": "She lost a shift.", "idempotency": uuid4()}
    return client.post(reverse("promise-ask", args=[account.reference]), given | said, follow=True)


@pytest.fixture
def asked(desk, account, agent):
    """The request of an agent whose verified caller offers less than the agent may accept."""
    verify(caller(account, agent), agent)
    ask(desk, account)
    return Escalation.objects.get(account=account).approval


def act(client, approval, name, **said):
    url = reverse("approval-act", args=[approval.pk, name])
    return client.post(url, {"idempotency": uuid4(), **said}, follow=True).content.decode()


@pytest.mark.parametrize("said", [{"amount": "100"}, {"amount": "400", "due_on": "2026-12-20"}])
def test_what_needs_a_manager_can_be_asked_of_one_on_the_spot(said, desk, account, agent):
    verify(caller(account, agent), agent)

    shown = take(desk, account, **said).content.decode()
    answer = ask(desk, account, **said)

    assert "It needs a manager" in shown
    assert "Ask a manager" in shown
    assert f'value="{said["amount"]}"' in shown
    assert "It is no promise before a manager says yes" in answer.content.decode()
    assert not Arrangement.objects.exists()
    assert (again(account).state, again(account).next_kind) == ("new", "await_approval")


def test_the_managers_page_shows_the_terms_and_both_limits(asked, head, account):
    text = head.get(reverse("approval", args=[asked.pk])).content.decode()

    assert "100.00 GBP" in text
    assert "Mon 23 Nov 2026" in text
    assert "She lost a shift." in text
    assert "within your limit" in text
    assert "The agent alone: a promise of 200.00 GBP or more within 14 days." in text
    assert account.parties.get().name in text


def test_a_yes_makes_the_promise_once_for_who_took_it(asked, head, agent, account):
    act(head, asked, "approve")
    act(head, asked, "approve")

    made = Arrangement.objects.get(account=account)
    assert (made.kind, made.state, made.amount, made.made_by, made.approval_id) == (
        "promise",
        "active",
        100,
        agent,
        asked.pk,
    )
    assert made.instalments.get().due_on == TODAY + timedelta(days=5)
    assert (again(account).state, again(asked).state) == ("arranged", "executed")


def test_a_no_keeps_its_reason_and_promises_nothing(asked, head, account):
    act(head, asked, "decline", reason="better_alternative", sentence="Offer a plan.")

    assert (again(asked).state, again(asked).decision_code) == ("declined", "better_alternative")
    assert again(asked).answer.text == "Offer a plan."
    assert not Arrangement.objects.exists()


def test_money_in_between_makes_it_another_request(asked, head, account):
    pay(account, "50.00")

    text = act(head, asked, "approve")

    assert "Its terms had changed" in text
    assert not Arrangement.objects.exists()


def _recalled(account, agent):
    move_account(again(account), "recall", actor=agent, now=NOW, reason="creditor_asked")


def _with_the_lawyers(account, agent):
    move_account(again(account), "activate", actor=agent, now=NOW, reason="worked")
    move_account(again(account), "enforce", actor=agent, now=NOW, reason="with_the_lawyers")


def _insolvent(account, agent):
    place_hold(kind="insolvency", account_id=account.pk, actor=agent, now=NOW)


@pytest.mark.parametrize("changed", [_recalled, _with_the_lawyers, _insolvent])
def test_a_yes_does_nothing_once_the_promise_could_not_be_taken(changed, asked, head, account, agent):
    changed(account, agent)

    act(head, asked, "approve")

    assert again(asked).state in ("execution_failed", "voided")
    assert not Arrangement.objects.exists()


def test_beyond_the_managers_own_limit_somebody_else_must_decide(asked, head):
    make_limit("manager", promise_max_days=60, promise_min_share="0.500")

    text = act(head, asked, "approve")

    assert "beyond your limit: 100.00 asked, 200.00 allowed" in text
    assert again(asked).state == "requested"


def test_without_a_verified_caller_nothing_can_be_asked(desk, account):
    answer = ask(desk, account)

    assert "A promise is taken while the verified person is on the line" in answer.content.decode()
    assert not Approval.objects.exists()


def test_a_returned_promise_is_corrected_and_asked_again(asked, head, desk, account):
    act(head, asked, "return", reason="terms_to_change", sentence="Ask 150.")
    url = reverse("escalation-correct", args=[asked.subject_id])
    form = {"amount": "150", "pay_by": "+6", "reason": "all_there_is", "note": "150 then.", "idempotency": uuid4()}

    desk.post(url, form)
    act(head, asked, "approve")

    assert Arrangement.objects.get(account=account).amount == 150
