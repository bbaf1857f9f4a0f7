"""Messages under an emergency stop: they wait in line, unasked about, and go on when two people have released it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Q

from communications.models import MessageState, PolicyDecision
from communications.selectors.stops import waiting_messages
from communications.services import send
from communications.services.send import deliver, due_messages
from communications.services.stops import release_stop, stop_contact
from tests.factories import NOW, again
from tests.messages.test_sending import queued

pytestmark = pytest.mark.django_db


@pytest.fixture
def stop(manager):
    def made(**differs):
        said = {"channel": "", "jurisdiction": "", "portfolio_id": None, "cause": "wrong_content", "note": "Doubled."}
        return stop_contact(actor=manager, now=NOW, **{**said, **differs})

    return made


def released(stop, *people):
    for person in people:
        release_stop(stop_id=stop.pk, actor=person, now=NOW)


def test_a_stopped_message_waits_and_goes_out_after_the_second_yes(customer, provider, stop, manager, compliance):
    message, standing = queued(customer), stop()

    deliver(message_id=message.pk, now=NOW)
    waited = (again(message).state, due_messages(now=NOW, most=9), PolicyDecision.objects.count())
    released(standing, manager)
    still = due_messages(now=NOW, most=9)
    released(standing, compliance)
    due = due_messages(now=NOW, most=9)
    deliver(message_id=message.pk, now=NOW)

    assert (waited, still, due) == ((MessageState.QUEUED, [], 0), [], [message.pk])
    assert (again(message).state, len(provider.taken())) == (MessageState.SENT, 1)


def test_a_stop_made_while_the_gate_is_asked_keeps_it_in_line(customer, stop, manager, compliance, monkeypatch):
    message = queued(customer)
    standing = stop()
    monkeypatch.setattr(send, "kept_by_a_stop", lambda: Q(pk__in=[]))

    deliver(message_id=message.pk, now=NOW)
    monkeypatch.undo()
    kept = again(message)
    released(standing, manager, compliance)

    assert (kept.state, kept.due_at, kept.decision.verdict) == (MessageState.QUEUED, message.due_at, "refuse")
    assert due_messages(now=NOW, most=9) == [message.pk]


def test_a_stop_of_texts_in_one_country_keeps_no_e_mail_and_no_other_country(customer, stop):
    text, mail = queued(customer), queued(customer, "email", "email", key="2")

    stop(channel="text", jurisdiction="UK")
    stop(jurisdiction="US")

    assert (due_messages(now=NOW, most=9), waiting_messages()) == ([mail.pk], {"reminder": 1})
    assert text.state == MessageState.QUEUED


def test_a_message_whose_time_ran_out_while_it_waited_is_not_sent_late(customer, stop, manager, compliance):
    message, standing = queued(customer, expires_at=NOW + timedelta(hours=1)), stop()
    later = NOW + timedelta(hours=2)
    deliver(message_id=message.pk, now=later)
    waited = again(message).state

    released(standing, manager, compliance)
    deliver(message_id=message.pk, now=later)

    assert (waited, again(message).state) == (MessageState.QUEUED, MessageState.CANCELLED)
