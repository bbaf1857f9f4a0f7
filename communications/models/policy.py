"""Policy as versions: packs, their numbered versions and the rules in each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMModelMixin, transition

from accounts.foundation.append_only import never_emptied
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.states import begins, state_field, state_trigger


class PolicyPack(models.Model):
    """The rules of one jurisdiction (`*`: everywhere), as they change over time in versions."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=2)
    zone = models.CharField(_("time zone of its dates"), max_length=64)
    title_en = models.CharField(_("title (English)"), max_length=80)
    title_es = models.CharField(_("title (Spanish)"), max_length=80)

    objects = LockableQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("policy pack")
        verbose_name_plural = _("policy packs")

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return self.title_es if (get_language() or "").startswith("es") else self.title_en


class VersionState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("policy version", "draft")
    SUBMITTED = "submitted", pgettext_lazy("policy version", "submitted")
    PUBLISHED = "published", pgettext_lazy("policy version", "published")
    RETIRED = "retired", pgettext_lazy("policy version", "retired")
    CALLED_OFF = "called_off", pgettext_lazy("policy version", "called off")


S = VersionState
# Those that ruled, rule or are going to.
RULING = [S.PUBLISHED, S.RETIRED]


class VersionQuerySet(LockableQuerySet["PolicyVersion"]):
    def in_force(self, at: datetime) -> VersionQuerySet:
        """The versions that rule at an instant: at most one of each pack."""
        begun = self.filter(state__in=RULING, effective_from__lte=at)
        return begun.filter(Q(effective_to__isnull=True) | Q(effective_to__gt=at))

    def ruling_from(self, at: datetime) -> VersionQuerySet:
        """The versions that rule at an instant or, as things stand, at any later one."""
        return self.filter(Q(effective_to__isnull=True) | Q(effective_to__gt=at), state__in=RULING)

    def to_begin(self, at: datetime) -> VersionQuerySet:
        """The versions that are published to rule from later than an instant, the next to begin first."""
        return self.filter(state=S.PUBLISHED, effective_from__gt=at).order_by("effective_from", "pk")


