"""A manager's leave to ask again after too many wrong answers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from accounts.foundation.append_only import append_only


class UnlockReason(models.TextChoices):
    MISHEARD = "misheard", pgettext_lazy("unlock reason", "misheard or mistyped")
    FACTS_CORRECTED = "facts_corrected", pgettext_lazy("unlock reason", "our record was wrong and is corrected")
    PROVED_OTHERWISE = "proved_otherwise", pgettext_lazy("unlock reason", "identity proved in another way")


class VerificationUnlock(models.Model):
    """Failures of a party up to this instant no longer lock its verification: who said so, and why."""

    party = models.ForeignKey("accounts.Party", models.PROTECT, related_name="verification_unlocks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=24, choices=UnlockReason.choices)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["party", "-at"], name="verification_unlock_of_party")]
        triggers = append_only("verification_unlock")

    def __str__(self) -> str:
        return f"unlock {self.pk}"
