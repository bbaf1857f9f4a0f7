"""A message that lacks what the law wants every such message to say does not go out."""

from __future__ import annotations

import pytest

from accounts.models import ContactPoint, Portfolio
from communications.models import Contact, MessageState, Template
from communications.services.messages import queue_message
from communications.services.send import deliver
from tests.factories import NOW, make_portfolio, place_account

pytestmark = pytest.mark.django_db
WHOLE = "{creditor}, {reference}: please call us. {disclosure} {opt_out}"


def template(body_en: str, body_es: str = "", channel: str = "email") -> Template:
    return Template.objects.create(
        code="short-note", channel=channel, purpose="confirmation", body_en=body_en, body_es=body_es or body_en,
        subject_en="A note", subject_es="Una nota", published_at=NOW,
    )  # fmt: skip


def sent(jurisdiction: str = "US", capacity: str = "third_party_collector"):
    account = place_account(portfolio=make_portfolio(jurisdiction, capacity=capacity), email="ana@example.com")
    message = queue_message(
        account_id=account.pk,
        contact_point_id=ContactPoint.objects.get(party__accounts=account, kind="email").pk,
        channel="email",
        template_code="short-note",
        values={},
        actor=None,
        now=NOW,
        dedupe_key="1",
    )
    return deliver(message_id=message.pk, now=NOW)


def test_a_collectors_mail_that_says_all_goes_out():
    template(WHOLE)

    assert sent().state == MessageState.SENT


@pytest.mark.parametrize("left_out", ["{opt_out}", "{disclosure}"])
def test_one_that_leaves_something_out_is_refused_and_is_no_contact(left_out):
    template(WHOLE.replace(left_out, ""))

    message = sent()

    assert (message.state, message.failure_code) == (MessageState.REFUSED, "element_missing")
    assert not Contact.objects.exists()


def test_what_one_language_lacks_is_lacking():
    template(WHOLE, WHOLE.replace("{opt_out}", ""))

    assert sent().state == MessageState.REFUSED


def test_who_collects_its_own_debt_is_not_held_to_the_words_of_a_collector():
    template("{creditor}: thank you.")

    assert sent(capacity="original_creditor").state == MessageState.SENT
    assert Portfolio.objects.filter(capacity="original_creditor").count() == 1
