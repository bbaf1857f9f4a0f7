"""An offer goes to the customer with a link of their own; on its page they prove who they are, read it, and answer."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.foundation.errors import Refused
from accounts.models import ContactPoint, Event
from accounts.services.contact_points import record_consent
from arrangements.services.offers import accept_by_link, turn_down_offer
from collections_crm.services.offer_messages import send_offer
from communications.models import LocalMail, Message, VerificationTry
from communications.services.links import address_of
from communications.services.send import deliver
from tests.communications.calls import conclude, ring, verify
from tests.factories import NOW, TODAY, again, make_limit, make_party, make_user, pay, place_account
from tests.support.offers import accepted, offer, settlement_terms, told_of

pytestmark = pytest.mark.django_db
TRUE = {"birth_date": "12 apr 1985", "postcode": "N1 9GU"}
WRONG = {"birth_date": "13 apr 1985", "postcode": "N1 9GU"}


@pytest.fixture(autouse=True)
def _here(settings):
    settings.FROZEN_NOW = NOW
    settings.EMAIL_BACKEND = "communications.providers.mailbox.LocalMailboxBackend"
    settings.PUBLIC_ADDRESS = "https://pay.example"


@pytest.fixture
def agent(team):
    make_limit("agent", settlement_max_discount=Decimal("0.500"))
    return make_user("agent", team)


def owing(language="en", **more):
    account = place_account(
        owed="400.00", due="200.00", party=make_party(language=language), email="juana@example.com", **more
    )
    point = ContactPoint.objects.get(party__accounts=account, kind="email")
    record_consent(contact_point_id=point.pk, channel="email", basis="given", actor=None, now=NOW)
    return account


@pytest.fixture
def quoted(agent):
    return offer(owing(), agent)


def proved(client, message, said=TRUE):
    return client.post(address_of(message), said, follow=True)


def answer(client, message, what, digest):
    return client.post(f"{address_of(message)}answer/", {"answer": what, "digest": digest}, follow=True)


def test_the_mail_holds_every_payment_and_the_link_which_nothing_of_ours_keeps(client, agent, quoted):
    point = quoted.party.contact_points.get(kind="email")
    given = {"offer_id": quoted.pk, "contact_point_id": point.pk, "channel": "email", "actor": agent, "key": "k"}

    message = send_offer(now=NOW, **given)
    assert send_offer(now=NOW, **given) == message
    deliver(message_id=message.pk, now=NOW)

    mail = LocalMail.objects.get()
    link = f"https://pay.example{address_of(message)}"
    assert link in mail.body
    assert all(f"{row.amount} GBP" in mail.body for row in quoted.instalments.all())
    assert "{link}" in again(message).body
    assert address_of(message) not in again(message).body
    client.force_login(agent)
    page = client.get(reverse("message", args=[message.pk])).content.decode()
    assert "the link to their own page" in page
    assert address_of(message) not in page


def test_the_customer_proves_who_they_are_reads_and_accepts_and_is_sent_the_confirmation(client, agent, quoted):
    message = told_of(quoted, agent)

    first = client.get(address_of(message)).content.decode()
    terms = proved(client, message).content.decode()
    done = answer(client, message, "yes", quoted.terms_digest).content.decode()

    assert "100.00" not in first
    assert "Demo Lending" not in first
    assert "100.00 GBP" in terms
    assert "What we agreed" in done
    made = again(quoted)
    assert (made.state, made.accepted_how, made.made_by) == ("active", "link", agent)
    codes = Event.objects.get(kind="arrangement.accept").codes
    assert codes["message"] == message.pk
    assert codes["verification"] == VerificationTry.objects.get(matched=True).pk
    confirmation = Message.objects.exclude(pk=message.pk).get()
    assert (confirmation.template.code, confirmation.channel) == ("agreement", "email")
    answer(client, message, "yes", quoted.terms_digest)
    assert Message.objects.count() == 2


def test_a_spanish_customer_reads_spanish_whatever_the_browser_asks(client, agent):
    quoted = offer(owing("es-mx"), agent)
    message = told_of(quoted, agent)

    questions = client.get(address_of(message), headers={"accept-language": "en"}).content.decode()
    terms = proved(client, message, TRUE | {"birth_date": "12 abr 1985"}).content.decode()

    assert 'lang="es' in questions
    assert "Acepto" in terms
    assert "Usted paga" in terms
    assert "12 abr 1985" in questions


def test_nothing_is_shown_or_accepted_without_the_proof(client, agent, quoted):
    message = told_of(quoted, agent)

    refused = answer(client, message, "yes", quoted.terms_digest).content.decode()
    document = client.get(f"{address_of(message)}agreement.pdf")

    assert "100.00" not in refused
    assert document.status_code == 302
    assert again(quoted).state == "offered"


def test_three_wrong_answers_close_the_page_and_the_questions_of_a_call(client, agent, quoted):
    message = told_of(quoted, agent)

    answers = [proved(client, message, WRONG).status_code for _time in range(3)]
    closed = proved(client, message)

    assert answers == [422, 422, 422]
    assert closed.status_code == 403
    assert "100.00" not in closed.content.decode()
    with pytest.raises(Refused, match="again"):
        verify(ring(quoted.account, agent), agent, {"birth_date": "1985-04-13"})


def test_a_proof_lasts_half_an_hour_and_counts_for_its_own_message(client, agent, quoted, settings):
    message, other = told_of(quoted, agent), told_of(quoted, agent, key="2")
    proved(client, message)

    assert "100.00" not in client.get(address_of(other)).content.decode()
    settings.FROZEN_NOW = NOW + timedelta(minutes=31)
    assert "100.00" not in client.get(address_of(message)).content.decode()


def test_a_made_up_link_leads_nowhere(client, agent, quoted):
    address = address_of(told_of(quoted, agent))
    number, signature = address.strip("/").split("/")[-1].split(".")

    for token in (f"{int(number) + 1}.{signature}", f"{number}.{signature[:-1]}", number, "x"):
        assert client.get(reverse("customer-offer", args=[token])).status_code == 404


def test_our_own_people_answer_for_nobody(client, agent, quoted):
    message = told_of(quoted, agent)
    client.force_login(agent)

    page = client.get(address_of(message))
    posted = client.post(f"{address_of(message)}answer/", {"answer": "yes", "digest": quoted.terms_digest})

    assert page.status_code == posted.status_code == 403
    assert "100.00" not in page.content.decode()
    assert again(quoted).state == "offered"


@pytest.mark.parametrize("meanwhile", ["declined", "expired", "paid", "other digest"])
def test_what_no_longer_stands_is_not_accepted_and_the_customer_is_told(client, agent, quoted, meanwhile, settings):
    if meanwhile == "paid":
        quoted = offer(quoted.account, agent, settlement_terms(quoted.account, "380.00"))
    message, digest = told_of(quoted, agent), quoted.terms_digest
    proved(client, message)
    if meanwhile == "declined":
        turn_down_offer(offer_id=quoted.pk, reason="customer_refused", actor=agent, now=NOW)
    elif meanwhile == "paid":
        pay(quoted.account, "5.00")
    elif meanwhile == "other digest":
        digest = "0" * 64
    else:
        settings.FROZEN_NOW = NOW + timedelta(days=8)
        client.post(address_of(message), TRUE)

    page = answer(client, message, "yes", digest)

    assert page.status_code == 409
    assert "contact us" in page.content.decode()
    assert again(quoted).accepted_at is None


def test_a_no_is_kept_as_the_customers_own(client, agent, quoted):
    message = told_of(quoted, agent)
    proved(client, message)

    page = answer(client, message, "no", "").content.decode()

    assert "You said no" in page
    event = Event.objects.get(kind="arrangement.decline")
    assert (event.actor, event.reason, event.codes["message"]) == (None, "customer_refused", message.pk)


def test_a_try_about_another_message_proves_nothing(client, agent, quoted):
    message, other = told_of(quoted, agent), told_of(quoted, agent, key="2")
    proved(client, other)
    attempt = VerificationTry.objects.get()

    with pytest.raises(Refused) as caught:
        accept_by_link(message_id=message.pk, digest=quoted.terms_digest, try_id=attempt.pk, now=NOW)

    assert caught.value.code == "party_not_verified"


def test_a_message_that_never_left_has_no_page(client, agent, quoted):
    point = quoted.party.contact_points.get(kind="email")
    message = send_offer(offer_id=quoted.pk, contact_point_id=point.pk, channel="email", actor=agent, now=NOW, key="k")

    assert client.get(address_of(message)).status_code == 404


def test_only_what_stands_is_sent_and_only_to_the_customers_own_ways(agent, quoted):
    other = owing().parties.get().contact_points.get(kind="email")
    given = {"offer_id": quoted.pk, "channel": "email", "actor": agent, "now": NOW, "key": "k"}

    with pytest.raises(Refused) as caught:
        send_offer(contact_point_id=other.pk, **given)
    assert caught.value.code == "offer_way_of_another"
    turn_down_offer(offer_id=quoted.pk, reason="customer_refused", actor=agent, now=NOW)
    with pytest.raises(Refused) as caught:
        send_offer(contact_point_id=quoted.party.contact_points.get(kind="email").pk, **given)
    assert caught.value.code == "offer_nothing_to_tell"


def test_an_offer_that_waits_past_its_last_day_is_not_sent(agent, quoted):
    point = quoted.party.contact_points.get(kind="email")
    message = send_offer(offer_id=quoted.pk, contact_point_id=point.pk, channel="email", actor=agent, now=NOW, key="k")

    deliver(message_id=message.pk, now=message.expires_at)

    assert again(message).failure_code == "too_late"
    assert message.expires_at.date() == quoted.expires_on + timedelta(days=1)


def test_the_agent_sees_what_the_customer_will_read_then_sends_it_once(client, agent, quoted):
    client.force_login(agent)
    url = reverse("offer-send", args=[quoted.pk])
    page = client.get(url).content.decode()
    way = re.search(r'<option value="(\d+:email)"', page)[1]
    key = re.search(r'name="idempotency" value="([^"]+)"', page)[1]

    shown = client.post(url, {"way": way, "idempotency": key}).content.decode()
    for _click in range(2):
        client.post(url, {"way": way, "idempotency": key, "send": "1"})

    assert "the link to their own page" in shown
    assert "100.00 GBP" in shown
    message = Message.objects.get()
    assert message.about_arrangement.arrangement == quoted
    assert "Sent to the customer" in client.get(reverse("offer", args=[quoted.pk])).content.decode()


def test_what_was_agreed_in_a_call_is_confirmed_by_text_with_its_first_sentence(agent, quoted):
    accepted(quoted, agent)

    message = told_of(again(quoted), agent, channel="text")

    assert message.template.code == "agreement"
    assert "You pay 100.00 GBP on" in message.body
    assert str(TODAY.year) in message.body


def test_a_customer_without_known_facts_is_not_asked_on_the_page(client, agent):
    account = place_account(party=make_party(birth_date=None), email="luz@example.com", address=False)
    quoted = offer(account, agent)
    message = told_of(quoted, agent)

    page = client.get(address_of(message))

    assert page.status_code == 403
    assert "answer our message" in page.content.decode()
    conclude(ring(account, agent), agent, "no_answer")
