"""Skip traces: searches for a person we can't reach."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMModelMixin, transition

from accounts.foundation.append_only import erasable, fixed, fixed_once_set, kept
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.states import begins, state_field, state_trigger


class SkipTraceState(models.TextChoices):
    REQUESTED = "requested", pgettext_lazy("skip trace", "requested")
    SEARCHING = "searching", pgettext_lazy("skip trace", "searching")
    CANDIDATES = "candidates", pgettext_lazy("skip trace", "candidates to review")
    VERIFIED = "verified", pgettext_lazy("skip trace", "verified")
    EXHAUSTED = "exhausted", pgettext_lazy("skip trace", "exhausted")


S = SkipTraceState
RUNNING = [S.REQUESTED, S.SEARCHING, S.CANDIDATES]


class SkipTrace(FSMModelMixin, models.Model):
    """One search for one party, for one account. The row is the truth; a worker claims it by its state."""

    party = models.ForeignKey("accounts.Party", models.PROTECT, related_name="skip_traces")
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="skip_traces")
    state = state_field(SkipTraceState, SkipTraceState.REQUESTED, verbose_name=_("state"))
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SkipTraceState.values), name="skip_trace_state_known"),
            models.UniqueConstraint(fields=["party"], condition=Q(state__in=RUNNING), name="skip_trace_one_running"),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="skip_trace_due")]
        triggers = [
            state_trigger("accounts_skiptrace"),
            begins("accounts_skiptrace", S.REQUESTED),
            *kept("skip_trace"),
            fixed("skip_trace", "party_id", "account_id", "requested_by_id", "requested_at"),
            *fixed_once_set("skip_trace", "ended_at"),
        ]

    def __str__(self) -> str:
        return f"trace {self.pk}"

    @transition(field="state", source=S.REQUESTED, target=S.SEARCHING)
    def search(self, *, at) -> None:
        self.claimed_at = at

    @transition(field="state", source=S.SEARCHING, target=S.REQUESTED)
    def give_back(self) -> None:
        self.claimed_at = None

    @transition(field="state", source=S.SEARCHING, target=S.CANDIDATES)
    def find(self) -> None:
        """Something was found; somebody has to look at it."""

    @transition(field="state", source=[S.SEARCHING, S.CANDIDATES], target=S.EXHAUSTED)
    def exhaust(self, *, at) -> None:
        self.ended_at = at

    @transition(field="state", source=S.CANDIDATES, target=S.VERIFIED)
    def verify(self, *, at) -> None:
        self.ended_at = at


class CandidateVerdict(models.TextChoices):
    OPEN = "open", pgettext_lazy("candidate", "to review")
    ACCEPTED = "accepted", pgettext_lazy("candidate", "accepted")
    REJECTED = "rejected", pgettext_lazy("candidate", "rejected")


class TraceCandidate(models.Model):
    """Something a provider found: a way to reach the person, or another party who seems to be the same person.

    `confidence` is 0 to 100, `evidence` the codes of what agreed. A rejected one is remembered.
    """

    skip_trace = models.ForeignKey(SkipTrace, models.PROTECT, related_name="candidates")
    provider = models.CharField(max_length=40)
    kind = models.CharField(max_length=16)
    value = models.CharField(max_length=300, blank=True)
    other_party = models.ForeignKey("accounts.Party", models.PROTECT, null=True, blank=True, related_name="+")
    contact_point = models.ForeignKey("accounts.ContactPoint", models.PROTECT, null=True, blank=True, related_name="+")
    confidence = models.PositiveSmallIntegerField(_("confidence"))
    evidence = models.JSONField(default=list)
    verdict = models.CharField(max_length=10, choices=CandidateVerdict.choices, default=CandidateVerdict.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    erased_on = models.DateField(null=True, blank=True)
    erased_under = models.CharField(max_length=60, blank=True)
    erasure = models.ForeignKey("accounts.Erasure", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-confidence", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["skip_trace", "provider", "kind", "value"],
                condition=Q(erased_on__isnull=True),
                name="trace_candidate_once",
            ),
        ]
        triggers = erasable("trace_candidate", "value")

    def __str__(self) -> str:
        return f"{self.kind} candidate {self.pk}"
