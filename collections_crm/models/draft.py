"""What somebody has typed and not saved yet."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Draft(models.Model):
    """The started form of one person under one key: raw values as typed, kept for a day at most, then deleted."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=120)
    typed = models.JSONField()
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="draft_one_per_person_and_key")]

    def __str__(self) -> str:
        return self.key
