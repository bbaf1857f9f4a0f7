"""Which message told a customer of an offer, or confirmed what was agreed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.append_only import append_only


class ToldAs(models.TextChoices):
    OFFER = "offer", pgettext_lazy("told", "the offer, to be accepted by its link")
    CONFIRMATION = "confirmation", pgettext_lazy("told", "the confirmation of what was agreed")


class OfferMessage(models.Model):
    """A message about an arrangement. Whoever opens its link and proves to be the customer sees exactly these terms."""

    arrangement = models.ForeignKey("arrangements.Arrangement", models.PROTECT, related_name="told")
    message = models.OneToOneField("communications.Message", models.PROTECT, related_name="about_arrangement")
    told_as = models.CharField(_("what was sent"), max_length=12, choices=ToldAs.choices)
    terms_digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("message about an arrangement")
        verbose_name_plural = _("messages about arrangements")
        ordering = ["id"]
        indexes = [models.Index(fields=["arrangement", "id"], name="offer_message_of_offer")]
        constraints = [
            models.CheckConstraint(condition=models.Q(told_as__in=ToldAs.values), name="offer_message_kind_known")
        ]
        triggers = append_only("offer_message")

    def __str__(self) -> str:
        return f"{self.told_as} {self.pk}"
