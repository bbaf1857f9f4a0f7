"""The kinds of personal values, in words."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class ValueKind(models.TextChoices):
    IDENTITY = "identity", pgettext_lazy("personal values", "name, birth date, tax identifier")
    CONTACT_POINT = "contact_point", pgettext_lazy("personal values", "phones and addresses")
    PLACE = "place", pgettext_lazy("personal values", "place in the creditor's file")
    TRACE_FINDING = "trace_finding", pgettext_lazy("personal values", "findings of searches")
    MESSAGE = "message", pgettext_lazy("personal values", "messages sent")
    RECEIVED_TEXT = "received_text", pgettext_lazy("personal values", "texts received")
    NOTE = "note", pgettext_lazy("personal values", "notes")
    FILE = "file", pgettext_lazy("personal values", "files")
    SENSITIVE_NOTE = "sensitive_note", pgettext_lazy("personal values", "sensitive notes")
    # Of people of whom there is no account.
    REJECTED_ROW = "rejected_row", pgettext_lazy("personal values", "rejected rows of files")


def in_words(counts: dict[str, int]) -> str:
    """`messages sent 12, notes 3`."""
    known = [kind for kind in ValueKind if counts.get(kind)]
    return ", ".join(f"{kind.label} {counts[kind]:,}" for kind in known) or "-"
