"""Who looked: the log of opened account pages, and that of values shown in full."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.foundation.append_only import append_only


class AccountAccess(models.Model):
    """Somebody opened a page of an account: who, which page, when. Never what stood on it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+")
    page = models.CharField(_("page"), max_length=40)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("opened page")
        verbose_name_plural = _("opened pages")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["account", "-id"], name="access_of_account"),
            models.Index(fields=["user", "-at"], name="access_by_user"),
        ]
        triggers = append_only("account_access")

    def __str__(self) -> str:
        return f"{self.page} of account {self.account_id}"


class Reveal(models.Model):
    """A masked value was shown in full: which field of which record, to whom, when and why. Never the value."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reveals")
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="reveals")
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    field = models.CharField(max_length=40)
    reason = models.CharField(_("reason"), max_length=40)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("reveal")
        verbose_name_plural = _("reveals")
        indexes = [
            models.Index(fields=["user", "-at"], name="reveal_by_user"),
            models.Index(fields=["-at"], name="reveal_by_time"),
        ]
        triggers = append_only("reveal")

    def __str__(self) -> str:
        return f"{self.field} of {self.subject_type} {self.subject_id}"
