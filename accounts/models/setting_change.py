"""The trail of settings: who may what, by which figures the house works, and what people are checked by."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.foundation.append_only import append_only


class SettingChange(models.Model):
    """One change of a row of settings, or of what people prove themselves and may be called by, written by the database
    itself, whoever changed it and by whatever way.

    `changed` holds each column's value before and after. Who did it through the pages stands in the events of the same
    minute; what has none there was done by SQL, under `db_role`.
    """

    at = models.DateTimeField(_("at"))
    table = models.CharField(_("table"), max_length=63)
    row_id = models.BigIntegerField(_("row"), null=True)
    act = models.CharField(_("act"), max_length=6)
    db_role = models.CharField(_("role of the database"), max_length=63)
    changed = models.JSONField(_("what changed"))

    class Meta:
        verbose_name = _("change of a setting")
        verbose_name_plural = _("changes of settings")
        ordering = ["-id"]
        indexes = [models.Index(fields=["table", "row_id", "-id"], name="setting_change_of_row")]
        triggers = append_only("setting_change")

    def __str__(self) -> str:
        return f"{self.act} of {self.table} {self.row_id}"
