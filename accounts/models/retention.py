"""Reports of what is kept longer than its time, and what became of each line."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMModelMixin, transition

from accounts.foundation.append_only import fixed, fixed_once_set, kept
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.states import begins, state_field, state_trigger


class ReportState(models.TextChoices):
    REPORTED = "reported", pgettext_lazy("retention report", "waiting for release")
    RELEASED = "released", pgettext_lazy("retention report", "released, being carried out")
    CARRIED_OUT = "carried_out", pgettext_lazy("retention report", "carried out")
    SUPERSEDED = "superseded", pgettext_lazy("retention report", "replaced by a newer one")


S = ReportState


class RetentionReport(FSMModelMixin, models.Model):
    """What the daily run found to be kept longer than its time: nothing is blanked before somebody released it.

    `counts` are by jurisdiction and kind. A newer report takes the place of one that nobody released.
    """

    run = models.OneToOneField("accounts.Run", models.PROTECT, related_name="retention_report")
    on = models.DateField(_("on"))
    made_at = models.DateTimeField(_("made"))
    counts = models.JSONField(default=dict)
    state = state_field(ReportState, ReportState.REPORTED, verbose_name=_("state"))
    approval = models.OneToOneField("accounts.Approval", models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("retention report")
        verbose_name_plural = _("retention reports")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="retention_report_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["released", "carried_out"]) | Q(approval__isnull=False),
                name="retention_report_released_by_somebody",
            ),
        ]
        triggers = [
            state_trigger("accounts_retentionreport"),
            begins("accounts_retentionreport", S.REPORTED),
            *kept("retention_report"),
            fixed("retention_report", "run_id", "on", "made_at", "counts"),
            *fixed_once_set("retention_report", "approval_id", "ended_at"),
        ]

    def __str__(self) -> str:
        return f"retention report {self.pk}"

    @transition(field="state", source=S.REPORTED, target=S.RELEASED)
    def release(self, *, approval) -> None:
        self.approval = approval

    @transition(field="state", source=S.REPORTED, target=S.SUPERSEDED)
    def give_way(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field="state", source=S.RELEASED, target=S.CARRIED_OUT)
    def carry_out(self, *, at: datetime) -> None:
        self.ended_at = at


class LineAbout(models.TextChoices):
    PERSON = "person", _("a person")
    ROWS = "rejected_row", _("rejected rows of files")
    TEXTS = "received_text", _("texts from unknown numbers")


class RetentionLine(models.Model):
    """One person of a report, or in a country the rejected rows or the texts that belong to no person: what is kept too
    long since which day. Carried out: its erasure, or why it was left."""

    report = models.ForeignKey(RetentionReport, models.PROTECT, related_name="lines")
    about = models.CharField(max_length=16, choices=LineAbout.choices, default=LineAbout.PERSON)
    person = models.ForeignKey("accounts.Party", models.PROTECT, null=True, blank=True, related_name="+")
    jurisdiction = models.CharField(_("jurisdiction"), max_length=2)
    rule = models.CharField(_("rule"), max_length=60)
    due_on = models.DateField(_("kept until"))
    counts = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True, blank=True)
    erasure = models.ForeignKey("accounts.Erasure", models.PROTECT, null=True, blank=True, related_name="+")
    left_because = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "person"], name="retention_line_once"),
            models.UniqueConstraint(
                fields=["report", "about", "jurisdiction"],
                condition=Q(person__isnull=True),
                name="retention_line_of_nobody_once",
            ),
            models.CheckConstraint(
                condition=Q(about="person", person__isnull=False)
                | Q(about__in=["rejected_row", "received_text"], person__isnull=True),
                name="retention_line_about_somebody_or_not",
            ),
        ]
        indexes = [models.Index(fields=["report"], condition=Q(done_at__isnull=True), name="retention_line_to_do")]
        triggers = [
            *kept("retention_line"),
            fixed("retention_line", "report_id", "about", "person_id", "jurisdiction", "rule", "due_on", "counts"),
            fixed("retention_line_done", "done_at", "erasure_id", "left_because", once="OLD.done_at IS NOT NULL"),
        ]

    def __str__(self) -> str:
        return f"line {self.pk} of report {self.report_id}"
