"""The automatic checks that escalations share. Each names what is wrong or missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from accounts.foundation import days
from accounts.foundation.errors import Refused, register_sentences
from accounts.models import MORATORIA, OWES, Capacity, Hold, HoldKind, PartyKind, PaymentState
from accounts.selectors.restrictions import holds_on_debt
from accounts.services.approval_kinds import Check
from arrangements.models import LIVE
from arrangements.services.enforcement import against_enforcing
from arrangements.services.escalation_kinds.case_kind import Proposal
from communications.models import FirstNotice
from communications.selectors.enforcement import against_enforcement

LIMITATION_MARGIN = timedelta(days=30)
DISPUTED = [HoldKind.DISPUTE, HoldKind.COMPLAINT]
IN_HARDSHIP = [HoldKind.HARDSHIP, *MORATORIA, HoldKind.VULNERABILITY]
COLLECTS_FOR_OTHERS = [Capacity.THIRD_PARTY_COLLECTOR, Capacity.DEBT_BUYER]
PROTECTED = [HoldKind.INSOLVENCY, HoldKind.DECEASED, HoldKind.FRAUD, HoldKind.INCAPACITY]


def holds_on(proposal: Proposal) -> list[Hold]:
    """Holds in force on the account, or on any person who owes on it."""
    return list(holds_on_debt(proposal.account).order_by("-pk"))


def account_open(proposal: Proposal) -> Check:
    refusal = None if proposal.account.is_open else Refused("case_account_closed")
    return Check("account_open", _("The account is open"), refusal)


def no_enforcement_hold(proposal: Proposal) -> Check:
    against = against_enforcing(proposal.account)
    refusal = Refused("case_held", hold=against[0].get_kind_display()) if against else None
    return Check("no_enforcement_hold", _("No hold forbids enforcement"), refusal)


def no_dispute_or_hardship(proposal: Proposal) -> Check:
    open_ones = _of_kinds(proposal, [*DISPUTED, *IN_HARDSHIP])
    refusal = Refused("case_disputed", hold=open_ones[0].get_kind_display()) if open_ones else None
    return Check("no_dispute_or_hardship", _("No open dispute, complaint or hardship"), refusal)


def nobody_protected(proposal: Proposal) -> Check:
    protected = _of_kinds(proposal, PROTECTED)
    refusal = Refused("case_held", hold=protected[0].get_kind_display()) if protected else None
    return Check("nobody_protected", _("No insolvency, death, fraud or incapacity on record"), refusal)


def _of_kinds(proposal: Proposal, kinds: Iterable[str]) -> list[Hold]:
    return [hold for hold in holds_on(proposal) if hold.kind in kinds]


def policy_allows(proposal: Proposal) -> Check:
    """The policy in force is asked as of the day's noon where the portfolio is: its rules on enforcement count days."""
    noon = days.start_of(proposal.on, proposal.account.portfolio.zone) + timedelta(hours=12)
    against = against_enforcement(proposal.account, now=noon)
    refusal = Refused("case_policy", rule=against[0].rule, reason=against[0].sentence) if against else None
    return Check("policy_allows", _("No rule of the policy stands against enforcement"), refusal)


def within_limitation(proposal: Proposal) -> Check:
    """Known, and at least the margin ahead, so that the claim is issued before it runs out."""
    ends = proposal.account.limitation_on
    refusal = None
    if ends is None:
        refusal = Refused("case_limitation_unknown")
    elif ends < proposal.on + LIMITATION_MARGIN:
        refusal = Refused("case_limitation_near", day=ends, margin=LIMITATION_MARGIN.days)
    return Check("within_limitation", _("The limitation date is known and 30 days or more ahead"), refusal)


def default_declared(proposal: Proposal) -> list[Check]:
    """A merchant cash advance is never chased as in default before a default event was declared. Loans have no such."""
    if not proposal.account.portfolio.product.is_advance:
        return []
    refusal = Refused("case_default_undeclared") if proposal.account.default_declared_on is None else None
    return [Check("default_declared", _("The default event is declared"), refusal)]


