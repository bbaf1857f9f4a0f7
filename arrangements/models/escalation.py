"""Escalations: cases for something beyond the agent, and the enforcement cases that follow."""

from __future__ import annotations

from datetime import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMModelMixin, transition

from accounts.foundation.append_only import fixed, fixed_once_set, kept, never_emptied
from accounts.foundation.locks import LockableQuerySet
from accounts.foundation.money import amount_field
from accounts.foundation.states import begins, state_field, state_trigger


class EscalationKind(models.TextChoices):
    LEGAL = "legal", pgettext_lazy("escalation kind", "legal action")
    UCC = "ucc", pgettext_lazy("escalation kind", "UCC filing")
    SETTLEMENT = "settlement", pgettext_lazy("escalation kind", "settlement")
    WRITE_OFF = "write_off", pgettext_lazy("escalation kind", "write-off")
    FRAUD = "fraud", pgettext_lazy("escalation kind", "fraud concern")
    PROMISE = "promise", pgettext_lazy("escalation kind", "promise beyond limits")
    OFFER = "offer", pgettext_lazy("escalation kind", "offer beyond limits")


class EscalationState(models.TextChoices):
    RAISED = "raised", pgettext_lazy("escalation", "raised")
    UNDER_REVIEW = "under_review", pgettext_lazy("escalation", "under review")
    APPROVED = "approved", pgettext_lazy("escalation", "approved")
    IN_PROGRESS = "in_progress", pgettext_lazy("escalation", "in progress")
    RESOLVED = "resolved", pgettext_lazy("escalation", "resolved")
    DECLINED = "declined", pgettext_lazy("escalation", "declined")
    RETURNED = "returned", pgettext_lazy("escalation", "returned")
    WITHDRAWN = "withdrawn", pgettext_lazy("escalation", "withdrawn")
    EXPIRED = "expired", pgettext_lazy("escalation", "expired")


S = EscalationState
OPEN_ESCALATION = [S.RAISED, S.UNDER_REVIEW, S.APPROVED, S.IN_PROGRESS, S.RETURNED]


