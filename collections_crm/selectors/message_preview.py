"""A message before it is put in line: as the customer will read it, and what the gate would say to it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from communications.selectors.contact_facts import ContactRequest
from communications.selectors.messages import WrittenWay
from communications.selectors.told_reasons import ToldReason, told_once
from communications.services.authorise import preview_contact
from communications.services.links import PLACE


@dataclass(frozen=True)
class MessagePreview:
    """`refused`: what stands against it now; `until`: when it may go out at the earliest (None: nobody knows)."""

    subject: str
    body: str
    language: str
    refused: list[ToldReason]
    until: datetime | None


def message_preview(
    account_id: int, way: WrittenWay, purpose: str, words: tuple[str, str], *, now: datetime
) -> MessagePreview:
    """Of these words, subject and text, by this way for this purpose."""
    asked = ContactRequest((account_id,), way.point.party_id, way.point.pk, way.channel, purpose)
    [seen] = preview_contact(requests=[asked], now=now)
    subject, body = words
    return MessagePreview(
        subject=subject,
        body=without_link(body),
        language=way.point.party.language,
        refused=[] if seen.answer.passes else told_once([seen]),
        until=seen.answer.next_allowed_at,
    )


def without_link(body: str) -> str:
    """The words as we keep them: the customer's own link is written in as they leave, and nobody here has it."""
    return body.replace(PLACE, f"[{_('the link to their own page')}]")
