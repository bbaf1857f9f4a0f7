"""Exports of all that is held about a person."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMModelMixin, transition

from accounts.foundation.append_only import fixed, fixed_once_set, kept
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.states import begins, state_field, state_trigger


class ExportState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("data export", "asked for")
    MAKING = "making", pgettext_lazy("data export", "being made")
    READY = "ready", pgettext_lazy("data export", "ready")
    REMOVED = "removed", pgettext_lazy("data export", "file removed")


S = ExportState


class DataExport(FSMModelMixin, models.Model):
    """A file with all that is held about one person: asked for, made by a worker, there for a while, then removed.

    The row is the truth, its file stands in it. `done` of `parts` is how far the worker came. Who asked, when it was
    made and each download stay on record as events.
    """

    person = models.ForeignKey("accounts.Party", models.PROTECT, related_name="data_exports")
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="data_exports")
    language = models.CharField(_("language"), max_length=8)
    state = state_field(ExportState, ExportState.ASKED, verbose_name=_("state"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveSmallIntegerField(default=0)
    parts = models.PositiveSmallIntegerField(default=0)
    counts = models.JSONField(default=dict)
    content = models.BinaryField(null=True)
    size = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("data export")
        verbose_name_plural = _("data exports")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="data_export_state_known"),
            models.CheckConstraint(
                condition=Q(state="ready", content__isnull=False, expires_at__isnull=False)
                | (~Q(state="ready") & Q(content__isnull=True)),
                name="data_export_file_only_while_ready",
            ),
        ]
        triggers = [
            state_trigger("collections_crm_dataexport"),
            begins("collections_crm_dataexport", S.ASKED),
            *kept("data_export"),
            fixed("data_export", "person_id", "account_id", "language", "asked_by_id", "asked_at"),
            *fixed_once_set("data_export", "made_at", "expires_at", "removed_at"),
        ]

    def __str__(self) -> str:
        return f"export {self.pk}"

    @transition(field="state", source=S.ASKED, target=S.MAKING)
    def begin(self, *, at: datetime, parts: int) -> None:
        self.claimed_at, self.parts, self.done = at, parts, 0

    @transition(field="state", source=S.MAKING, target=S.ASKED)
    def give_back(self) -> None:
        self.claimed_at, self.done = None, 0

    @transition(field="state", source=S.MAKING, target=S.READY)
    def finish(self, *, content: bytes, digest: str, counts: dict, at: datetime, until: datetime) -> None:
        self.content, self.size, self.digest, self.counts = content, len(content), digest, counts
        self.made_at, self.expires_at, self.done = at, until, self.parts

    @transition(field="state", source=[S.ASKED, S.MAKING, S.READY], target=S.REMOVED)
    def remove(self, *, at: datetime) -> None:
        self.content, self.removed_at = None, at
