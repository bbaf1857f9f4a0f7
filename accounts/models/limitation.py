"""What the limitation clock of an account is wound by, beside the ledger. Rows are only added."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.append_only import append_only


class LimitationActKind(models.TextChoices):
    DEFAULT = "default", pgettext_lazy("limitation", "day of default")
    ACKNOWLEDGMENT = "acknowledgment", pgettext_lazy("limitation", "written acknowledgment")
    STATED = "stated", pgettext_lazy("limitation", "date set by a person")
    GIVEN = "given", pgettext_lazy("limitation", "date given with the account")
    CANCELLED = "cancelled", pgettext_lazy("limitation", "taken back")


class LimitationAct(models.Model):
    """One thing that moves the limitation date of one account.

    `on` is the day of default, the day of an acknowledgment, or the date itself where it was given or stated. What was
    noted by mistake is taken back by a row that `cancels` it. An acknowledgment is kept with the paper that proves it.
    """

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="limitation_acts")
    kind = models.CharField(_("what happened"), max_length=16, choices=LimitationActKind.choices)
    on = models.DateField(_("day"), null=True)
    evidence = models.ForeignKey("accounts.Attachment", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    cancels = models.OneToOneField("self", models.PROTECT, null=True, related_name="cancelled_by")
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField()
    noted_on = models.DateField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LimitationActKind.values), name="limitation_act_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="cancelled", cancels__isnull=False, on__isnull=True)
                | ~Q(kind="cancelled") & Q(cancels__isnull=True, on__isnull=False),
                name="limitation_act_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(kind="acknowledgment") | Q(evidence__isnull=False), name="acknowledgment_has_its_paper"
            ),
        ]
        indexes = [models.Index(fields=["account"], name="limitation_act_of_account")]
        triggers = append_only("limitation_act")

    def __str__(self) -> str:
        return f"{self.kind} on {self.on}"
