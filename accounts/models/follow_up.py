"""Follow-ups: the history of next steps; notes and files that belong to no contact."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.foundation.append_only import erasable, fixed, fixed_once_set, kept


class FollowUp(models.Model):
    """One next step that an account had: what, when, whose, and how it ended."""

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="follow_ups")
    kind = models.CharField(max_length=16)
    on = models.DateField()
    at = models.DateTimeField(null=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, related_name="+")
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=60, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["account", "-id"], name="follow_up_of_account")]
        triggers = [
            *kept("follow_up"),
            fixed("follow_up", "account_id", "kind", "on", "at", "set_by_id", "set_at"),
            fixed("follow_up_whose", "owner_id", "team_id", "subject_type", "subject_id", "reason"),
            *fixed_once_set("follow_up", "ended_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.on}"


class Note(models.Model):
    """What an agent wrote about an account, with or without a contact. The text may be blanked by erasure."""

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="notes")
    text = models.TextField(_("note"), max_length=4000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notes")
    written_at = models.DateTimeField()
    contact_id = models.BigIntegerField(null=True, blank=True)
    erased_on = models.DateField(null=True, blank=True)
    erased_under = models.CharField(max_length=60, blank=True)
    erasure = models.ForeignKey("accounts.Erasure", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["account", "-id"], name="note_of_account")]
        triggers = [
            *kept("note"),
            fixed("note", "account_id", "author_id", "written_at", "contact_id"),
            *erasable("note", "text"),
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"


class Attachment(models.Model):
    """A file kept with an account: proof of payment, letter of authority, evidence for an escalation.
    Erasure may blank its name and content; size and digest stay."""

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="attachments")
    kind = models.CharField(_("kind"), max_length=30)
    name = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    erased_on = models.DateField(null=True, blank=True)
    erased_under = models.CharField(max_length=60, blank=True)
    erasure = models.ForeignKey("accounts.Erasure", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["account", "-id"], name="attachment_of_account")]
        triggers = [
            *kept("attachment"),
            fixed("attachment", "account_id", "kind", "media_type", "size", "digest", "uploaded_by_id", "uploaded_at"),
            *erasable("attachment", "name", "content"),
        ]

    def __str__(self) -> str:
        return f"file {self.pk}"
