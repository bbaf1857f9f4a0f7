"""Sensitive notes: what somebody told about their health, their life or what they can manage."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.append_only import erasable, fixed, kept


class SensitiveKind(models.TextChoices):
    HEALTH = "health", pgettext_lazy("sensitive note", "health")
    MENTAL_HEALTH = "mental_health", pgettext_lazy("sensitive note", "mental health")
    LIFE_EVENT = "life_event", pgettext_lazy("sensitive note", "life event")
    RESILIENCE = "resilience", pgettext_lazy("sensitive note", "resilience")
    CAPABILITY = "capability", pgettext_lazy("sensitive note", "capability")
    OTHER = "other", pgettext_lazy("sensitive note", "other")


class SupportNeed(models.TextChoices):
    """What whoever speaks with the person next does otherwise; nothing of why."""

    SPECIALIST = "specialist", pgettext_lazy("support need", "a specialist speaks with them")
    MORE_TIME = "more_time", pgettext_lazy("support need", "more time, one thing at a time")
    IN_WRITING = "in_writing", pgettext_lazy("support need", "in writing, not by phone")
    LARGE_PRINT = "large_print", pgettext_lazy("support need", "large print or another format")
    HELPER = "helper", pgettext_lazy("support need", "somebody helps them")
    NO_PRESSURE = "no_pressure", pgettext_lazy("support need", "no demands for now")
    NONE = "none", pgettext_lazy("support need", "nothing special")


class SensitiveBasis(models.TextChoices):
    """Why we may keep it: the person agreed, or a ground of the law that needs no consent."""

    CONSENT = "consent", pgettext_lazy("sensitive note", "the person agreed")
    SAFEGUARDING = "safeguarding", pgettext_lazy("sensitive note", "to protect somebody at economic risk")
    VITAL = "vital", pgettext_lazy("sensitive note", "a life or somebody's safety is at risk")
    LEGAL_CLAIM = "legal_claim", pgettext_lazy("sensitive note", "a legal claim needs it")
    LEGAL_DUTY = "legal_duty", pgettext_lazy("sensitive note", "a law tells us to keep it")


class ConsentWay(models.TextChoices):
    CALL = "call", pgettext_lazy("consent given", "on a call")
    WRITING = "writing", pgettext_lazy("consent given", "in writing")
    PERSON = "person", pgettext_lazy("consent given", "in person")


class SensitiveNote(models.Model):
    """What was told about a person's circumstances, apart from all other notes: few may read it, and each reading is
    a reveal. Everybody who works the account sees that it exists, its kind and the support need.

    `account` is the one on which it was written. It is reviewed or blanked by `review_on`; text, kind and need are
    blanked together.
    """

    party = models.ForeignKey("accounts.Party", models.PROTECT, related_name="sensitive_notes")
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="sensitive_notes")
    category = models.CharField(_("about"), max_length=16, choices=SensitiveKind.choices, blank=True)
    support_need = models.CharField(_("support need"), max_length=16, choices=SupportNeed.choices, blank=True)
    text = models.TextField(_("what was told"), max_length=4000, blank=True)
    basis = models.CharField(_("why we may keep it"), max_length=16, choices=SensitiveBasis.choices)
    consent_way = models.CharField(_("how they agreed"), max_length=8, choices=ConsentWay.choices, blank=True)
    consented_at = models.DateTimeField(_("when they agreed"), null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    contact_id = models.BigIntegerField(null=True, blank=True)
    review_on = models.DateField(_("review or blank by"))
    erased_on = models.DateField(null=True, blank=True)
    erased_under = models.CharField(max_length=60, blank=True)
    erasure = models.ForeignKey("accounts.Erasure", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("sensitive note")
        verbose_name_plural = _("sensitive notes")
        constraints = [
            models.CheckConstraint(condition=Q(basis__in=SensitiveBasis.values), name="sensitive_note_basis_known"),
            models.CheckConstraint(
                condition=Q(erased_on__isnull=False)
                | (Q(category__in=SensitiveKind.values) & Q(support_need__in=SupportNeed.values) & ~Q(text="")),
                name="sensitive_note_says_something",
            ),
            # Consent is not a word: it was given in some way, at some moment. Another ground has neither.
            models.CheckConstraint(
                condition=Q(basis="consent", consent_way__in=ConsentWay.values, consented_at__isnull=False)
                | (~Q(basis="consent") & Q(consent_way="", consented_at__isnull=True)),
                name="sensitive_note_consent_is_told",
            ),
        ]
        indexes = [
            models.Index(fields=["party"], condition=Q(erased_on__isnull=True), name="sensitive_note_of_party"),
        ]
        triggers = [
            *kept("sensitive_note"),
            fixed("sensitive_note", "party_id", "account_id", "written_by_id", "written_at", "contact_id"),
            fixed("sensitive_note_basis", "basis", "consent_way", "consented_at"),
            *erasable("sensitive_note", "category", "support_need", "text"),
        ]

    def __str__(self) -> str:
        return f"sensitive note {self.pk}"
