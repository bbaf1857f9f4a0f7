"""Messages: queued in the customer's language, judged when they are sent, sent once."""

import smtplib
import socket
from datetime import timedelta
from decimal import Decimal

import pytest
import requests

from accounts.foundation.errors import Refused
from accounts.models import ContactPoint
from accounts.services.contact_points import opt_out, record_consent, set_status
from collections_crm.embedded.sms_emulator import REFUSED_NUMBER
from communications.models import Contact, ContactState, LocalMail, MessageState, PolicyDecision
from communications.providers.answers import ProviderBusy
from communications.services import send
from communications.services.messages import (
    LOST_AFTER,
    cancel_message,
    find_lost,
    queue_message,
    record_delivery,
    resolve_unconfirmed,
)
from communications.services.send import deliver
from communications.tasks import sweep_messages
from tests.factories import NOW, TODAY, again

pytestmark = pytest.mark.django_db


def point_of(account, kind):
    return ContactPoint.objects.get(party__accounts=account, kind=kind)


def queued(account, kind="phone", channel="text", key="1", now=NOW, point=None, **more):
    return queue_message(
        account_id=account.pk,
        contact_point_id=(point or point_of(account, kind)).pk,
        channel=channel,
        template_code="promise-reminder",
        values={"amount": Decimal("400.00"), "day": TODAY},
        actor=None,
        now=now,
        dedupe_key=key,
        **more,
    )


def dies(**_given):
    raise requests.exceptions.ReadTimeout


def test_a_text_goes_out_once_with_its_decision_and_counts_as_a_contact(customer, provider):
    message = queued(customer)

    for _time in range(2):
        deliver(message_id=message.pk, now=NOW)

    message = again(message)
    assert message.state == MessageState.SENT
    assert message.contact.decision == message.decision
    assert [(t["to"], t["asked"]) for t in provider.taken()] == [("+442079460321", 1)]


def test_an_e_mail_is_kept_by_the_local_mailbox(customer, settings):
    settings.EMAIL_BACKEND = "communications.providers.mailbox.LocalMailboxBackend"
    message = queued(customer, "email", "email")

    deliver(message_id=message.pk, now=NOW)

    mail = LocalMail.objects.get()
    assert (mail.to, again(message).state) == ("juana@example.com", MessageState.SENT)
    assert message.provider_key in mail.message_id
    assert "400.00 GBP" in mail.body


def test_a_customer_who_speaks_spanish_is_written_to_in_spanish(customer):
    party = customer.parties.get()
    party.language = "es-mx"
    party.save(update_fields=["language"])

    message = queued(customer)

    assert "vence el 18 de noviembre de 2026" in message.body
    assert "Responda BAJA" in message.body


def test_nothing_is_sent_to_somebody_who_opted_out_after_it_was_queued(customer, provider):
    message = queued(customer)
    opt_out(contact_point_id=point_of(customer, "phone").pk, channel="text", actor=None, now=NOW)

    deliver(message_id=message.pk, now=NOW)

    message = again(message)
    assert (message.state, message.contact, provider.taken()) == (MessageState.REFUSED, None, [])
    assert message.decision.verdict == "refuse"


def test_at_night_a_message_waits_for_the_morning_if_it_is_still_of_use_then(customer, provider):
    night = NOW.replace(hour=3) + timedelta(days=1)
    message = queued(customer, now=night, expires_at=night + timedelta(hours=12))

    deliver(message_id=message.pk, now=night)

    message = again(message)
    assert (message.state, message.due_at.hour) == (MessageState.QUEUED, 8)

    deliver(message_id=message.pk, now=message.due_at)

    assert again(message).state == MessageState.SENT


def test_a_message_that_comes_too_late_is_not_sent(customer, provider):
    message = queued(customer, expires_at=NOW + timedelta(hours=1))

    deliver(message_id=message.pk, now=NOW + timedelta(hours=2))

    assert again(message).state == MessageState.CANCELLED
    assert not PolicyDecision.objects.exists()


def test_when_the_provider_is_busy_nothing_was_attempted_and_the_message_waits(customer, monkeypatch):
    message = queued(customer)

    def busy(**_given):
        raise ProviderBusy("429")

    monkeypatch.setattr(send, "send_text", busy)
    deliver(message_id=message.pk, now=NOW)

    message = again(message)
    assert (message.state, message.contact) == (MessageState.QUEUED, None)
    assert message.due_at > NOW
    contact = Contact.objects.get()
    assert (contact.state, contact.counts_attempt) == (ContactState.NOT_ATTEMPTED, False)


