"""What a call is for follows from what is going on; nobody chooses it, and a hold is not passed by another word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import HoldKind
from accounts.services.holds import place_hold
from communications.models import Contact, PolicyDecision
from communications.services.received_texts import receive_text
from tests.communications.calls import caller, conclude, ring, verify
from tests.factories import NOW, again, make_limit, place_account
from tests.support.promises import promise

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NUMBER = "+442079460321"


@pytest.fixture(autouse=True)
def frozen(settings):
    settings.FROZEN_NOW = NOW


@pytest.fixture
def at_work(client, agent):
    make_limit("agent", promise_max_days=60)
    client.force_login(agent)
    return client


@pytest.fixture
def account(db):
    return place_account(phone="020 7946 0321", email="juana@example.com")


def dial(client, account, **fields):
    point = account.parties.get().contact_points.get(kind="phone")
    client.post(reverse("contact-start", args=[account.reference]), {"contact_point": point.pk} | fields)
    return PolicyDecision.objects.latest("pk")


def shown(client, account):
    return client.get(reverse("account", args=[account.reference])).content.decode()


def cease(account):
    place_hold(kind=HoldKind.CEASE, account_id=account.pk, actor=None, now=NOW)


@pytest.mark.parametrize("said", ["reply", "reminder", "trace", "confirmation"])
def test_calling_it_something_else_does_not_pass_a_cease_request(at_work, account, said):
    cease(account)

    decision = dial(at_work, account, purpose=said)

    assert (decision.purpose, decision.verdict) == ("demand", "refuse")
    assert Contact.objects.count() == 0


def test_a_customer_who_wrote_is_answered_even_while_demands_are_held(at_work, account):
    cease(account)
    receive_text(sender=NUMBER, body="What do you have on me?", provider_reference="a", now=NOW - DAY)

    assert "MAY CALL" in shown(at_work, account)
    decision = dial(at_work, account)

    assert (decision.purpose, decision.verdict) == ("reply", "allow")


def test_one_question_has_one_answer(at_work, agent, account):
    receive_text(sender=NUMBER, body="Please explain", provider_reference="a", now=NOW - DAY)
    answer = dial(at_work, account).contact
    verify(answer, agent)
    conclude(again(answer), agent, "refuses")
    cease(account)

    assert dial(at_work, account).verdict == "refuse"


def test_a_question_is_answered_within_two_weeks_or_not_as_a_reply(at_work, account):
    receive_text(sender=NUMBER, body="Please explain", provider_reference="a", now=NOW - 14 * DAY)

    assert dial(at_work, account).purpose == "demand"


def test_who_writes_only_to_be_left_alone_asked_nothing(at_work, account):
    receive_text(sender=NUMBER, body="STOP", provider_reference="a", now=NOW - DAY)

    assert dial(at_work, account).purpose == "demand"


def test_a_caller_was_answered_by_the_call(at_work, agent, account):
    call = caller(account, agent, now=NOW - DAY)
    conclude(call, agent, "third_party", now=NOW - DAY)
    cease(account)

    assert dial(at_work, account).verdict == "refuse"


def test_pressing_they_called_and_call_back_opens_no_way_around_a_hold(at_work, agent, account):
    cease(account)
    call = caller(account, agent)

    url = reverse("contact-wrap-up", args=[call.pk])
    at_work.post(url, {"outcome": "callback", "callback_on": "+1", "callback_time": "16:30"})

    assert again(call).is_open


def test_after_a_settlement_nobody_calls_until_a_payment_is_near(at_work, agent, account):
    promise(account, agent, in_days=20, now=NOW)

    page = shown(at_work, account)
    decision = dial(at_work, account)

    assert "DO NOT CALL" in page
    assert (decision.purpose, decision.verdict) == ("demand", "refuse")


def test_the_day_before_a_payment_its_reminder_may_be_called(at_work, agent, account):
    promise(account, agent, in_days=1, now=NOW)

    page = shown(at_work, account)
    decision = dial(at_work, account)

    assert "MAY CALL" in page
    assert (decision.purpose, decision.verdict) == ("reminder", "allow")


def test_who_asked_to_be_called_during_an_arrangement_is_called_at_that_minute_and_not_before(
    at_work, agent, account, settings
):
    promise(account, agent, in_days=20, now=NOW)
    call = ring(account, agent)
    conclude(call, agent, "callback", callback_at=NOW + timedelta(hours=1))

    assert dial(at_work, account).verdict == "refuse"
    settings.FROZEN_NOW = NOW + timedelta(hours=1)
    decision = dial(at_work, account)

    assert (decision.purpose, decision.verdict) == ("reply", "allow")


def test_the_badge_speaks_of_tracing_while_somebody_is_looked_for(at_work, account):
    place_hold(kind=HoldKind.PAUSE, account_id=account.pk, actor=None, now=NOW)
    type(account).objects.filter(pk=account.pk).update(next_kind="trace")

    assert "MAY CALL" in shown(at_work, account)
    assert dial(at_work, account).purpose == "trace"


def test_a_question_is_no_leave_to_call_back_at_night(at_work, account, settings):
    receive_text(sender=NUMBER, body="Please explain", provider_reference="a", now=NOW - DAY)
    settings.FROZEN_NOW = NOW.replace(hour=3)

    decision = dial(at_work, account)

    assert (decision.purpose, decision.verdict) == ("reply", "refuse")
    assert decision.next_allowed_at == NOW.replace(hour=8)
