"""Legal action: an approved case takes the account to enforcement, where the lawyers have it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.services.approval_kinds import Check
from arrangements.models import EscalationKind
from arrangements.services.enforcement import open_case
from arrangements.services.escalation_kinds import checks
from arrangements.services.escalation_kinds.case_kind import CaseKind, Proposal


class LegalReason(models.TextChoices):
    PROMISES_BROKEN = "promises_broken", pgettext_lazy("legal reason", "promises broken again and again")
    REFUSES = "refuses", pgettext_lazy("legal reason", "can pay and refuses")
    SILENT = "silent", pgettext_lazy("legal reason", "no answer to any attempt")
    ASSETS = "assets", pgettext_lazy("legal reason", "has income or assets that a judgment reaches")


def legal_checks(proposal: Proposal) -> list[Check]:
    return [
        checks.account_open(proposal),
        checks.no_enforcement_hold(proposal),
        checks.no_dispute_or_hardship(proposal),
        checks.within_limitation(proposal),
        *checks.default_declared(proposal),
        *checks.notices_served(proposal),
        checks.policy_allows(proposal),
        checks.evidence_attached(proposal),
    ]


LEGAL = CaseKind(
    code=EscalationKind.LEGAL,
    label=EscalationKind.LEGAL.label,
    reasons=LegalReason,
    checks=legal_checks,
    carry_out=open_case,
    consequence=_("The account goes to enforcement, a legal case is opened, and the agent no longer works it."),
)
