"""The promise panel: taken, refused with the nearest that is allowed, cancelled; silent before verification."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Hold
from arrangements.models import Arrangement
from tests.communications.calls import caller, verify
from tests.factories import TODAY, again, make_limit, make_portfolio, make_team, make_user, place_account
from tests.support.promises import promise, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def account(team):
    return place_account(owed="1200.00", due="400.00")


@pytest.fixture
def page(client, agent):
    client.force_login(agent)
    return client


def verified_call(account, agent):
    contact = caller(account, agent)
    verify(contact, agent)
    return contact


def take(client, account, **said):
    given = {"amount": "200.00", "due_on": "+5", "party": account.parties.get().pk} | said
    return client.post(reverse("promise", args=[account.reference]), given)


def test_an_agent_takes_a_promise_from_the_verified_caller(page, account, agent):
    contact = verified_call(account, agent)

    answer = take(page, account)

    made = Arrangement.objects.get(account=account)
    assert answer.status_code == 302
    assert (made.contact_id, made.amount, made.instalments.get().due_on) == (contact.pk, 200, TODAY + timedelta(days=5))
    shown = page.get(answer.url).content.decode()
    assert "Promise taken: 200.00 GBP by Mon 23 Nov 2026" in shown
    assert "A new promise replaces the live one." in shown


def test_the_same_form_twice_takes_one_promise(page, account, agent):
    verified_call(account, agent)
    key = "0e9f2f0c-8d3a-4a39-9f43-5a4be4b5b001"

    take(page, account, idempotency=key)
    take(page, account, idempotency=key)

    assert Arrangement.objects.filter(account=account).count() == 1


def test_what_is_beyond_the_limits_comes_back_with_the_sentence_and_what_was_typed(page, account, agent):
    make_limit("agent", promise_max_days=14)
    verified_call(account, agent)

    answer = take(page, account, due_on="2026-12-24")

    assert answer.status_code == 200
    shown = answer.content.decode()
    assert "too far ahead" in shown
    assert "It needs a manager" in shown
    assert 'value="200.00"' in shown
    assert not Arrangement.objects.exists()


def test_without_a_verified_contact_an_agent_sees_no_form(page, account):
    shown = page.get(reverse("promise", args=[account.reference])).content.decode()

    assert "while the verified person is on the line" in shown
    assert "Take the promise" not in shown


def test_nothing_is_said_before_verification(page, account, agent):
    caller(account, agent)

    shown = page.get(reverse("promise", args=[account.reference])).content.decode()

    assert "Verify first" in shown
    assert "1,200.00" not in shown
    assert "400.00" not in shown


def test_htmx_gets_the_part_and_everybody_else_the_page(page, account):
    address = reverse("promise", args=[account.reference])

    part = page.get(address, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert part.lstrip().startswith('<section class="panel" id="promise-panel"')
    assert "<html" in page.get(address).content.decode()


def test_a_promise_is_cancelled_for_a_reason(page, account, agent):
    made = promise(account, agent)
    address = reverse("promise-cancel", args=[account.reference])

    assert "This field is required" in page.post(address, {"cancel-reason": ""}).content.decode()
    answer = page.post(address, {"cancel-reason": "cannot_pay"})

    assert answer.status_code == 302
    assert state_of(made)[0] == "cancelled"
    assert again(account).next_kind == "act"


def test_a_strangers_account_is_not_there(client):
    elsewhere = make_user("agent", make_team(make_portfolio("US", code="elsewhere"), name="Elsewhere"))
    account = place_account()
    client.force_login(elsewhere)

    for name in ("promise", "paid-claim"):
        assert client.get(reverse(name, args=[account.reference])).status_code == 404


def test_the_customers_word_that_it_is_paid_pauses_and_posts_nothing(page, account):
    address = reverse("paid-claim", args=[account.reference])

    answer = page.post(address, {"paid_on": "2026-11-16"})
    page.post(address, {"paid_on": "2026-11-16"})

    hold = Hold.objects.get(account=account)
    assert answer.status_code == 302
    assert (hold.kind, hold.review_on) == ("paid_claim", TODAY + timedelta(days=5))
    assert hold.forbids("demand")
    account = again(account)
    assert (account.next_kind, account.balance) == ("review_hold", 1200)
    assert not account.payments.exists()


def test_a_day_to_come_is_no_day_of_payment(page, account):
    answer = page.post(reverse("paid-claim", args=[account.reference]), {"paid_on": "2026-11-25"})

    assert "has not come yet" in answer.content.decode()
    assert not Hold.objects.exists()
