"""Many messages that may not be sent now are turned away together, exactly as each would have been alone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.foundation.events import Event
from accounts.models import ContactPoint
from accounts.services.contact_points import opt_out, record_consent
from communications.models import Contact, Message, MessageState, PolicyDecision
from communications.selectors.contact_facts import ContactRequest
from communications.services.authorise import decide_many, keep_refusals, preview_contact
from communications.services.send import claim
from communications.services.send_sets import turn_away
from communications.tasks import sweep_messages
from tests.factories import NOW, again, place_account
from tests.messages.test_sending import point_of, queued

pytestmark = pytest.mark.django_db
NIGHT = NOW.replace(hour=3) + timedelta(days=1)
MORNING = NIGHT + timedelta(hours=12)


def agreed(number):
    """A customer of their own who agreed to texts."""
    account = place_account(phone=f"020 7946 {number:04}")
    record_consent(contact_point_id=point_of(account, "phone").pk, channel="text", basis="given", actor=None, now=NOW)
    return account


def in_line():
    """Four messages at night: one that may wait, one too late by morning, one opted out, one for ever of use."""
    accounts = [agreed(321 + number) for number in range(4)]
    opt_out(contact_point_id=point_of(accounts[2], "phone").pk, channel="text", actor=None, now=NIGHT)
    until = [MORNING, NIGHT + timedelta(hours=1), MORNING, None]
    return [
        queued(account, key=str(account.pk), now=NIGHT, expires_at=end)
        for account, end in zip(accounts, until, strict=True)
    ]


def as_it_stands(message):
    message = again(message)
    happened = Event.objects.filter(subject_type="message", subject_id=message.pk).order_by("pk")
    return {
        "state": message.state,
        "due_at": message.due_at,
        "failure": message.failure_code,
        "verdict": message.decision.verdict,
        "rules": [reason["rule"] for reason in message.decision.reasons],
        "digest": message.decision.facts_digest,
        "events": [(event.kind, event.reason, event.account_id, event.codes) for event in happened],
    }


def test_turned_away_together_they_end_as_they_would_have_one_by_one():
    together = in_line()

    left = turn_away(message_ids=[m.pk for m in together], now=NIGHT)

    ended = [as_it_stands(m) for m in together]
    assert left == []
    assert [one["state"] for one in ended] == ["queued", "refused", "refused", "refused"]
    assert ended[0]["due_at"] > NIGHT
    assert not Contact.objects.exists()
    for message, as_a_set in zip(together, ended, strict=True):
        alone = Message.objects.create(
            party_id=message.party_id,
            account_id=message.account_id,
            contact_point_id=message.contact_point_id,
            template_id=message.template_id,
            channel=message.channel,
            purpose=message.purpose,
            language=message.language,
            body=message.body,
            queued_at=NIGHT,
            due_at=NIGHT,
            expires_at=message.expires_at,
            provider_key=f"alone-{message.pk}",
            dedupe_key=f"alone-{message.pk}",
        )
        claim(message_id=alone.pk, now=NIGHT)
        as_a_set["events"] = [event for event in as_a_set["events"] if event[0] != "message.queued"]
        assert as_it_stands(alone) == as_a_set


def test_what_may_be_sent_is_left_in_line_for_the_gate_under_the_persons_lock(customer):
    message = queued(customer)

    assert turn_away(message_ids=[message.pk], now=NOW) == [message.pk]

    assert (again(message).state, again(message).decision) == (MessageState.QUEUED, None)
    assert not PolicyDecision.objects.exists()


def test_a_message_whose_time_is_over_is_left_to_be_cancelled(customer):
    message = queued(customer, now=NIGHT, expires_at=NIGHT + timedelta(minutes=5))

    assert turn_away(message_ids=[message.pk], now=NIGHT + timedelta(hours=1)) == [message.pk]

    assert not PolicyDecision.objects.exists()


def test_a_hundred_are_turned_away_in_as_many_statements_as_ten():
    def statements(count, first):
        waiting = [queued(agreed(first + n), key=f"{first}-{n}", now=NIGHT, expires_at=MORNING) for n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            assert turn_away(message_ids=[m.pk for m in waiting], now=NIGHT) == []
        return len(captured)

    assert statements(10, 100) == statements(100, 200)


def test_the_sweep_turns_a_nights_campaign_away_and_sends_it_in_the_morning(provider, settings):
    waiting = [queued(agreed(600 + n), key=str(n), now=NIGHT, expires_at=MORNING) for n in range(3)]

    settings.FROZEN_NOW = NIGHT
    sweep_messages()
    assert {again(m).state for m in waiting} == {MessageState.QUEUED}
    assert provider.taken() == []

    settings.FROZEN_NOW = max(again(m).due_at for m in waiting)
    sweep_messages()
    assert {again(m).state for m in waiting} == {MessageState.SENT}
    assert len(provider.taken()) == 3


def test_deciding_many_answers_each_as_it_is_answered_alone_and_writes_nothing(customer):
    points = ContactPoint.objects.filter(party__accounts=customer)
    requests = [
        ContactRequest((customer.pk,), point.party_id, point.pk, channel, purpose)
        for point in points
        for channel in ("call", "text", "email")
        for purpose in ("demand", "confirmation")
    ]

    many = decide_many(requests=requests, now=NIGHT)

    assert [one.answer for one in many] == [preview_contact(requests=[r], now=NIGHT)[0].answer for r in requests]
    assert not PolicyDecision.objects.exists()


def test_an_answer_that_passes_is_never_kept_without_its_contact(customer):
    point = point_of(customer, "phone")
    (judged,) = decide_many(
        requests=[ContactRequest((customer.pk,), point.party_id, point.pk, "call", "demand")], now=NOW
    )

    with pytest.raises(ValueError, match="kept with its contact"):
        keep_refusals([judged], now=NOW)