def evidence_attached(proposal: Proposal) -> Check:
    refusal = None if proposal.evidence else Refused("case_evidence_missing")
    return Check("evidence_attached", _("The agreement or statement is attached"), refusal)


def no_uncleared_payment(proposal: Proposal) -> Check:
    waiting = proposal.account.payments.filter(state__in=[PaymentState.POSTED, PaymentState.IDENTIFIED]).first()
    refusal = Refused("case_payment_uncleared", clears=waiting.clears_on) if waiting else None
    return Check("no_uncleared_payment", _("No payment is still clearing"), refusal)


def no_live_arrangement(proposal: Proposal) -> Check:
    live = proposal.account.arrangements.filter(state__in=LIVE).exists()
    return Check("no_live_arrangement", _("No arrangement is live"), Refused("case_arranged") if live else None)


def a_natural_person_owes(proposal: Proposal) -> bool:
    """Somebody who owes is a consumer or a sole trader, guarantors of a business included."""
    owing = proposal.account.account_parties.filter(role__in=OWES)
    return owing.exclude(party__kind=PartyKind.ENTITY).exists()


def required_notices(proposal: Proposal) -> list[str]:
    """The notices that must have been served before a claim or a filing. Sources: docs/escalations.md."""
    portfolio = proposal.account.portfolio
    wanted = ["default_au" if portfolio.jurisdiction == "AU" else "default"]
    if portfolio.jurisdiction == "UK" and a_natural_person_owes(proposal):
        wanted.append("letter_of_claim")
    if portfolio.jurisdiction == "US" and portfolio.regulated and portfolio.capacity in COLLECTS_FOR_OTHERS:
        wanted.append("validation")
    return wanted


def notices_served(proposal: Proposal) -> list[Check]:
    return [_notice_served(proposal, kind) for kind in required_notices(proposal)]


NOTICE_LABELS = {
    "default": _("The default notice was served and its time is over"),
    "default_au": _("The default notice was served and its time is over"),
    "validation": _("The validation notice was served and its time is over"),
    "letter_of_claim": _("The letter of claim was served and its time is over"),
}


def _notice_served(proposal: Proposal, kind: str) -> Check:
    notice = FirstNotice.objects.filter(account=proposal.account, kind=kind).order_by("-sent_on", "-pk").first()
    refusal = None
    if notice is None:
        refusal = Refused(f"case_no_{kind}_notice")
    elif notice.wait_until >= proposal.on:
        refusal = Refused("case_notice_running", until=notice.wait_until)
    return Check(f"{kind}_notice_served", NOTICE_LABELS[kind], refusal)


NO_DEFAULT = _("No default notice is on record. Serve it, record the day, and wait its time out.")

register_sentences(
    {
        "case_account_closed": _("The account is closed."),
        "case_policy": _("{reason} ({rule})"),
        "case_disputed": _("This must be resolved first: {hold}."),
        "case_limitation_unknown": _("The limitation date isn't known. Record it first."),
        "case_limitation_near": _("The limitation date {day} is less than {margin} days away or has passed."),
        "case_default_undeclared": _("No default event was declared for this advance."),
        "case_evidence_missing": _("Attach the agreement or the statement that proves the debt."),
        "case_payment_uncleared": _("A payment is still clearing, until {clears}."),
        "case_arranged": _("An arrangement is live: end it first."),
        "case_no_default_notice": NO_DEFAULT,
        "case_no_default_au_notice": NO_DEFAULT,
        "case_no_letter_of_claim_notice": _(
            "No letter of claim is on record. Serve it, record the day, and wait its time out."
        ),
        "case_no_validation_notice": _(
            "No validation notice is on record. Serve it, record the day, and wait its time out."
        ),
        "case_notice_running": _("The notice's time runs until {until}."),
    }
)
