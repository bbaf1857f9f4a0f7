"""Files kept with an account."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import datetime
from pathlib import PurePosixPath

from django.utils.translation import gettext_lazy as _

from accounts.foundation.card_numbers import contains_card_number
from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.users import User
from accounts.models import Account, Attachment

LARGEST = 5 * 1024 * 1024
# The kind of a letter of ours as it went to the customer: nobody uploads it, and it is evidence of nothing new.
LETTER_SENT = "letter_sent"
HARDSHIP_LETTER = "hardship_letter"
OUR_LETTERS = (LETTER_SENT, HARDSHIP_LETTER)
MOST_LETTERS = 200
ENDINGS = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "text/plain": (".txt", ".csv", ".log", ".md"),
}
BEGINNINGS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@retrying
def keep_file(*, account_id: int, kind: str, name: str, content: bytes, actor: User, now: datetime) -> Attachment:
    """Keep a file with an account: PDF, PNG, JPEG or plain text of at most 5 MB, told by its content, not its name.

    The same content again answers the file that is there. Refuses empty files, larger ones, other kinds, a text or
    a name that holds a payment card number, and what was erased from this account.
    """
    account = Account.objects.lock(account_id)
    if not content:
        raise Refused("file_empty")
    if len(content) > LARGEST:
        raise Refused("file_too_large", megabytes=LARGEST // 1024**2)
    media_type, digest = media_type_of(content), hashlib.sha256(content).hexdigest()
    _refuse_card_numbers(name, content, media_type)
    if known := Attachment.objects.filter(account=account, digest=digest).first():
        if known.erased_on:
            raise Refused("file_was_erased", day=known.erased_on)
        return known
    kept = Attachment.objects.create(
        account=account,
        kind=kind,
        name=safe_name(name, media_type),
        media_type=media_type,
        size=len(content),
        digest=digest,
        content=content,
        uploaded_by=actor,
        uploaded_at=now,
    )
    record("attachment.kept", subject=kept, actor=actor, at=now, codes={"kind": kind, "size": len(content)})
    return kept


def safe_name(name: str, media_type: str) -> str:
    """The file's own name without folders and without letters that nobody sees, with an ending that its content bears
    out: what is saved from here never runs as something else."""
    seen = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C")
    path, endings = PurePosixPath(seen.replace("\\", "/")), ENDINGS[media_type]
    if path.suffix.lower() in endings:
        return path.name[-MOST_LETTERS:]
    return f"{path.name[: MOST_LETTERS - len(endings[0])] or 'file'}{endings[0]}"


def _refuse_card_numbers(name: str, content: bytes, media_type: str) -> None:
    text = content.decode() if media_type == "text/plain" else ""
    if contains_card_number(name) or contains_card_number(text):
        raise Refused("file_card_number")


def media_type_of(content: bytes) -> str:
    """The type that the content shows. Text is what reads as UTF-8 without control characters."""
    for beginning, media_type in BEGINNINGS.items():
        if content.startswith(beginning):
            return media_type
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise Refused("file_kind_unknown") from error
    if any(ord(letter) < 32 and letter not in "\t\r\n\f" for letter in text):
        raise Refused("file_kind_unknown")
    return "text/plain"


register_sentences(
    {
        "file_empty": _("That file is empty."),
        "file_too_large": _("A file may have {megabytes} MB at most."),
        "file_card_number": _("This file holds what looks like a card number. Take it out, then keep the file."),
        "file_kept_already": _("This file is here already, since {day}, as “{name}”. Nothing was added."),
        "file_was_erased": _("Exactly this file was erased from the account on {day}. It isn't kept again."),
        "file_kind_unknown": _("Only PDF, PNG, JPEG and plain text are kept here."),
    }
)
