"""Policy decisions: immutable evidence of what the gate said."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.append_only import append_only, own_transaction
from accounts.foundation.purposes import Channel, Purpose


class Verdict(models.TextChoices):
    ALLOW = "allow", pgettext_lazy("verdict", "may contact")
    WARN = "warn", pgettext_lazy("verdict", "may contact, with care")
    NEEDS_OVERRIDE = "needs_override", pgettext_lazy("verdict", "needs approval")
    REFUSE = "refuse", pgettext_lazy("verdict", "do not contact")
    OVERRIDE = "override", pgettext_lazy("verdict", "approved exception")


CONTACT_ALLOWED = [Verdict.ALLOW, Verdict.WARN, Verdict.OVERRIDE]


class PolicyDecision(models.Model):
    """What the gate answered to one question, under which versions of the policy, on which facts.

    `facts` is the JSON form of `ContactFacts` (ids, codes and days, nothing personal), so that the answer can be worked
    out again; `facts_digest` is its keyed digest. Reasons are rules, codes and parameters, told in words when they are
    read. `txid` is the transaction that wrote the decision: a contact made on its strength was written in the same one.
    `override` is the approved exception it used up; no other decision can use it again.
    """

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    party = models.ForeignKey("accounts.Party", models.PROTECT, related_name="policy_decisions")
    contact_point = models.ForeignKey("accounts.ContactPoint", models.PROTECT, related_name="policy_decisions")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    account_ids = models.JSONField()
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    reasons = models.JSONField(default=list)
    next_allowed_at = models.DateTimeField(null=True)
    pack_versions = models.JSONField(default=dict)
    facts = models.TextField(blank=True)
    facts_digest = models.CharField(max_length=64)
    override = models.OneToOneField(
        "accounts.Approval", models.PROTECT, null=True, blank=True, related_name="policy_decision"
    )
    txid = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("policy decision")
        verbose_name_plural = _("policy decisions")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="decision_verdict_known"),
            models.UniqueConstraint(
                fields=["id", "party", "contact_point", "channel", "purpose", "verdict", "txid"],
                name="decision_as_a_contact_names_it",
            ),
        ]
        indexes = [
            models.Index(fields=["party", "-id"], name="decision_of_party"),
            # A simulation reads some weeks of it, batch after batch.
            models.Index(fields=["at", "id"], name="decision_at"),
        ]
        triggers = [*append_only("decision"), own_transaction("decision_transaction")]

    def __str__(self) -> str:
        return f"{self.verdict} {self.pk}"
