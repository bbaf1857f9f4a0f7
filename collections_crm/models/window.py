"""Contact windows: when the hours of the rules let people of one kind and place be called."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models


class ContactWindow(models.Model):
    """One distinct set of zones and of the hours and holidays that bind in them; many accounts share it.

    `opens_at` to `closes_at` is the window that is open, or the next one. `kind_of_account` is one account's kind that
    has this window, from which it can be worked out again; `rules` says under which rules it was.
    """

    key = models.CharField(max_length=64, unique=True)
    zones = ArrayField(models.CharField(max_length=64))
    kind_of_account = models.JSONField()
    rules = models.CharField(max_length=64)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"window {self.pk}"

    def is_open(self, now: datetime) -> bool:
        return self.opens_at is not None and self.opens_at <= now and (self.closes_at is None or now < self.closes_at)

    def is_past(self, now: datetime) -> bool:
        """The window is over: the next one has to be worked out."""
        return self.closes_at is not None and self.closes_at <= now
