"""Writing to a customer through the pages, and what the text provider tells us."""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from twilio.request_validator import RequestValidator

from accounts.services.contact_points import record_consent
from communications.models import Message, MessageState
from communications.services.messages import cancel_message, find_lost
from communications.services.send import claim, deliver
from tests.factories import NOW, again, make_portfolio, make_user, place_account
from tests.messages.test_sending import point_of, queued

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _afternoon(settings):
    settings.FROZEN_NOW = NOW
    settings.EMAIL_BACKEND = "communications.providers.mailbox.LocalMailboxBackend"


@pytest.fixture
def at_work(client, agent):
    client.force_login(agent)
    return client


@pytest.mark.parametrize(("channel", "kind"), [("text", "phone"), ("email", "email")])
def test_the_key_of_a_channel_opens_the_form_at_a_way_of_that_channel(at_work, customer, channel, kind):
    page = at_work.get(reverse("message-write", args=[customer.reference]), {"by": channel})

    assert page.context["form"]["way"].value() == f"{point_of(customer, kind).pk}:{channel}"


def agreed_long_ago(agent, days):
    """To e-mails today, to texts so many days ago."""
    portfolio = make_portfolio("US", code="us-bought", capacity="third_party_collector")
    account = place_account(portfolio=portfolio, owner=agent, phone="+12125550123", email="juana@example.com")
    for kind, channel, before in (("phone", "text", timedelta(days=days)), ("email", "email", timedelta())):
        point = point_of(account, kind)
        record_consent(contact_point_id=point.pk, channel=channel, basis="given", actor=None, now=NOW - before)
    return account


@pytest.mark.parametrize(("days", "label"), [(59, "text, agreed)"), (61, "text, agreed too long ago)")])
def test_a_consent_older_than_the_rule_allows_is_not_called_agreed(at_work, agent, days, label):
    account = agreed_long_ago(agent, days)

    page = at_work.get(reverse("message-write", args=[account.reference]))

    assert label in page.content.decode()


def test_the_agent_sees_what_the_customer_will_read_and_sends_it_once(
    at_work, customer, django_capture_on_commit_callbacks
):
    url = reverse("message-write", args=[customer.reference])
    form = {"way": f"{point_of(customer, 'email').pk}:email", "template": "please-contact-us"}
    form["idempotency"] = "6f1c1f57-2d0e-4a6f-9c55-b6b0b1b3a111"

    shown = at_work.post(url, form)
    assert "Dear Juana Ramírez Ortega" in shown.content.decode()
    assert not Message.objects.exists()

    for _time in range(2):
        assert at_work.post(url, form | {"send": "1"}).status_code == 302

    message = Message.objects.get()
    assert (message.state, message.queued_by.role) == (MessageState.QUEUED, "agent")


def test_what_would_be_refused_says_so_before_it_is_sent(at_work, agent):
    account = agreed_long_ago(agent, days=61)
    form = {"way": f"{point_of(account, 'phone').pk}:text", "template": "please-contact-us"}

    shown = at_work.post(reverse("message-write", args=[account.reference]), form).content.decode()

    assert "Now it would not go out:" in shown
    assert "renewed within 60 days" in shown


def test_a_stranger_can_not_write(client, customer):
    client.force_login(make_user("agent"))

    assert client.get(reverse("message-write", args=[customer.reference])).status_code == 404


def test_the_page_of_a_message_says_in_words_why_it_did_not_go_out(at_work, customer):
    message = queued(customer)
    cancel_message(message_id=message.pk, reason="promise_changed", actor=None, now=NOW)

    page = at_work.get(reverse("message", args=[message.pk])).content.decode()

    assert "the promise it reminds of has changed" in page
    assert "promise_changed" not in page


def test_the_page_of_a_message_shows_exactly_what_was_sent(at_work, customer):
    message = queued(customer)

    page = at_work.get(reverse("message", args=[message.pk])).content.decode()

    assert "your payment of 400.00 GBP is due on 18 November 2026" in page


def test_a_queued_message_is_taken_out_of_the_line_by_hand(at_work, customer):
    message = queued(customer)

    at_work.post(reverse("message-cancel", args=[message.pk]))

    assert again(message).state == MessageState.CANCELLED


def test_a_person_says_what_became_of_an_unconfirmed_message(at_work, customer, settings):
    message = claim(message_id=queued(customer).pk, now=NOW)
    find_lost(now=NOW.replace(hour=16))
    assert customer.reference in at_work.get(reverse("messages")).content.decode()

    at_work.post(reverse("message", args=[message.pk]), {"was_sent": "no"})

    assert again(message).state == MessageState.FAILED


def test_the_mailbox_shows_what_would_have_left(client, manager, customer):
    client.force_login(manager)
    deliver(message_id=queued(customer, "email", "email").pk, now=NOW)

    page = client.get(reverse("mailbox")).content.decode()

    assert "Your payment on 18 November 2026" in page
    assert "juana@example.com" not in page


def signed(url, form):
    return RequestValidator(django_settings.SMS_TOKEN).compute_signature(f"http://testserver{url}", form)


def test_the_provider_is_believed_only_with_its_signature(client, customer):
    url, form = reverse("text-inbound"), {"From": "+442079460321", "Body": "STOP", "MessageSid": "SM9"}

    assert client.post(url, form, headers={"X-Twilio-Signature": "no"}).status_code == 403
    assert not point_of(customer, "phone").consents.filter(opted_out=True).exists()

    assert client.post(url, form, headers={"X-Twilio-Signature": signed(url, form)}).status_code == 204
    assert point_of(customer, "phone").consents.filter(opted_out=True).exists()


def test_a_delivery_report_moves_the_message(client, customer, provider):
    message = deliver(message_id=queued(customer).pk, now=NOW)
    url, form = reverse("text-status"), {"MessageSid": message.provider_reference, "MessageStatus": "delivered"}

    client.post(url, form, headers={"X-Twilio-Signature": signed(url, form)})

    assert again(message).state == MessageState.DELIVERED
