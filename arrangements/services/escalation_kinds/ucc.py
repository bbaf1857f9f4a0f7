"""UCC filing: a lien on the assets of a business in the United States, recorded with a state."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.errors import Refused, register_sentences
from accounts.models import Jurisdiction, PartyKind, PartyRole
from accounts.services.approval_kinds import Check
from arrangements.models import EscalationKind
from arrangements.services.enforcement import open_case
from arrangements.services.escalation_kinds import checks
from arrangements.services.escalation_kinds.case_kind import CaseKind, Proposal


class UccReason(models.TextChoices):
    SECURED = "secured", pgettext_lazy("UCC reason", "the agreement grants a security interest")
    DIVERTED = "diverted", pgettext_lazy("UCC reason", "receivables are diverted")
    OTHERS_FILE = "others_file", pgettext_lazy("UCC reason", "other creditors are filing")


def in_united_states(proposal: Proposal) -> Check:
    refusal = None if proposal.account.portfolio.jurisdiction == "US" else Refused("ucc_outside_us")
    return Check("in_united_states", _("The debt is in the United States"), refusal)


def commercial(proposal: Proposal) -> Check:
    primary = proposal.account.account_parties.filter(role=PartyRole.PRIMARY, party__kind=PartyKind.ENTITY)
    is_commercial = proposal.account.portfolio.product.is_advance or primary.exists()
    return Check(
        "commercial", _("The customer is a business"), None if is_commercial else Refused("ucc_not_commercial")
    )


def ucc_checks(proposal: Proposal) -> list[Check]:
    return [
        checks.account_open(proposal),
        in_united_states(proposal),
        commercial(proposal),
        checks.no_enforcement_hold(proposal),
        checks.no_dispute_or_hardship(proposal),
        checks.within_limitation(proposal),
        *checks.default_declared(proposal),
        *checks.notices_served(proposal),
        checks.policy_allows(proposal),
        checks.evidence_attached(proposal),
    ]


UCC = CaseKind(
    code=EscalationKind.UCC,
    label=EscalationKind.UCC.label,
    reasons=UccReason,
    checks=ucc_checks,
    carry_out=open_case,
    only_in=(Jurisdiction.US,),
    consequence=_("The account goes to enforcement and a UCC case is opened, to be filed with the state."),
)

register_sentences(
    {
        "ucc_outside_us": _("UCC filings exist in the United States only."),
        "ucc_not_commercial": _("A UCC filing is for merchant cash advances and businesses, not for consumers."),
    }
)