class PolicyVersion(FSMModelMixin, models.Model):
    """One version of a pack. A draft is edited; what was submitted never changes again, only who rules by it and when.

    It rules from `effective_from` until `effective_to` (empty: until another takes over). It may be published to begin
    later; until then it rules nothing and can be called off. A version ends only where another begins. Whoever drafted
    it can't publish it. `digest` covers every rule as submitted. `back_to` is the earlier version whose rules a draft
    brings back. Version 1 of a shipped pack has no maker: it came with the product.
    """

    pack = models.ForeignKey(PolicyPack, models.PROTECT, related_name="versions", verbose_name=_("pack"))
    number = models.PositiveIntegerField(_("number"))
    state = state_field(VersionState, VersionState.DRAFT, verbose_name=_("state"))
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(_("drafted"))
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    checker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    effective_from = models.DateTimeField(_("in force from"), null=True, blank=True)
    effective_to = models.DateTimeField(_("in force until"), null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    note = models.CharField(_("what changes and why"), max_length=300, blank=True)
    back_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    called_off_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    called_off_at = models.DateTimeField(_("called off"), null=True, blank=True)
    called_off_reason = models.CharField(_("why it was called off"), max_length=200, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["pack__code", "-number"]
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        constraints = [
            models.UniqueConstraint(fields=["pack", "number"], name="policy_version_number_once"),
            models.UniqueConstraint(
                fields=["pack"], condition=Q(state__in=["draft", "submitted"]), name="policy_version_one_in_preparation"
            ),
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="policy_version_state_known"),
            models.CheckConstraint(
                condition=Q(maker__isnull=True) | Q(checker__isnull=True) | ~Q(maker=F("checker")),
                name="policy_version_maker_is_not_checker",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "retired", "called_off"])
                | Q(effective_from__isnull=False, published_at__isnull=False)
                & (Q(checker__isnull=False) | Q(maker__isnull=True)),
                name="policy_version_published_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(digest=""), name="policy_version_submitted_has_digest"
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="policy_version_ends_after_it_begins",
            ),
            # What a person publishes rules from then on; only what came with the product rules the past.
            models.CheckConstraint(
                condition=Q(maker__isnull=True)
                | Q(effective_from__isnull=True)
                | Q(effective_from__gte=F("published_at")),
                name="policy_version_never_backdated",
            ),
            # What has begun to rule can't be called off any more, only replaced.
            models.CheckConstraint(
                condition=Q(
                    state="called_off",
                    called_off_by__isnull=False,
                    called_off_at__isnull=False,
                    called_off_at__lt=F("effective_from"),
                    effective_to__isnull=True,
                )
                & ~Q(called_off_reason="")
                | ~Q(state="called_off") & Q(called_off_by__isnull=True, called_off_at__isnull=True),
                name="policy_version_called_off_before_it_began",
            ),
            ExclusionConstraint(
                name="policy_versions_never_overlap",
                expressions=[
                    (F("pack"), RangeOperators.EQUAL),
                    (
                        Func(
                            F("effective_from"),
                            F("effective_to"),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state__in=["published", "retired"]),
            ),
        ]
        triggers = [
            state_trigger("communications_policyversion"),
            begins("communications_policyversion", S.DRAFT),
            never_emptied("policy_version"),
            pgtrigger.Trigger(
                name="submitted_version_stands",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.state <> 'draft'"),
                func="""
                    IF TG_OP = 'DELETE'
                        OR ROW(NEW.pack_id, NEW.number, NEW.maker_id, NEW.made_at, NEW.based_on_id, NEW.note,
                            NEW.back_to_id)
                            IS DISTINCT FROM
                            ROW(OLD.pack_id, OLD.number, OLD.maker_id, OLD.made_at, OLD.based_on_id, OLD.note,
                            OLD.back_to_id)
                        OR (NEW.state <> 'draft'
                            AND ROW(NEW.digest, NEW.submitted_at) IS DISTINCT FROM ROW(OLD.digest, OLD.submitted_at))
                        OR (NOT (OLD.state = 'submitted' AND NEW.state = 'published')
                            AND ROW(NEW.checker_id, NEW.published_at, NEW.effective_from) IS DISTINCT FROM
                            ROW(OLD.checker_id, OLD.published_at, OLD.effective_from))
                        OR (NOT (OLD.state = 'published' AND NEW.state = 'called_off')
                            AND ROW(NEW.called_off_by_id, NEW.called_off_at, NEW.called_off_reason) IS DISTINCT FROM
                            ROW(OLD.called_off_by_id, OLD.called_off_at, OLD.called_off_reason))
                        OR (NEW.effective_to IS DISTINCT FROM OLD.effective_to
                            AND NOT (OLD.state = 'published' AND OLD.effective_to IS NULL
                                AND NEW.state IN ('published', 'retired'))
                            -- An end is lifted only because what was to begin then was called off.
                            AND NOT (OLD.state = 'published' AND NEW.state = 'published' AND NEW.effective_to IS NULL
                                AND EXISTS (
                                    SELECT 1 FROM communications_policyversion v
                                    WHERE v.pack_id = OLD.pack_id AND v.state = 'called_off'
                                        AND v.effective_from = OLD.effective_to)))
                    THEN
                        RAISE EXCEPTION 'policy version % was submitted: it stands as it is', OLD.id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'policy_version_submitted_stands';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # Asked at the end of the transaction: the one before has to end before the next may begin.
            pgtrigger.Trigger(
                name="ends_only_replaced",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("state", "effective_from", "effective_to"),
                timing=pgtrigger.Deferred,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM communications_policyversion v
                        WHERE v.pack_id = NEW.pack_id AND v.state IN ('published', 'retired')
                            AND v.effective_to IS NOT NULL AND NOT EXISTS (
                                SELECT 1 FROM communications_policyversion next
                                WHERE next.pack_id = v.pack_id AND next.id <> v.id
                                    AND next.state IN ('published', 'retired')
                                    AND next.effective_from = v.effective_to)
                    ) THEN
                        RAISE EXCEPTION 'a policy version ends only where another of pack % begins', NEW.pack_id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'policy_version_ends_only_replaced';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pack.code} {self.number}"

    @property
    def is_draft(self) -> bool:
        return self.state == S.DRAFT

    def begins_after(self, at: datetime) -> bool:
        """It is published and rules nothing yet."""
        return self.state == S.PUBLISHED and self.effective_from > at

    def has_ruled(self, at: datetime) -> bool:
        """It was in force and is no more."""
        return self.state in RULING and self.effective_to is not None and self.effective_to <= at

    @transition(field="state", source=S.DRAFT, target=S.SUBMITTED)
    def submit(self, *, at: datetime, digest: str) -> None:
        self.submitted_at, self.digest = at, digest

    @transition(field="state", source=S.SUBMITTED, target=S.DRAFT)
    def send_back(self) -> None:
        self.submitted_at, self.digest = None, ""

    @transition(field="state", source=S.SUBMITTED, target=S.PUBLISHED)
    def publish(self, *, checker: Any, at: datetime, effective_from: datetime) -> None:
        self.checker, self.published_at, self.effective_from = checker, at, effective_from

    @transition(field="state", source=S.PUBLISHED, target=S.RETIRED)
    def retire(self, *, at: datetime) -> None:
        self.effective_to = at

    @transition(field="state", source=S.PUBLISHED, target=S.CALLED_OFF)
    def call_off(self, *, by: Any, at: datetime, reason: str) -> None:
        self.called_off_by, self.called_off_at, self.called_off_reason = by, at, reason


class PolicyRule(models.Model):
    """One rule of one version: its kind, numbers, scope, source and refusal sentences. Fixed once it is submitted."""

    version = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="rules")
    code = models.SlugField(_("rule"), max_length=60)
    kind = models.CharField(_("kind"), max_length=20)
    action = models.CharField(
        _("what it does"),
        max_length=10,
        choices=[
            ("warn", pgettext_lazy("rule action", "warn")),
            ("override", pgettext_lazy("rule action", "needs approval")),
            ("refuse", pgettext_lazy("rule action", "refuse")),
        ],
    )
    legal_force = models.CharField(
        _("legal force"),
        max_length=12,
        choices=[
            ("statute", pgettext_lazy("legal force", "law")),
            ("rule", pgettext_lazy("legal force", "regulator's rule")),
            ("presumption", pgettext_lazy("legal force", "presumption")),
            ("guideline", pgettext_lazy("legal force", "guideline")),
            ("policy", pgettext_lazy("legal force", "firm policy")),
        ],
    )
    citation = models.CharField(_("source"), max_length=250)
    confidence = models.CharField(
        _("how it was confirmed"),
        max_length=1,
        choices=[
            ("P", pgettext_lazy("confidence", "original text read")),
            ("S", pgettext_lazy("confidence", "secondary source")),
            ("G", pgettext_lazy("confidence", "general knowledge")),
        ],
    )
    jurisdiction = models.CharField(_("jurisdiction"), max_length=2)
    params = models.JSONField(_("numbers"), default=dict, blank=True)
    scope = models.JSONField(_("scope"), default=dict, blank=True)
    effective_from = models.DateField(_("from"), null=True, blank=True)
    effective_to = models.DateField(_("until"), null=True, blank=True)
    sentence_en = models.CharField(_("sentence (English)"), max_length=250)
    sentence_es = models.CharField(_("sentence (Spanish)"), max_length=250)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("policy rule")
        verbose_name_plural = _("policy rules")
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="policy_rule_once_per_version")]
        triggers = [
            never_emptied("policy_rule"),
            pgtrigger.Trigger(
                name="rules_change_in_drafts_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("touched", "bigint[]")],
                func="""
                    touched := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.version_id]
                        WHEN 'DELETE' THEN ARRAY[OLD.version_id] ELSE ARRAY[OLD.version_id, NEW.version_id] END;
                    IF EXISTS (
                        SELECT 1 FROM communications_policyversion WHERE id = ANY(touched) AND state <> 'draft'
                    ) THEN
                        RAISE EXCEPTION 'the rules of a submitted policy version never change'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'policy_rule_of_draft_only';
                    END IF;
                    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def sentence(self) -> str:
        return self.sentence_es if (get_language() or "").startswith("es") else self.sentence_en
