"""What stands where a value was blanked, and how a person is named."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Note, Party
from accounts.retention.periods import title_of
from collections_crm.ui.words import civil


def tombstone(on: Any, rule: str) -> str:
    """`erased on Fri 27 Nov 2026: The person asked to be erased (UK GDPR, article 17)`."""
    return _("erased on %(day)s: %(rule)s") % {"day": civil(on), "rule": title_of(rule)}


def text_of(note: Note | None) -> str:
    """What was written, or what stands where it was erased; nothing where nobody wrote."""
    if note is None:
        return ""
    return tombstone(note.erased_on, note.erased_under) if note.erased_on else note.text


def name_of(party: Party) -> str:
    """The name, what stands where it was erased, or that none was supplied."""
    if party.erased_on:
        return tombstone(party.erased_on, party.erased_under)
    return party.name or _("name not supplied")
