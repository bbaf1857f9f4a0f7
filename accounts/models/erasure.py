"""Erasures: that values of a person were blanked, under which rule and with whose yes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.foundation.append_only import append_only, own_transaction


class Erasure(models.Model):
    """Values of one person were blanked: when, under which rule, who asked, who said yes, how many of each kind.

    Written in the transaction that blanks, and only there: the triggers of the blanked rows look for it by `txid`. It
    carries out an approved request, or a released report of what is kept too long. Without a person: rejected rows or
    texts that belonged to nobody of ours.
    """

    person = models.ForeignKey("accounts.Party", models.PROTECT, null=True, blank=True, related_name="erasures")
    on = models.DateField(_("on"))
    at = models.DateTimeField()
    rule = models.CharField(_("rule"), max_length=60)
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    checker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approval = models.ForeignKey("accounts.Approval", models.PROTECT, related_name="+")
    counts = models.JSONField(default=dict)
    txid = models.BigIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        constraints = [
            models.CheckConstraint(condition=~Q(maker=F("checker")), name="erasure_maker_is_not_checker"),
            models.CheckConstraint(condition=~Q(rule=""), name="erasure_under_a_rule"),
        ]
        triggers = [*append_only("erasure"), own_transaction("erasure_transaction")]

    def __str__(self) -> str:
        return f"erasure {self.pk}"
