"""The record of everything that happened: append-only, ids and codes, never a personal value."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.foundation.append_only import append_only


class Event(models.Model):
    """One thing that happened to one record: what, when, by whom (nobody: the system), why, in codes.

    Values that a person could be recognised by never stand here: field names, ids, codes and amounts do.
    """

    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("kind"), max_length=60)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="events")
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    codes = models.JSONField(_("codes"), default=dict)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["account", "-id"], name="event_account_timeline"),
            models.Index(fields=["subject_type", "subject_id", "-id"], name="event_subject"),
        ]
        triggers = append_only("event")

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type}:{self.subject_id}"

    @classmethod
    def about(cls, kind: str, *, actor: Any, **fields: Any) -> Event:
        return cls(kind=kind, actor_id=getattr(actor, "pk", None), **fields)


def record(
    kind: str, *, subject: models.Model, actor: Any, at: datetime, reason: str = "", codes: dict[str, Any] | None = None
) -> Event:
    """Write one event in the caller's transaction. The account is found on the subject when it has one."""
    account_id = subject.pk if subject._meta.model_name == "account" else getattr(subject, "account_id", None)
    event = Event.about(
        kind,
        actor=actor,
        at=at,
        reason=reason,
        codes=codes or {},
        account_id=account_id,
        subject_type=subject._meta.model_name,
        subject_id=subject.pk,
    )
    event.save(force_insert=True)
    return event
