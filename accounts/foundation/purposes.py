"""Why we contact or act, and by which channel. Holds, rules and contacts speak these words."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class Purpose(models.TextChoices):
    DEMAND = "demand", pgettext_lazy("purpose", "demand")
    REMINDER = "reminder", pgettext_lazy("purpose", "reminder")
    STATUTORY_NOTICE = "statutory_notice", pgettext_lazy("purpose", "statutory notice")
    REPLY = "reply", pgettext_lazy("purpose", "reply")
    CONFIRMATION = "confirmation", pgettext_lazy("purpose", "confirmation")
    TRACE = "trace", pgettext_lazy("purpose", "trace")
    ENFORCEMENT = "enforcement", pgettext_lazy("purpose", "enforcement")
    INBOUND = "inbound", pgettext_lazy("purpose", "they contacted us")


class Channel(models.TextChoices):
    CALL = "call", pgettext_lazy("channel", "call")
    TEXT = "text", pgettext_lazy("channel", "text")
    EMAIL = "email", pgettext_lazy("channel", "e-mail")
    WHATSAPP = "whatsapp", pgettext_lazy("channel", "WhatsApp")
    POST = "post", pgettext_lazy("channel", "post")
