"""Texts from customers: kept word for word, stop honoured at once, anything else brought to somebody's eyes."""

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from django.urls import reverse

from accounts.models import ContactPoint, NextKind
from accounts.services.next_step import set_next
from communications.models import Contact, MessageState, ReceivedText
from communications.services.received_texts import receive_text
from communications.services.send import deliver
from tests.factories import NOW, TODAY, again, make_user, pay
from tests.messages.test_sending import point_of, queued

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_ten(settings):
    """Pages are looked at when the texts come in."""
    settings.FROZEN_NOW = NOW


NUMBER = "+442079460321"
# A card number in the wide digits of East Asian scripts.
FULL_WIDTH = "".join(chr(0xFF10 + int(digit)) for digit in "4111111111111111")


def write(body, reference="SM1", sender=NUMBER, now=NOW):
    return receive_text(sender=sender, body=body, provider_reference=reference, now=now)


STOPS = [
    "STOP", "Baja", " stop. ", "STOP ALL", "stopall", "Parar", "cancelar", "Please stop texting me", "remove me",
    "don't text me again", "Ya no me escriban", "dejen de mandarme mensajes", "Please opt me out",
]  # fmt: skip


@pytest.mark.parametrize("word", STOPS)
def test_a_text_that_says_stop_is_honoured_at_once(customer, provider, word):
    waiting = queued(customer)

    received, repeated = write(word), write(word)
    deliver(message_id=waiting.pk, now=NOW)

    assert (len(received), repeated) == (1, [])
    assert again(waiting).state == MessageState.REFUSED


def test_stop_counts_also_when_the_debt_is_paid(customer):
    pay(customer, str(customer.balance))

    write("STOP")

    assert ContactPoint.objects.get(value=NUMBER).consents.filter(opted_out=True).exists()


def test_a_text_from_an_unknown_number_is_kept_once_and_shown_to_managers(client):
    assert write("Who are you?", sender="+15005550001") == write("Who are you?", sender="+15005550001") == []

    kept = ReceivedText.objects.get()
    client.force_login(make_user("manager"))
    page = client.get(reverse("inbox")).content.decode()

    assert (kept.contact, kept.body) == (None, "Who are you?")
    assert "Who are you?" in page
    assert "+15005550001" not in page


@pytest.mark.parametrize(
    "words", ["please do not stop by", "I can't stop worrying, please call", "No puedo parar de pensar"]
)
def test_another_word_is_a_contact_without_an_opt_out(customer, words):
    write(words)

    contact = Contact.objects.get()
    assert (contact.direction, contact.account_contacts.get().account_id) == ("in", customer.pk)
    assert not point_of(customer, "phone").consents.filter(opted_out=True).exists()


def test_what_was_written_stands_in_the_timeline_and_in_the_inbox_until_somebody_comes_back_to_it(client, customer):
    agent = make_user("agent", team=customer.portfolio.teams.get())
    client.force_login(agent)
    write("I lost my job <b>today</b>")

    timeline = client.get(reverse("account", args=[customer.reference])).content.decode()
    assert "“I lost my job &lt;b&gt;today&lt;/b&gt;”" in timeline
    assert "I lost my job" in client.get(reverse("inbox")).content.decode()

    write("STOP", reference="SM2", now=NOW + timedelta(hours=1))
    page = client.get(reverse("inbox")).content.decode()
    assert "I lost my job" not in page
    assert "STOP" in page


def test_a_text_makes_the_account_the_work_of_today_but_moves_no_callback(customer):
    later = TODAY + timedelta(days=5)
    set_next(account=again(customer), kind=NextKind.ACT, on=later, reason="no_answer", actor=None, now=NOW)
    write("Please ring me")
    assert again(customer).next_on == TODAY

    at = NOW + timedelta(days=5)
    set_next(account=again(customer), kind=NextKind.CALLBACK, on=later, at=at, reason="test", actor=None, now=NOW)
    write("And another thing", reference="SM2")
    assert (again(customer).next_kind, again(customer).next_at) == (NextKind.CALLBACK, at)


@pytest.mark.parametrize("card", ["4111 1111 1111 1111", "my card 5500-0000-0000-0004 thanks", FULL_WIDTH])
def test_a_card_number_in_a_text_is_taken_out_before_it_is_kept(customer, card):
    write(card)

    kept = ReceivedText.objects.get().body
    assert "[•••]" in kept
    assert not any(part in kept for part in ("1111", "0004", FULL_WIDTH[-4:]))


@pytest.mark.parametrize("statement", ["UPDATE {} SET body = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_what_a_customer_wrote_is_neither_changed_nor_taken_away(customer, statement):
    write("I lost my job")

    with pytest.raises(Error), transaction.atomic():
        connection.cursor().execute(statement.format("communications_receivedtext"))

    assert ReceivedText.objects.get().body == "I lost my job"


def test_a_sender_or_text_that_no_table_could_hold_loses_nothing():
    write("Hello\0 there", sender="+1" + "5" * 60)

    assert (ReceivedText.objects.get().body, len(ReceivedText.objects.get().sender)) == ("Hello there", 40)
