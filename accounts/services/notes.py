"""Notes on an account, with or without a contact."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.foundation.card_numbers import contains_card_number
from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.users import User
from accounts.models import Account, Note

register_sentences(
    {
        "note.empty": _("Write something first."),
        "note.card_number": _("This looks like a card number. Don't write card numbers here."),
    }
)


@retrying
def write_note(*, account_id: int, text: str, actor: User, now: datetime) -> Note:
    """Keep what an agent wrote. Refuses nothing at all, and payment card numbers. The record of it holds no words."""
    account = Account.objects.lock(account_id)
    if not text.strip():
        raise Refused("note.empty")
    if contains_card_number(text):
        raise Refused("note.card_number")
    note = Note.objects.create(account=account, text=text.strip(), author=actor, written_at=now)
    record("note.written", subject=note, actor=actor, at=now)
    return note


def note_of(account: Account, text: str, actor: User | None, now: datetime) -> Note | None:
    """What a case of this account keeps in words; the caller has locked the account. Nobody wrote what came without
    words."""
    if not text.strip() or actor is None:
        return None
    if contains_card_number(text):
        raise Refused("note.card_number")
    return Note.objects.create(account=account, text=text.strip(), author=actor, written_at=now)
