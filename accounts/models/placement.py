"""Placements: files of accounts handed over by a creditor."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMModelMixin, transition

from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.states import state_field, state_trigger


class PlacementState(models.TextChoices):
    UPLOADED = "uploaded", pgettext_lazy("placement", "uploaded")
    STAGED = "staged", pgettext_lazy("placement", "staged")
    CHECKED = "checked", pgettext_lazy("placement", "checked")
    LOADING = "loading", pgettext_lazy("placement", "loading")
    LIVE = "live", pgettext_lazy("placement", "live")
    CANCELLED = "cancelled", pgettext_lazy("placement", "cancelled")
    FAILED = "failed", pgettext_lazy("placement", "failed")


S = PlacementState


class Placement(FSMModelMixin, models.Model):
    """One file of accounts: its digest, mapping, control totals and what became of each row.

    Nothing of it can be seen in the book before it is live.
    """

    portfolio = models.ForeignKey("accounts.Portfolio", models.PROTECT, related_name="placements")
    file_name = models.CharField(_("file"), max_length=200)
    file_digest = models.CharField(max_length=64)
    mapping = models.CharField(_("mapping"), max_length=60)
    as_of = models.DateField(_("as of"))
    state = state_field(PlacementState, PlacementState.UPLOADED, verbose_name=_("state"))
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    live_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)
    control_totals = models.JSONField(default=dict)
    loaded_through = models.PositiveIntegerField(default=0)
    failure_code = models.CharField(max_length=60, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PlacementState.values), name="placement_state_known")
        ]
        indexes = [models.Index(fields=["portfolio", "file_digest"], name="placement_same_file")]
        triggers = [state_trigger("accounts_placement")]

    def __str__(self) -> str:
        return f"placement {self.pk}"

    @transition(field="state", source=S.UPLOADED, target=S.STAGED)
    def stage(self) -> None:
        """Every row stands in the staging table."""

    @transition(field="state", source=S.STAGED, target=S.CHECKED)
    def check_rows(self) -> None:
        """All that can fail on data is settled."""

    @transition(field="state", source=S.CHECKED, target=S.LOADING)
    def load(self) -> None:
        """Batches are being written; from here it goes on to the end."""

    @transition(field="state", source=S.LOADING, target=S.LIVE)
    def go_live(self, *, at) -> None:
        self.live_at = at

    @transition(field="state", source=[S.UPLOADED, S.STAGED, S.CHECKED], target=S.CANCELLED)
    def cancel(self) -> None:
        """Given up before loading."""

    @transition(field="state", source=[S.UPLOADED, S.STAGED, S.CHECKED], target=S.FAILED)
    def fail(self, *, code: str) -> None:
        self.failure_code = code
