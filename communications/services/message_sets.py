"""Queueing many messages at once: a campaign is rows, written in few statements."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.foundation.errors import Refused
from accounts.foundation.events import Event
from accounts.foundation.locks import retrying
from accounts.foundation.users import User
from accounts.models import Account, ContactPoint
from accounts.selectors.askable import Askable, may_be_asked_of
from communications.models import Message, Template
from communications.services.templates import published_template, render


@dataclass(frozen=True)
class Wanted:
    """One message to be queued: about which account, to which contact point (with its party), with which values."""

    account: Account
    contact_point: ContactPoint
    channel: str
    dedupe_key: str
    due_at: datetime
    expires_at: datetime | None = None
    values: dict[str, Any] = field(default_factory=dict)


@retrying
def queue_messages(wanted: Sequence[Wanted], *, template_code: str, actor: User | None, now: datetime) -> list[Message]:
    """Put many messages in line, each in its customer's language, and record it. Answers those that are new.

    A dedupe key that is known already is left alone. Each is judged by the gate when it is sent, not here. A message
    whose channel and jurisdiction have no published template is left out, as is one to a dead contact point, and one
    that would say how much is due where all of that is in dispute.
    """
    known = set(
        Message.objects.filter(dedupe_key__any=[w.dedupe_key for w in wanted]).values_list("dedupe_key", flat=True)
    )
    templates: dict[tuple[str, str], Template | None] = {}
    asked = may_be_asked_of([one.account for one in wanted])
    messages = []
    for one in wanted:
        template = _template_for(one, template_code, templates)
        if template is not None and one.dedupe_key not in known and one.channel in one.contact_point.channels:
            messages += _written(one, template, asked[one.account.pk], actor, now)
    Message.objects.bulk_create(messages)
    Event.objects.bulk_create([_event(message, actor, now) for message in messages])
    return messages


def _template_for(one: Wanted, code: str, known: dict[tuple[str, str], Template | None]) -> Template | None:
    place = (one.channel, one.account.portfolio.jurisdiction)
    if place not in known:
        try:
            known[place] = published_template(code=code, channel=place[0], jurisdiction=place[1])
        except Refused:
            known[place] = None
    return known[place]


def _written(one: Wanted, template: Template, asked: Askable, actor: User | None, now: datetime) -> list[Message]:
    try:
        return [_write(one, template, asked, actor, now)]
    except Refused:
        return []


def _write(one: Wanted, template: Template, asked: Askable, actor: User | None, now: datetime) -> Message:
    party = one.contact_point.party
    subject, body = render(template, account=one.account, party=party, values=one.values, asked=asked)
    return Message(
        party=party,
        account=one.account,
        contact_point=one.contact_point,
        channel=one.channel,
        purpose=template.purpose,
        template=template,
        language=party.language,
        subject=subject,
        body=body,
        queued_by=actor,
        queued_at=now,
        due_at=one.due_at,
        expires_at=one.expires_at,
        provider_key=uuid.uuid4().hex,
        dedupe_key=one.dedupe_key,
    )


def _event(message: Message, actor: User | None, now: datetime) -> Event:
    return Event.about(
        "message.queued",
        actor=actor,
        at=now,
        account_id=message.account_id,
        subject_type="message",
        subject_id=message.pk,
        codes={"template": message.template_id, "channel": message.channel},
    )
