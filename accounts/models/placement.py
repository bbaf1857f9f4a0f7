"""Placements: files of accounts handed over by a creditor."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMModelMixin, transition

from accounts.foundation.append_only import fixed, fixed_once_set, kept
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.states import begins, state_field, state_trigger


class PlacementState(models.TextChoices):
    UPLOADED = "uploaded", pgettext_lazy("placement", "uploaded")
    STAGED = "staged", pgettext_lazy("placement", "staged")
    CHECKED = "checked", pgettext_lazy("placement", "checked")
    LOADING = "loading", pgettext_lazy("placement", "loading")
    LIVE = "live", pgettext_lazy("placement", "live")
    CANCELLED = "cancelled", pgettext_lazy("placement", "cancelled")
    FAILED = "failed", pgettext_lazy("placement", "failed")


S = PlacementState
GIVEN_UP = [S.CANCELLED, S.FAILED]
_ENDED = "OLD.state IN ('live', 'cancelled', 'failed')"


class PlacementQuerySet(LockableQuerySet["Placement"]):
    def visible_to(self, user: Any) -> PlacementQuerySet:
        """Those of the portfolios that the person's team works; all for those who answer for the whole house."""
        if user.sees_every_account:
            return self
        return self.filter(portfolio__teams=user.team_id) if user.team_id else self.none()


class Placement(FSMModelMixin, models.Model):
    """One file of accounts: its digest, mapping, control totals and what became of each row.

    Nothing of it can be seen in the book before it is live. `mapping_terms` is the mapping as it was when the file was
    read. `loaded_through` is the last row whose account is written, `announced_through` the last one that the other
    floors were told about. A portfolio takes the same file once, unless it was given up.
    """

    portfolio = models.ForeignKey("accounts.Portfolio", models.PROTECT, related_name="placements")
    file_name = models.CharField(_("file"), max_length=200)
    file_digest = models.CharField(max_length=64)
    mapping = models.CharField(_("mapping"), max_length=60, blank=True)
    mapping_terms = models.JSONField(default=dict)
    as_of = models.DateField(_("as of"))
    state = state_field(PlacementState, PlacementState.UPLOADED, verbose_name=_("state"))
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    live_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)
    control_totals = models.JSONField(default=dict)
    loaded_through = models.PositiveIntegerField(default=0)
    announced_through = models.PositiveIntegerField(default=0)
    failure_code = models.CharField(max_length=60, blank=True)
    failure_params = models.JSONField(default=dict)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PlacementState.values), name="placement_state_known"),
            models.CheckConstraint(
                condition=~Q(state=PlacementState.LIVE) | Q(live_at__isnull=False), name="placement_live_has_date"
            ),
            models.UniqueConstraint(
                fields=["portfolio", "file_digest"], condition=~Q(state__in=GIVEN_UP), name="placement_file_once"
            ),
        ]
        triggers = [
            state_trigger("accounts_placement"),
            begins("accounts_placement", S.UPLOADED),
            *kept("placement"),
            fixed("placement", "portfolio_id", "file_name", "file_digest", "as_of", "uploaded_by_id", "uploaded_at"),
            *fixed_once_set("placement", "confirmed_by_id", "live_at"),
            fixed("placement_ended", "counts", "control_totals", "mapping", "mapping_terms", once=_ENDED),
        ]

    def __str__(self) -> str:
        return f"placement {self.pk}"

    @property
    def is_working(self) -> bool:
        """Whether a worker has something to do, rather than a person."""
        if self.state == S.UPLOADED:
            return bool(self.mapping)
        unheard = self.state == S.LIVE and self.announced_through < self.loaded_through
        return self.state in (S.STAGED, S.LOADING) or unheard

    @transition(field="state", source=S.UPLOADED, target=S.STAGED)
    def stage(self) -> None:
        """Every row stands in the staging table."""

    @transition(field="state", source=S.STAGED, target=S.CHECKED)
    def check_rows(self) -> None:
        """All that can fail on data is settled."""

    @transition(field="state", source=S.CHECKED, target=S.LOADING)
    def load(self, *, confirmed_by_id: int | None) -> None:
        self.confirmed_by_id = confirmed_by_id

    @transition(field="state", source=S.LOADING, target=S.LIVE)
    def go_live(self, *, moment: datetime) -> None:
        self.live_at = moment

    @transition(field="state", source=[S.UPLOADED, S.STAGED, S.CHECKED], target=S.CANCELLED)
    def cancel(self) -> None:
        """Given up before loading."""

    @transition(field="state", source=[S.UPLOADED, S.STAGED, S.CHECKED], target=S.FAILED)
    def fail(self, *, code: str, params: dict) -> None:
        self.failure_code, self.failure_params = code, params


class UploadedPiece(models.Model):
    """A part of an uploaded file, kept only until its rows are staged, so that any worker can read it."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="pieces")
    ordinal = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["ordinal"]
        constraints = [models.UniqueConstraint(fields=["placement", "ordinal"], name="uploaded_piece_once")]

    def __str__(self) -> str:
        return f"piece {self.ordinal} of {self.placement_id}"


class SavedMapping(models.Model):
    """A mapping that a manager made for a creditor's files. Saving it again under its name replaces its terms."""

    name = models.SlugField(_("name"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)
    terms = models.JSONField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        verbose_name = _("saved mapping")
        verbose_name_plural = _("saved mappings")

    def __str__(self) -> str:
        return self.name