def test_a_number_that_the_provider_refuses_ends_the_message(customer, provider):
    refused = point_of(customer, "phone").party.contact_points.create(
        kind="phone", value=REFUSED_NUMBER, provenance="customer", added_at=NOW
    )
    record_consent(contact_point_id=refused.pk, channel="text", basis="given", actor=None, now=NOW)
    message = queued(customer, point=refused)

    deliver(message_id=message.pk, now=NOW)

    assert (again(message).state, again(message).failure_code) == (MessageState.FAILED, "provider_21211")


def test_a_message_whose_worker_died_waits_for_a_person_and_is_not_sent_again(customer, agent, monkeypatch):
    message = queued(customer)

    monkeypatch.setattr(send, "send_text", dies)
    with pytest.raises(requests.exceptions.ReadTimeout):
        deliver(message_id=message.pk, now=NOW)
    later = NOW + LOST_AFTER + timedelta(seconds=1)

    assert find_lost(now=later) == [message.pk]
    assert deliver(message_id=message.pk, now=later) is None
    assert again(message).state == MessageState.UNCONFIRMED

    resolve_unconfirmed(message_id=message.pk, was_sent=True, actor=agent, now=later)

    assert again(message).state == MessageState.SENT
    with pytest.raises(Refused, match="Somebody said already"):
        resolve_unconfirmed(message_id=message.pk, was_sent=False, actor=agent, now=later)


def test_a_worker_is_taken_for_dead_after_two_minutes_and_not_while_it_may_still_be_sending(customer, monkeypatch):
    message = queued(customer)

    def hangs(**_given):
        raise requests.exceptions.ReadTimeout

    monkeypatch.setattr(send, "send_text", hangs)
    with pytest.raises(requests.exceptions.ReadTimeout):
        deliver(message_id=message.pk, now=NOW)

    assert find_lost(now=NOW + timedelta(seconds=90)) == []
    assert find_lost(now=NOW + timedelta(minutes=3)) == [message.pk]


def test_the_same_key_queues_once_and_a_cancelled_message_stays_away(customer, provider):
    first, second = queued(customer), queued(customer)
    assert first.pk == second.pk

    cancel_message(message_id=first.pk, reason="paid", actor=None, now=NOW)
    deliver(message_id=first.pk, now=NOW)

    assert (again(first).state, provider.taken()) == (MessageState.CANCELLED, [])


def test_a_dead_number_takes_no_messages(customer):
    set_status(contact_point_id=point_of(customer, "phone").pk, status="dead", reason="test", actor=None, now=NOW)

    with pytest.raises(Refused, match="not in use"):
        queued(customer)


def test_what_the_provider_says_later_is_kept_once(customer, provider):
    message = queued(customer)
    reference = deliver(message_id=message.pk, now=NOW).provider_reference

    for status in ("delivered", "delivered", "failed"):
        record_delivery(provider_reference=reference, status=status, now=NOW)

    assert again(message).state == MessageState.BOUNCED


@pytest.mark.parametrize(
    ("was_sent", "state", "counts"), [(True, "handed_over", True), (False, "not_attempted", False)]
)
def test_what_a_person_says_of_a_lost_message_ends_its_contact_too(
    customer, provider, agent, monkeypatch, was_sent, state, counts
):
    message = queued(customer)
    monkeypatch.setattr(send, "send_text", dies)
    with pytest.raises(requests.exceptions.ReadTimeout):
        deliver(message_id=message.pk, now=NOW)
    later = NOW + LOST_AFTER + timedelta(seconds=1)
    find_lost(now=later)

    resolve_unconfirmed(message_id=message.pk, was_sent=was_sent, actor=agent, now=later)

    contact = again(message).contact
    assert (contact.state, contact.counts_attempt) == (state, counts)


def test_one_message_that_fails_does_not_keep_the_others_waiting(customer, provider, monkeypatch, settings):
    settings.FROZEN_NOW = NOW
    first, second = queued(customer, key="1"), queued(customer, "email", "email", key="2")
    monkeypatch.setattr(send, "send_text", dies)

    sweep_messages()

    assert (again(first).state, again(second).state) == (MessageState.SENDING, MessageState.SENT)


@pytest.mark.parametrize(
    "failure", [socket.gaierror("no such host"), TimeoutError(), smtplib.SMTPAuthenticationError(535, b"no")]
)
def test_a_mail_server_that_was_never_reached_has_taken_nothing(customer, monkeypatch, failure):
    def open_(_self):
        raise failure

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", open_)
    message = queued(customer, "email", "email")

    deliver(message_id=message.pk, now=NOW)

    assert (again(message).state, again(message).contact) == (MessageState.QUEUED, None)
    assert Contact.objects.get().state == ContactState.NOT_ATTEMPTED
