"""A draft of the policy tried on the decisions of the past weeks, before anybody publishes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMModelMixin, transition

from accounts.foundation.append_only import fixed, kept, never_emptied
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.purposes import Channel
from accounts.foundation.states import begins, state_field, state_trigger
from communications.models.decision import Verdict

LONGEST = 90


class SimulationState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("simulation", "waiting")
    RUNNING = "running", pgettext_lazy("simulation", "running")
    DONE = "done", pgettext_lazy("simulation", "done")
    FAILED = "failed", pgettext_lazy("simulation", "failed")
    CANCELLED = "cancelled", pgettext_lazy("simulation", "cancelled")


S = SimulationState
ENDED = "OLD.state IN ('done', 'failed', 'cancelled')"


class PolicySimulation(FSMModelMixin, models.Model):
    """One trial of one version of the policy: every decision of some days judged again, with it and without it.

    `rules` are the version's rules as they stood when it was asked for and `digest` is theirs: another digest now means
    that they were edited since. `against` names the versions in force then, by pack. The decisions are those `at` after
    `from_at` up to `until_at`, up to the number `last_decision_id`, and of these every `every`th by its number.
    `seen_at` and `seen_id` say up to where a worker came; `claim` names the worker. Only a finished one has results.
    A draft that is thrown away takes no simulation with it: `version` is then empty.
    """

    version = models.ForeignKey(
        "communications.PolicyVersion", models.PROTECT, null=True, blank=True, related_name="simulations",
        verbose_name=_("version"),
    )  # fmt: skip
    pack = models.ForeignKey(
        "communications.PolicyPack", models.PROTECT, related_name="simulations", verbose_name=_("pack")
    )
    number = models.PositiveIntegerField(_("number"))
    state = state_field(SimulationState, S.QUEUED, verbose_name=_("state"))
    rules = models.JSONField()
    digest = models.CharField(max_length=64)
    against = models.JSONField()
    days = models.PositiveSmallIntegerField(_("days"))
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    last_decision_id = models.BigIntegerField()
    found = models.PositiveIntegerField()
    every = models.PositiveIntegerField(default=1)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("asked for by"),
    )  # fmt: skip
    asked_at = models.DateTimeField(_("asked for"))
    claim = models.UUIDField(null=True, blank=True)
    seen_working_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    seen_at = models.DateTimeField()
    seen_id = models.BigIntegerField()
    counts = models.JSONField(default=dict)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    failure_code = models.CharField(max_length=60, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("policy simulation")
        verbose_name_plural = _("policy simulations")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=S.values), name="policy_simulation_state_known"),
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=LONGEST), name="policy_simulation_days_in_range"),
            models.CheckConstraint(condition=Q(every__gte=1), name="policy_simulation_every_is_a_step"),
            models.CheckConstraint(condition=Q(from_at__lt=F("until_at")), name="policy_simulation_ends_after_start"),
            models.CheckConstraint(
                condition=Q(state__in=[S.QUEUED, S.RUNNING], ended_at__isnull=True)
                | Q(state__in=[S.DONE, S.FAILED, S.CANCELLED], ended_at__isnull=False),
                name="policy_simulation_ended_has_date",
            ),
            models.CheckConstraint(
                condition=Q(state=S.RUNNING, claim__isnull=False, seen_working_at__isnull=False)
                | ~Q(state=S.RUNNING) & Q(claim__isnull=True),
                name="policy_simulation_running_is_claimed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[S.FAILED, S.CANCELLED]) | Q(counts={}),
                name="policy_simulation_unfinished_has_no_result",
            ),
            models.UniqueConstraint(
                fields=["version"], condition=Q(state__in=[S.QUEUED, S.RUNNING]), name="policy_simulation_one_at_a_time"
            ),
        ]
        triggers = [
            state_trigger("communications_policysimulation"),
            begins("communications_policysimulation", S.QUEUED),
            *kept("policy_simulation"),
            fixed(
                "policy_simulation", "pack_id", "number", "rules", "digest", "against", "days", "from_at", "until_at",
                "last_decision_id", "found", "every", "asked_by_id", "asked_at",
            ),
            fixed("policy_simulation_version", "version_id", once="NEW.version_id IS NOT NULL"),
            fixed(
                "policy_simulation_ended", "state", "counts", "seen_at", "seen_id", "ended_at", "failure_code",
                once=ENDED,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pack.code} {self.number}: {self.days}"

    @property
    def is_working(self) -> bool:
        """Whether a worker has something to do with it."""
        return self.state in (S.QUEUED, S.RUNNING)

    @property
    def is_done(self) -> bool:
        return self.state == S.DONE

    @property
    def looked_at(self) -> int:
        """How many decisions were read so far."""
        return self.counts.get("judged", 0) + sum(self.counts.get("left_out", {}).values())

    @property
    def expected(self) -> int:
        """How many there are to read, as far as could be told at the start."""
        return -(-self.found // self.every)

    @transition(field="state", source=S.QUEUED, target=S.RUNNING)
    def begin(self, *, claim: Any, at: datetime) -> None:
        self.claim, self.seen_working_at, self.tries = claim, at, self.tries + 1

    @transition(field="state", source=S.RUNNING, target=S.QUEUED)
    def give_back(self) -> None:
        """The worker is lost; another goes on where it stopped."""
        self.claim = None

    @transition(field="state", source=S.RUNNING, target=S.DONE)
    def finish(self, *, at: datetime) -> None:
        self.claim, self.ended_at = None, at

    @transition(field="state", source=S.RUNNING, target=S.FAILED)
    def fail(self, *, at: datetime, code: str) -> None:
        self.claim, self.ended_at, self.failure_code, self.counts = None, at, code, {}

    @transition(field="state", source=[S.QUEUED, S.RUNNING], target=S.CANCELLED)
    def cancel(self, *, at: datetime) -> None:
        self.claim, self.ended_at, self.counts = None, at, {}


VERDICTS = [choice for choice in Verdict.choices if choice[0] != Verdict.OVERRIDE]


class SimulatedChange(models.Model):
    """One decision that would come out otherwise under the simulated version, and the rules that make it so.

    Written while its simulation runs, with it thrown away when that one is given up; with it kept when it is done.
    `made`: the contact was made on the strength of the decision. `actor` and `channel` are the decision's.
    """

    simulation = models.ForeignKey(PolicySimulation, models.PROTECT, related_name="changes")
    decision = models.ForeignKey("communications.PolicyDecision", models.PROTECT, related_name="+")
    before = models.CharField(max_length=16, choices=VERDICTS)
    after = models.CharField(max_length=16, choices=VERDICTS)
    appeared = ArrayField(models.CharField(max_length=60), default=list)
    gone = ArrayField(models.CharField(max_length=60), default=list)
    otherwise = ArrayField(models.CharField(max_length=60), default=list)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    jurisdiction = models.CharField(max_length=2)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    made = models.BooleanField()

    class Meta:
        ordering = ["-decision_id"]
        constraints = [
            models.UniqueConstraint(fields=["simulation", "decision"], name="simulated_change_once"),
            models.CheckConstraint(
                condition=Q(before__in=[v for v, _label in VERDICTS], after__in=[v for v, _label in VERDICTS]),
                name="simulated_change_verdicts_known",
            ),
        ]
        triggers = [
            never_emptied("simulated_change"),
            pgtrigger.Trigger(
                name="results_stand",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("whose", "bigint")],
                func="""
                    whose := CASE TG_OP WHEN 'INSERT' THEN NEW.simulation_id ELSE OLD.simulation_id END;
                    IF TG_OP = 'UPDATE' OR NOT EXISTS (
                        SELECT 1 FROM communications_policysimulation
                        WHERE id = whose AND state IN ('queued', 'running')
                    ) THEN
                        RAISE EXCEPTION 'the result of policy simulation % stands as it is', whose
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'simulated_change_stands';
                    END IF;
                    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.simulation_id}: {self.decision_id}"
