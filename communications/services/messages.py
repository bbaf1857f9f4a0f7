"""Queueing messages, and what becomes of them apart from sending itself."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.purposes import Channel
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import Account, Consent, ContactPoint
from communications.models import Message, MessageState, Template
from communications.services.send import conclude
from communications.services.templates import published_template, render

# A worker that says nothing for this long after claiming a message is taken for dead. Longer than any hand-over.
LOST_AFTER = timedelta(minutes=2)


@retrying
def queue_message(
    *,
    account_id: int,
    contact_point_id: int,
    channel: str,
    template_code: str,
    values: dict[str, Any],
    actor: User | None,
    now: datetime,
    dedupe_key: str,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> Message:
    """Put a message in line, in the customer's language. It is judged by the gate when it is sent, not here.

    The same `dedupe_key` twice answers the first. Refuses a dead contact point, a channel it doesn't have, and a
    template that isn't published.
    """
    if known := Message.objects.filter(dedupe_key=dedupe_key).first():
        return known
    account = Account.objects.select_related("portfolio").get(pk=account_id)
    point = ContactPoint.objects.select_related("party").get(pk=contact_point_id)
    if channel not in point.channels:
        raise Refused("contact_point_not_usable")
    template = published_template(code=template_code, channel=channel, jurisdiction=account.portfolio.jurisdiction)
    message = _write(account, point, channel, template, values, dedupe_key)
    message.queued_by, message.queued_at = actor, now
    message.due_at, message.expires_at = due_at or now, expires_at
    message.save(force_insert=True)
    record("message.queued", subject=message, actor=actor, at=now, codes={"template": template.pk, "channel": channel})
    return message


def _write(
    account: Account, point: ContactPoint, channel: str, template: Template, values: dict[str, Any], dedupe_key: str
) -> Message:
    subject, body = render(template, account=account, party=point.party, values=values)
    return Message(
        party=point.party,
        account=account,
        contact_point=point,
        channel=channel,
        purpose=template.purpose,
        template=template,
        language=point.party.language,
        subject=subject,
        body=body,
        provider_key=hashlib.sha256(dedupe_key.encode()).hexdigest()[:32],
        dedupe_key=dedupe_key,
    )


@retrying
def cancel_message(*, message_id: int, reason: str, actor: User | None, now: datetime) -> Message:
    """Take a message out of the line. One that has left it already is answered as it is."""
    message = Message.objects.lock(message_id)
    if message.state == MessageState.QUEUED:
        move(message, "cancel", actor=actor, at=now, reason=reason, given={"code": reason})
    return message


@retrying
def find_lost(*, now: datetime) -> list[int]:
    """Messages whose worker died between claiming and recording wait for a person from now on. Answers their ids."""
    lost = Message.objects.filter(state=MessageState.SENDING, claimed_at__lt=now - LOST_AFTER)
    found = list(lost.select_for_update(no_key=True, of=("self",), skip_locked=True).order_by("pk"))
    for message in found:
        move(message, "lose_sight", actor=None, at=now, reason="worker_lost")
    return [message.pk for message in found]


@retrying
def resolve_unconfirmed(*, message_id: int, was_sent: bool, actor: User, now: datetime) -> Message:
    """A person says what became of a message that nobody confirmed. It is never sent again by itself."""
    message = Message.objects.lock(message_id)
    if message.state != MessageState.UNCONFIRMED:
        raise Refused("message_already_resolved")
    conclude(message.contact, attempted=was_sent, now=now)
    if was_sent:
        given = {"at": message.claimed_at or now, "reference": ""}
        move(message, "confirm_sent", actor=actor, at=now, reason="confirmed_by_person", given=given)
    else:
        move(message, "fail", actor=actor, at=now, reason="not_sent", given={"code": "not_sent"})
    return message


@retrying
def record_delivery(*, provider_reference: str, status: str, now: datetime) -> Message | None:
    """What the provider says later of a message it took. Unknown references and repeats change nothing."""
    message = Message.objects.locked().filter(provider_reference=provider_reference).order_by("pk").first()
    if message is None:
        return None
    if status == "delivered" and message.state == MessageState.SENT:
        move(message, "deliver", actor=None, at=now)
    elif status in {"failed", "undelivered"} and message.state in (MessageState.SENT, MessageState.DELIVERED):
        move(message, "bounce", actor=None, at=now, reason=status, given={"code": status})
    return message


def agreed_channel(
    points: list[ContactPoint], consents: list[Consent], now: datetime
) -> tuple[ContactPoint, str] | None:
    """The first way in writing that the customer agreed to and didn't take back: a text before an e-mail."""
    live = {
        (consent.contact_point_id, consent.channel)
        for consent in consents
        if not consent.opted_out and not consent.revoked_at and (not consent.expires_at or consent.expires_at > now)
    }
    for channel in (Channel.TEXT, Channel.EMAIL):
        for point in points:
            if channel in point.channels and (point.pk, channel) in live:
                return point, channel
    return None
