"""Turning away at once, of many messages that are due, those that may not be sent now.

A campaign that waits for the morning costs a few statements a night, not one round of the gate for each row. Nothing is
sent from here: what may go is asked about once more, one by one, under its person's lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from accounts.foundation.events import Event
from accounts.foundation.locks import retrying
from accounts.foundation.set_moves import move_set
from communications.models import Message, MessageState
from communications.selectors.contact_facts import ContactRequest
from communications.services.authorise import Judged, decide_many, keep_refusals
from communications.services.send import refusal_code, refused_by_a_stop, worth_waiting_for
from communications.services.templates import elements_of


@retrying
def turn_away(*, message_ids: Sequence[int], now: datetime) -> list[int]:
    """Ask the gate about queued messages together; postpone or refuse those that it does not let through, each with its
    decision kept. Answers the ids of the others, in the order given.

    A message that somebody else has in hand, or whose time is over, is left as it is, among the others; so is one that
    an emergency stop keeps.
    """
    line = Message.objects.filter(pk__any=message_ids, state=MessageState.QUEUED, due_at__lte=now)
    of_use = line.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
    locked = of_use.select_for_update(no_key=True, of=("self",), skip_locked=True)
    messages = list(locked.select_related("template").order_by("pk"))
    judged = decide_many(requests=[_request(message) for message in messages], now=now)
    found = zip(messages, judged, strict=True)
    refused = [(m, one) for m, one in found if not one.answer.passes and not refused_by_a_stop(one.answer)]
    _write(refused, now)
    away = {message.pk for message, _answer in refused}
    return [pk for pk in message_ids if pk not in away]


def _request(message: Message) -> ContactRequest:
    return ContactRequest(
        account_ids=(message.account_id,),
        party_id=message.party_id,
        contact_point_id=message.contact_point_id,
        channel=message.channel,
        purpose=message.purpose,
        elements=elements_of(message.template),
    )


def _write(refused: list[tuple[Message, Judged]], now: datetime) -> None:
    decisions = keep_refusals([judged for _message, judged in refused], now=now)
    postponed, ended = [], []
    for (message, judged), decision in zip(refused, decisions, strict=True):
        message.decision = decision
        if later := worth_waiting_for(message, judged.answer.next_allowed_at, now):
            message.due_at = later
            postponed.append(message)
        else:
            message.failure_code = refusal_code(decision.reasons)
            ended.append(message)
    Message.objects.bulk_update(postponed + ended, ["decision", "due_at", "failure_code"])
    move_set(Message, "refuse", [message.pk for message in ended], actor=None, at=now, reason="policy")
    Event.objects.bulk_create([_postponed(message, now) for message in postponed])


def _postponed(message: Message, now: datetime) -> Event:
    return Event.about(
        "message.postponed",
        actor=None,
        at=now,
        account_id=message.account_id,
        subject_type="message",
        subject_id=message.pk,
        codes={"until": message.due_at.isoformat()},
    )
