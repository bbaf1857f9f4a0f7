"""The one door out for written messages: decide and count, hand over holding nothing, record the result."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from accounts.foundation.domain_events import ContactRecorded, publish
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.models import Party
from communications.models import Contact, Message, MessageState
from communications.policy.decision import Decision
from communications.providers.answers import ProviderBusy, ProviderRefused
from communications.providers.email import send_email
from communications.providers.texts import send_text
from communications.selectors.stops import any_stop_stands, kept_by_a_stop
from communications.services.authorise import Authorisation, authorise_contact
from communications.services.links import with_link
from communications.services.templates import elements_of

BUSY_PAUSE = timedelta(minutes=2)


def deliver(*, message_id: int, now: datetime) -> Message | None:
    """Send one queued message, if the gate still allows it at this minute. None when it had left the line already.

    Two workers at once send it once: the row is claimed in the first of three steps. A worker that dies between
    claiming and recording leaves the row `sending`; it is found later and waits for a person.
    """
    message = claim(message_id=message_id, now=now)
    if message is None or message.state != MessageState.SENDING:
        return message
    try:
        reference = _hand_over(message)
    except ProviderBusy:
        return put_back(message_id=message_id, now=now)
    except ProviderRefused as refusal:
        return give_up(message_id=message_id, code=refusal.code, now=now)
    return confirm(message_id=message_id, reference=reference, now=now)


@retrying
def claim(*, message_id: int, now: datetime) -> Message | None:
    """Step one: under the person's lock, decide, store decision and contact (counted), and mark the row `sending`.

    A message that an emergency stop covers isn't asked about: it waits in line until the stop is released.
    """
    person_id = Party.objects.filter(messages=message_id).values_list("person_id", flat=True).first()
    if person_id is None:
        return None
    Party.objects.lock(person_id)
    in_line = Message.objects.filter(~kept_by_a_stop(), pk=message_id, state=MessageState.QUEUED, due_at__lte=now)
    message = in_line.locked().first()
    if message is None:
        return None
    if message.expires_at and message.expires_at <= now:
        move(message, "cancel", actor=None, at=now, reason="too_late", given={"code": "too_late"})
        return message
    answer = authorise_contact(
        account_ids=[message.account_id],
        party_id=message.party_id,
        contact_point_id=message.contact_point_id,
        channel=message.channel,
        purpose=message.purpose,
        elements=elements_of(message.template),
        actor=None,
        now=now,
    )
    message.decision = answer.decision
    message.save(update_fields=["decision"])
    if answer.contact is None:
        _wait_or_refuse(message, answer, now)
        return message
    message.contact = answer.contact
    message.save(update_fields=["contact"])
    move(message, "claim", actor=None, at=now, given={"at": now})
    return message


def _wait_or_refuse(message: Message, answer: Authorisation, now: datetime) -> None:
    """A refusal that ends while the message is still of use postpones it; any other ends it, with its reason kept.
    What a stop refuses that was made while the gate was asked stays in line as it is."""
    decision = answer.decision
    if refused_by_a_stop(answer.answer):
        record("message.stopped", subject=message, actor=None, at=now, codes={"decision": decision.pk})
        return
    if later := worth_waiting_for(message, decision.next_allowed_at, now):
        message.due_at = later
        message.save(update_fields=["due_at"])
        record("message.postponed", subject=message, actor=None, at=now, codes={"until": later.isoformat()})
        return
    move(message, "refuse", actor=None, at=now, reason="policy", given={"code": refusal_code(decision.reasons)})


def worth_waiting_for(message: Message, allowed_at: datetime | None, now: datetime) -> datetime | None:
    """The instant at which a message that may not be sent now is due again; None when it would be too late then."""
    if allowed_at and allowed_at > now and message.expires_at and allowed_at < message.expires_at:
        return allowed_at
    return None


def refusal_code(reasons: Sequence[Mapping[str, Any]]) -> str:
    """What a refused message keeps of the reasons against it: the code of the first."""
    return str(reasons[0]["code"])[:60] if reasons else "refused"


def refused_by_a_stop(answer: Decision) -> bool:
    """An emergency stop is among what stands against it: the message waits for its release, whatever else does."""
    return any(reason.kind == "stop" for reason in answer.reasons)


def _hand_over(message: Message) -> str:
    """Step two: no lock, no transaction."""
    to, key = message.contact_point.value, message.provider_key
    if message.channel == "email":
        return send_email(to=to, subject=message.subject, body=with_link(message), key=key)
    return send_text(to=to, body=with_link(message), key=key)


@retrying
def confirm(*, message_id: int, reference: str, now: datetime) -> Message:
    """Step three: the provider took it."""
    message = Message.objects.lock(message_id)
    if message.state == MessageState.SENDING:
        move(message, "confirm_sent", actor=None, at=now, given={"at": now, "reference": reference})
        conclude(message.contact, attempted=True, now=now)
    return message


@retrying
def put_back(*, message_id: int, now: datetime) -> Message:
    """Step three, when the provider took nothing: the contact was not attempted, the row goes back into the line."""
    message = Message.objects.lock(message_id)
    if message.state == MessageState.SENDING:
        conclude(message.contact, attempted=False, now=now)
        message.contact = None
        message.save(update_fields=["contact"])
        move(message, "queue_again", actor=None, at=now, reason="provider_busy", given={"due_at": now + BUSY_PAUSE})
    return message


@retrying
def give_up(*, message_id: int, code: str, now: datetime) -> Message:
    """Step three, when the provider never will take it: the contact was not attempted."""
    message = Message.objects.lock(message_id)
    if message.state == MessageState.SENDING:
        conclude(message.contact, attempted=False, now=now)
        move(message, "fail", actor=None, at=now, reason="provider_refused", given={"code": code[:60]})
    return message


def conclude(contact: Contact | None, *, attempted: bool, now: datetime) -> None:
    """A written contact is over: it was handed over and counts, or was never attempted and doesn't."""
    if contact is None:
        return
    name, given = ("hand_over", {"at": now}) if attempted else ("give_up", {})
    move(contact, name, actor=None, at=now, given=given)
    publish(ContactRecorded(ids=frozenset([contact.pk]), at=now))


def due_messages(*, now: datetime, most: int, without: Collection[int] = ()) -> list[int]:
    """Ids of queued messages whose time has come, oldest first; `without` those that were just tried in vain. Those
    that an emergency stop keeps waiting are left out."""
    due = Message.objects.filter(state=MessageState.QUEUED, due_at__lte=now).order_by("due_at", "pk")
    if any_stop_stands():
        due = due.filter(~kept_by_a_stop())
    if without:
        due = due.exclude(pk__any=without)
    return list(due.values_list("pk", flat=True)[:most])