class Escalation(FSMModelMixin, models.Model):
    """A case for something beyond the agent's authority. It owns an approval and moves with it.

    `party` said it in `contact_id`, where a case is about what somebody said; `arrangement` is the offer that waits for
    it. `checks` are the codes of the automatic
    checks with their answers, as they stood when it was raised.
    """

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="escalations")
    kind = models.CharField(_("kind"), max_length=12, choices=EscalationKind.choices)
    state = state_field(EscalationState, EscalationState.RAISED, verbose_name=_("state"))
    approval = models.OneToOneField(
        "accounts.Approval", models.PROTECT, null=True, blank=True, related_name="escalation"
    )
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="escalations")
    raised_at = models.DateTimeField()
    amount = amount_field(null=True, blank=True, verbose_name=_("amount"))
    pay_by = models.DateField(_("pay by"), null=True, blank=True)
    party = models.ForeignKey("accounts.Party", models.PROTECT, null=True, blank=True, related_name="+")
    contact_id = models.BigIntegerField(null=True, blank=True)
    arrangement = models.ForeignKey(
        "arrangements.Arrangement", models.PROTECT, null=True, blank=True, related_name="escalations"
    )
    reason_code = models.CharField(_("reason"), max_length=40)
    note = models.ForeignKey("accounts.Note", models.PROTECT, null=True, blank=True, related_name="+")
    evidence = models.ManyToManyField("accounts.Attachment", blank=True, related_name="+")
    checks = models.JSONField(default=list)
    answer_note = models.ForeignKey("accounts.Note", models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=EscalationState.values), name="escalation_state_known"),
            models.UniqueConstraint(
                fields=["account", "kind"], condition=Q(state__in=OPEN_ESCALATION), name="escalation_one_open_per_kind"
            ),
        ]
        indexes = [models.Index(fields=["state", "raised_at"], name="escalation_inbox")]
        triggers = [
            state_trigger("arrangements_escalation"),
            begins("arrangements_escalation", S.RAISED),
            *kept("escalation"),
            fixed("escalation", "account_id", "kind", "raised_by_id", "raised_at", "party_id", "contact_id"),
            # Who raised it corrects it when it came back, and asks again.
            fixed(
                "escalation_terms",
                "amount",
                "pay_by",
                "arrangement_id",
                "reason_code",
                "note_id",
                "checks",
                once="OLD.state <> 'returned'",
            ),
            fixed("escalation_approval", "approval_id", once="OLD.state NOT IN ('raised', 'returned')"),
            fixed("escalation_closed", "answer_note_id", "closed_at", once="OLD.closed_at IS NOT NULL"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} escalation {self.pk}"

    @transition(field="state", source=[S.RAISED, S.RETURNED], target=S.UNDER_REVIEW)
    def review(self, *, approval) -> None:
        self.approval = approval

    @transition(field="state", source=S.UNDER_REVIEW, target=S.APPROVED)
    def approve(self) -> None:
        """Somebody else said yes."""

    @transition(field="state", source=S.APPROVED, target=S.IN_PROGRESS)
    def begin(self) -> None:
        """What was approved was carried out or has begun."""

    @transition(field="state", source=[S.APPROVED, S.IN_PROGRESS], target=S.RESOLVED)
    def resolve(self, *, at: datetime) -> None:
        self.closed_at = at

    @transition(field="state", source=S.UNDER_REVIEW, target=S.DECLINED)
    def decline(self, *, at: datetime) -> None:
        self.closed_at = at

    @transition(field="state", source=S.UNDER_REVIEW, target=S.RETURNED)
    def send_back(self) -> None:
        """The maker is asked for something more."""

    @transition(field="state", source=[S.UNDER_REVIEW, S.RETURNED], target=S.WITHDRAWN)
    def withdraw(self, *, at: datetime) -> None:
        self.closed_at = at

    @transition(field="state", source=[S.UNDER_REVIEW, S.RETURNED], target=S.EXPIRED)
    def expire(self, *, at: datetime) -> None:
        self.closed_at = at


class EnforcementKind(models.TextChoices):
    LEGAL = "legal", pgettext_lazy("enforcement kind", "legal action")
    UCC = "ucc", pgettext_lazy("enforcement kind", "UCC filing")


class EnforcementState(models.TextChoices):
    OPENED = "opened", pgettext_lazy("enforcement", "opened")
    FILED = "filed", pgettext_lazy("enforcement", "filed")
    CLOSED = "closed", pgettext_lazy("enforcement", "closed")


E = EnforcementState


class EnforcementCase(FSMModelMixin, models.Model):
    """A lawsuit or a UCC filing that follows an approved escalation, from opening to its end."""

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="enforcement_cases")
    escalation = models.OneToOneField(Escalation, models.PROTECT, related_name="case")
    kind = models.CharField(_("kind"), max_length=8, choices=EnforcementKind.choices)
    state = state_field(EnforcementState, EnforcementState.OPENED, verbose_name=_("state"))
    opened_on = models.DateField(_("opened on"))
    filed_on = models.DateField(_("filed on"), null=True, blank=True)
    file_number = models.CharField(_("file number"), max_length=60, blank=True)
    lapses_on = models.DateField(_("lapses on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("enforcement case")
        verbose_name_plural = _("enforcement cases")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=EnforcementState.values), name="enforcement_state_known")
        ]
        triggers = [
            state_trigger("arrangements_enforcementcase"),
            begins("arrangements_enforcementcase", E.OPENED),
            *kept("enforcement_case"),
            fixed("enforcement_case", "account_id", "escalation_id", "kind", "opened_on"),
            fixed("enforcement_filed", "filed_on", "file_number", "lapses_on", once="OLD.filed_on IS NOT NULL"),
            *fixed_once_set("enforcement_case", "closed_on"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} case {self.pk}"

    @transition(field="state", source=E.OPENED, target=E.FILED)
    def file(self, *, on, number: str, lapses_on=None) -> None:
        self.filed_on, self.file_number, self.lapses_on = on, number, lapses_on

    @transition(field="state", source=[E.OPENED, E.FILED], target=E.CLOSED)
    def close(self, *, on) -> None:
        self.closed_on = on


class EscalationEvidence(Escalation.evidence.through):  # type: ignore[name-defined, misc]
    """The files that a case rests on: here for what keeps them as they were when somebody decided by them."""

    class Meta:
        proxy = True
        triggers = [
            pgtrigger.Trigger(
                name="escalation_evidence_stands",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM arrangements_escalation AS e
                        WHERE e.id IN (coalesce(NEW.escalation_id, 0), coalesce(OLD.escalation_id, 0))
                            AND e.state NOT IN ('raised', 'returned')
                    ) THEN
                        RAISE EXCEPTION 'cannot change what an escalation rests on: somebody was asked by it';
                    END IF;
                    RETURN coalesce(NEW, OLD);
                """,
            ),
            never_emptied("escalation_evidence"),
        ]
