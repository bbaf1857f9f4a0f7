"""A sign of difficulty that somebody looked at and set aside."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.append_only import append_only


class Sign(models.TextChoices):
    DISHONOURS = "dishonours", pgettext_lazy("sign", "payments that were returned")
    PART_PAYMENTS = "part_payments", pgettext_lazy("sign", "payments made in part")
    MOVED_DATES = "moved_dates", pgettext_lazy("sign", "agreements that were changed")
    RISING = "rising", pgettext_lazy("sign", "owed more, with nothing paid")
    WORDS = "words", pgettext_lazy("sign", "words of difficulty")


class SignSetAside(models.Model):
    """Somebody asked or looked, and wrote why this sign means nothing. It comes back with what happens afterwards."""

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="signs_set_aside")
    sign = models.CharField(_("sign"), max_length=16, choices=Sign.choices)
    said = models.ForeignKey("accounts.Note", models.PROTECT, related_name="+")
    on = models.DateField(_("set aside on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("sign set aside")
        verbose_name_plural = _("signs set aside")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(sign__in=Sign.values), name="sign_known")]
        indexes = [models.Index(fields=["account", "sign", "-on"], name="sign_set_aside_of_account")]
        triggers = append_only("sign_set_aside")

    def __str__(self) -> str:
        return f"{self.sign} of {self.account_id}"
