"""The pages of requests: what is drawn for whom, and what can't be done by going round them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import Approval, LedgerEntry
from accounts.services.approvals import approve, claim, decline, withdraw
from accounts.services.holds import place_hold, release_hold
from collections_crm.proof.invariants import INVARIANTS, violators
from tests.communications.calls import caller, verify
from tests.factories import again, make_limit, make_user, pay
from tests.support.cases import account_for, raise_case
from tests.support.logged_in import as_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _frozen(settings, now):
    settings.FROZEN_NOW = now


def page_of(approval):
    return reverse("approval", args=[approval.pk])


def act_of(approval, name):
    return reverse("approval-act", args=[approval.pk, name])


def keys_on(response):
    return {key for key in "ARZ0" if f'data-key="{key}"' in response.content.decode()}


def entries():
    return LedgerEntry.objects.filter(kind="write_off").count()


def test_the_list_shows_what_waits_oldest_first(agent, manager):
    first, second = raise_case("write_off", agent), raise_case("legal", agent)

    text = as_user(manager).get(reverse("approvals")).content.decode()

    assert text.index(first.account.reference) < text.index(second.account.reference)


def test_the_list_of_an_agent_holds_what_they_raised(agent, team):
    escalation, other = raise_case("write_off", agent), raise_case("write_off", make_user("agent", team))

    text = as_user(agent).get(reverse("approvals")).content.decode()

    assert escalation.account.reference in text
    assert other.account.reference not in text


@pytest.mark.parametrize("page", ["approvals", "inbox"])
def test_no_list_says_anything_of_an_account_whose_caller_is_not_verified(page, agent, manager):
    escalation = raise_case("settlement", agent)
    contact = caller(escalation.account, manager)

    before = as_user(manager).get(reverse(page)).content.decode()
    verify(contact, manager)
    after = as_user(manager).get(reverse(page)).content.decode()

    assert escalation.account.reference in before
    assert "600.00" not in before
    assert "ettlement" not in before
    assert "ettlement" in after


@pytest.mark.parametrize("kind", ["legal", "ucc", "settlement", "write_off", "fraud"])
def test_a_manager_sees_everything_to_decide_from(kind, agent, manager):
    escalation = raise_case(kind, agent)

    response = as_user(manager).get(page_of(escalation.approval))

    text = response.content.decode()
    assert keys_on(response) == {"A", "R", "Z", "0"}
    assert "Please look at it." in text
    assert escalation.approval.terms_digest[:12] in text
    assert ("What could be done instead" in text) == (kind != "fraud"), "a fraudster is offered no settlement"


@pytest.mark.parametrize(
    ("kind", "cost", "recovery"),
    [
        ("settlement", "600.00 GBP is let go", "600.00 GBP by Sat 28 Nov 2026, if it is kept."),
        ("write_off", "1,200.00 GBP: the whole balance is given up.", "Nothing is chased any more"),
        ("legal", "Not known: no fee of the court", "Not known: 1,200.00 GBP at the very most."),
        ("fraud", "Not known: chasing stands still", "Not known."),
    ],
)
def test_the_page_says_whose_debt_it_is_what_a_yes_costs_and_may_bring(kind, cost, recovery, agent, manager):
    account = account_for(kind)
    if kind == "fraud":
        pay(account, "25.00", method="cash")
    escalation = raise_case(kind, agent, account)

    text = as_user(manager).get(page_of(escalation.approval)).content.decode()

    assert cost in text
    assert recovery in text
    assert account.parties.get().name in text
    assert ("paid in the last year: 25.00 GBP" if kind == "fraud" else "paid in the last year: 0.00 GBP") in text
    assert "no promise or settlement has been judged yet" in text


def test_whoever_raised_it_sees_that_somebody_else_must_decide(team):
    maker = make_user("manager", team)
    escalation = raise_case("write_off", maker)

    response = as_user(maker).get(page_of(escalation.approval))

    assert "You raised this: somebody else must decide." in response.content.decode()
    assert keys_on(response) == set()


def test_the_page_works_in_two_plain_steps(agent, manager):
    escalation = raise_case("write_off", agent)
    client = as_user(manager)

    step = client.get(act_of(escalation.approval, "approve"))
    done = client.post(act_of(escalation.approval, "approve"), {"idempotency": uuid4()}, follow=True)

    assert "the account closes as written off" in step.content.decode()
    assert "the request is carried out" in done.content.decode()
    assert again(escalation.account).state == "written_off"


def test_the_same_form_twice_acts_once_and_answers_the_same(agent, manager):
    escalation = raise_case("write_off", agent)
    client, form = as_user(manager), {"idempotency": uuid4()}

    answers = [client.post(act_of(escalation.approval, "approve"), form) for _n in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert entries() == 1


@pytest.mark.parametrize("superuser", [False, True])
def test_posting_ones_own_approval_past_the_page_is_refused(team, superuser):
    maker = make_user("manager", team, is_superuser=superuser)
    escalation = raise_case("write_off", maker)
    client = as_user(maker)

    for name in ("approve", "decline", "return"):
        form = {"idempotency": uuid4(), "reason": "unclear", "sentence": "x"}
        form["reason"] = "not_justified" if name == "decline" else form["reason"]
        answer = client.post(act_of(escalation.approval, name), form)
        assert "You raised this: somebody else must decide." in answer.content.decode()

    assert (again(escalation.approval).state, entries()) == ("requested", 0)


@pytest.mark.parametrize("name", ["approve", "decline", "return", "try-again", "set-aside"])
def test_an_empty_form_over_ones_own_request_says_that_somebody_else_must_decide(name, team):
    maker = make_user("manager", team)
    escalation = raise_case("write_off", maker)

    answer = as_user(maker).post(act_of(escalation.approval, name), {})

    text = answer.content.decode()
    assert "You raised this: somebody else must decide." in text
    assert "This field is required." not in text
    assert again(escalation.approval).state == "requested"


def test_another_persons_form_replayed_by_the_maker_is_refused(agent, manager):
    """The key of a form belongs to who sent it: replaying it as somebody else is a new act, and refused."""
    escalation = raise_case("write_off", agent)
    form = {"idempotency": uuid4()}
    as_user(agent).post(act_of(escalation.approval, "approve"), form)

    assert again(escalation.approval).state == "requested"

    as_user(manager).post(act_of(escalation.approval, "approve"), form)

    assert again(escalation.approval).state == "executed"


def test_a_stranger_does_not_find_the_request(agent):
    escalation = raise_case("write_off", agent)
    client = as_user(make_user("manager"))

    answers = [client.get(page_of(escalation.approval)), client.post(act_of(escalation.approval, "approve"))]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_an_unknown_act_is_not_found(agent, manager):
    escalation = raise_case("write_off", agent)

    assert as_user(manager).get(act_of(escalation.approval, "bless")).status_code == 404


def test_when_the_terms_change_the_buttons_go_and_the_difference_shows(agent, manager):
    escalation = raise_case("write_off", agent)
    pay(escalation.account, "10.00")
    client = as_user(manager)

    response = client.get(page_of(escalation.approval))

    text = response.content.decode()
    assert "A" not in keys_on(response)
    assert "1,200.00 GBP" in text
    assert "1,190.00 GBP" in text

    client.post(act_of(escalation.approval, "set-aside"), {"idempotency": uuid4()})

    assert (again(escalation.approval).state, again(escalation).state) == ("voided", "returned")


def test_an_old_form_over_changed_terms_does_nothing(agent, manager):
    escalation = raise_case("write_off", agent)
    pay(escalation.account, "10.00")

    answer = as_user(manager).post(act_of(escalation.approval, "approve"), {"idempotency": uuid4()}, follow=True)

    assert "Its terms had changed" in answer.content.decode()
    assert (again(escalation.approval).state, entries()) == ("voided", 0)


def test_a_limit_lowered_in_flight_is_said_and_nothing_is_done(agent, manager):
    escalation = raise_case("write_off", agent)
    client = as_user(manager)
    client.get(act_of(escalation.approval, "approve"))
    make_limit("manager", write_off_max=Decimal("100.00"))

    answer = client.post(act_of(escalation.approval, "approve"), {"idempotency": uuid4()})

    assert "beyond your limit: 1,200.00 asked, 100.00 allowed" in answer.content.decode()
    assert "A" not in keys_on(client.get(page_of(escalation.approval)))


def test_an_expired_request_cannot_be_approved(agent, manager, settings):
    escalation = raise_case("write_off", agent)
    settings.FROZEN_NOW = escalation.approval.expires_at + timedelta(seconds=1)

    answer = as_user(manager).post(act_of(escalation.approval, "approve"), {"idempotency": uuid4()})

    assert "Its time ran out" in answer.content.decode()
    assert entries() == 0


def test_a_declined_request_cannot_be_approved(agent, manager, now):
    escalation = raise_case("write_off", agent)
    decline(approval_id=escalation.approval_id, reason="too_costly", sentence="No.", actor=manager, now=now)

    answer = as_user(manager).post(act_of(escalation.approval, "approve"), {"idempotency": uuid4()})

    assert "no longer open: declined" in answer.content.decode()


def test_a_failing_check_takes_the_yes_away_and_names_itself(agent, manager, now):
    escalation = raise_case("legal", agent)
    place_hold(kind="dispute", account_id=escalation.account_id, actor=agent, now=now)

    response = as_user(manager).get(page_of(escalation.approval))

    assert keys_on(response) == {"R", "Z", "0"}
    assert "A hold stands against it: dispute." in response.content.decode()


def test_once_decided_it_shows_the_checks_as_they_stood_then(agent, manager, now):
    escalation = raise_case("legal", agent)
    hold = place_hold(kind="dispute", account_id=escalation.account_id, actor=agent, now=now)
    decline(approval_id=escalation.approval_id, reason="too_costly", sentence="Not yet.", actor=manager, now=now)
    release_hold(hold_id=hold.pk, reason="resolved", actor=manager, now=now)

    text = as_user(manager).get(page_of(escalation.approval)).content.decode()

    assert "Automatic checks, as they stood when it was decided" in text
    assert "A hold stands against it: dispute." in text


def test_once_approved_it_shows_the_limit_of_who_approved_and_no_figures_of_today(agent, manager, compliance, now):
    escalation = raise_case("write_off", agent)
    asked = escalation.amount
    approve(approval_id=escalation.approval_id, actor=manager, now=now)
    make_limit("manager", write_off_max=Decimal("1.00"))

    for reader in (manager, compliance):
        text = as_user(reader).get(page_of(escalation.approval)).content.decode()
        assert f"{asked:,.2f} GBP asked, 2,000.00 GBP allowed" in text
        assert "Your limit" not in text
        assert "Cost and expected recovery" not in text
        assert "As it is today." in text


def test_a_decision_written_past_the_services_is_named(agent, manager, now):
    escalation = raise_case("write_off", agent)
    told = next(one for one in INVARIANTS if one.name == "decision_is_on_record")
    forged = Approval.objects.filter(pk=escalation.approval_id)
    forged.update(state="claimed", checker=manager)
    forged.update(state="approved", decided_at=now)

    assert violators(told) == [escalation.approval_id]


def test_nobody_decided_so_no_checks_are_shown(agent, now):
    escalation = raise_case("write_off", agent)
    withdraw(approval_id=escalation.approval_id, actor=agent, now=now)

    assert "Automatic checks" not in as_user(agent).get(page_of(escalation.approval)).content.decode()


def test_what_could_not_be_carried_out_says_why_and_is_offered_again(agent, manager):
    escalation = raise_case("fraud", agent)
    client = as_user(manager)

    client.post(act_of(escalation.approval, "approve"), {"idempotency": uuid4()})

    text = client.get(page_of(escalation.approval)).content.decode()
    assert "No compliance officer can log in" in text

    make_user("compliance")
    client.post(act_of(escalation.approval, "try-again"), {"idempotency": uuid4()})

    assert again(escalation.approval).state == "executed"


@pytest.mark.parametrize(("name", "reason"), [("decline", "too_costly"), ("return", "unclear")])
def test_a_refusal_without_a_sentence_stays_on_its_form(name, reason, agent, manager):
    escalation = raise_case("write_off", agent)

    answer = as_user(manager).post(act_of(escalation.approval, name), {"reason": reason, "sentence": " "})

    assert answer.status_code == 422
    assert again(escalation.approval).state == "requested"


def test_claiming_says_until_when_and_shows_it_to_others(agent, manager, team):
    escalation = raise_case("write_off", agent)
    other = make_user("manager", team)

    as_user(manager).post(reverse("approval-claim", args=[escalation.approval_id]))

    text = as_user(other).get(page_of(escalation.approval)).content.decode()
    assert "Somebody else is deciding this one." in text
    assert manager.username in text

    as_user(manager).post(reverse("approval-claim", args=[escalation.approval_id]), {"give_back": "1"})

    assert again(escalation.approval).state == "requested"


def test_the_maker_withdraws_from_the_page(agent):
    escalation = raise_case("write_off", agent)

    as_user(agent).post(act_of(escalation.approval, "withdraw"), {"idempotency": uuid4()})

    assert again(escalation).state == "withdrawn"


@pytest.mark.parametrize("role", ["finance", "admin", "compliance"])
def test_other_roles_may_read_but_not_decide(role, agent):
    escalation = raise_case("write_off", agent)
    client = as_user(make_user(role))

    response = client.get(page_of(escalation.approval))
    client.post(act_of(escalation.approval, "approve"), {"idempotency": uuid4()})

    assert keys_on(response) == set()
    assert Approval.objects.get(pk=escalation.approval_id).state == "requested"


def test_a_decision_page_asks_few_questions(agent, manager, now, django_assert_max_num_queries):
    escalation = raise_case("legal", agent)
    claim(approval_id=escalation.approval_id, actor=manager, now=now)
    client = as_user(manager)
    client.get(page_of(escalation.approval))

    with django_assert_max_num_queries(60):
        client.get(page_of(escalation.approval))


def test_every_page_speaks_spanish(agent, manager):
    manager.language = "es-mx"
    manager.save(update_fields=["language"])
    escalation = raise_case("legal", agent, account_for("legal"))
    client = as_user(manager)

    for url in (page_of(escalation.approval), reverse("approvals"), act_of(escalation.approval, "decline")):
        assert client.get(url).status_code == 200
