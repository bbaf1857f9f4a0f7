"""Cases of an account, and the checks of a kind before it is raised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from accounts.foundation.users import User
from accounts.models import IN_FORCE, OWES, Account, Event, Hold, HoldKind
from accounts.services.accounts import today_of
from accounts.services.approval_kinds import Check
from arrangements.models import (
    OPEN_ESCALATION,
    EnforcementCase,
    EnforcementKind,
    EnforcementState,
    Escalation,
    EscalationKind,
    EscalationState,
)
from arrangements.services.enforcement import against_enforcing, continuation_opens
from arrangements.services.escalation_kinds.case_kind import CaseKind, Proposal
from arrangements.services.escalation_kinds.catalogue import CASE_KINDS
from arrangements.services.escalations import WHO_RAISES
from collections_crm.selectors.account_page import AccountPage
from collections_crm.ui.frame import address
from communications.policy.wording import word

# What compliance may answer to a fraud concern.
FINDINGS = {
    "cleared": pgettext_lazy("referral", "no fraud: the hold is lifted"),
    "confirmed": pgettext_lazy("referral", "fraud: the hold stays"),
}
# Refusals that the form on the page is about to answer.
ASKED_FOR = {"settlement_amount_missing", "settlement_day_missing", "case_evidence_missing"}


ABOUT_HOLDS = {"no_enforcement_hold", "no_dispute_or_hardship", "nobody_protected"}


@dataclass(frozen=True)
class Remedy:
    """The page on which what a check found can be ended or recorded."""

    url: str
    words: str


@dataclass(frozen=True)
class CheckLine:
    """A check on the page where a case is raised: it holds, it fails, or the form asks for what it needs."""

    check: Check
    asked_for: bool
    remedy: Remedy | None = None

    @property
    def stops(self) -> bool:
        return not self.check.holds and not self.asked_for


@dataclass(frozen=True)
class KindOffer:
    """A kind of case as the page offers it."""

    kind: CaseKind
    lines: list[CheckLine]
    open_case: Escalation | None

    @property
    def can_be_raised(self) -> bool:
        return self.open_case is None and not any(line.stops for line in self.lines)


def offers_of(account: Account, now: datetime) -> list[KindOffer]:
    """Every kind that there is where the account is, with its checks as they stand, and the case that is open."""
    open_cases = {case.kind: case for case in account.escalations.filter(state__in=OPEN_ESCALATION)}
    proposal = Proposal(account=account, on=today_of(account, now))
    return [
        KindOffer(kind, [_line(check, account) for check in kind.checks(proposal)], open_cases.get(code))
        for code, kind in CASE_KINDS.items()
        if not kind.has_own_page and kind.is_known_in(account.portfolio.jurisdiction)
    ]


def _line(check: Check, account: Account) -> CheckLine:
    asked_for = check.refusal is not None and check.refusal.code in ASKED_FOR
    return CheckLine(check, asked_for, None if check.holds or asked_for else _remedy(check, account))


def _remedy(check: Check, account: Account) -> Remedy | None:
    if check.code == "no_live_arrangement":
        return Remedy(address("promise", account.reference), _("See the arrangement"))
    if check.code in ABOUT_HOLDS:
        return Remedy(f"{address('account', account.reference)}#holds", _("See the holds"))
    if check.code.endswith("_notice_served"):
        return Remedy(address("notice-record", account.reference), _("Record a notice that was sent"))
    return None


def open_cases_on(page: AccountPage) -> dict[str, Any]:
    """For the account's page, which has asked for them already: the cases that are open, and who may raise another."""
    cases = [
        (case["id"], EscalationKind(case["kind"]).label, EscalationState(case["state"]).label)
        for case in page.summary.cases
    ]
    return {"cases": cases, "may_escalate": page.account.is_open and page.user.role in WHO_RAISES}


def visible_escalations(user: User) -> QuerySet[Escalation]:
    accounts = Account.objects.visible_to(user).values("pk")
    return Escalation.objects.filter(account__in=accounts).select_related("account__portfolio", "approval", "note")


def visible_cases(user: User) -> QuerySet[EnforcementCase]:
    accounts = Account.objects.visible_to(user).values("pk")
    return EnforcementCase.objects.filter(account__in=accounts).select_related("account__portfolio", "escalation")


def continuation_window(case: EnforcementCase) -> tuple[date, date] | None:
    """From when to when a continuation of a UCC filing counts; nothing before it is filed."""
    if case.kind != EnforcementKind.UCC or case.lapses_on is None:
        return None
    return continuation_opens(case.lapses_on), case.lapses_on


def against_filing(case: EnforcementCase) -> list[str]:
    """The holds that came after a case was opened and forbid enforcement: a complaint that went to the Ombudsman, say.
    Nothing of a case that is filed."""
    if case.state != EnforcementState.OPENED:
        return []
    return [str(hold.get_kind_display()) for hold in against_enforcing(case.account)]


# What is recorded where the account is, besides what passes between us and a representative.
NOTICES_OF = {
    "UK": ["default", "letter_of_claim", "forbearance_offered"],
    "US": [
        "validation", "default", "dispute_received", "verification_sent", "original_creditor_request",
        "original_creditor_sent", "military_check",
    ],
    "AU": ["default_au", "hardship_refused", "forbearance_offered"],
}  # fmt: skip
OF_ADVANCES = ["first_lien", "reconciliation_request", "reconciliation_done"]
OF_REPRESENTATION = [
    "representative_asked", "representative_answered", "representative_warned", "representative_declined",
    "direct_contact_asked",
]  # fmt: skip


def label_of_notice(kind: str) -> str:
    return word("notice", kind, get_language() or "en")


def represented(account: Account) -> bool:
    """Somebody who owes on it, or the account, is held as represented."""
    owing = account.account_parties.filter(role__in=OWES).values("party__person_id")
    touching = Q(account=account) | Q(scope="person", person__in=owing)
    return Hold.objects.filter(touching, kind=HoldKind.REPRESENTATION, state__in=IN_FORCE).exists()


def notice_choices(account: Account) -> list[tuple[str, str]]:
    """The papers that count where the account is: notices that are sent, requests that come, and, while somebody is
    represented, what passes between us and the representative."""
    kinds = [*NOTICES_OF.get(account.portfolio.jurisdiction, ["default"])]
    if account.portfolio.product.is_advance:
        kinds += OF_ADVANCES
    if represented(account):
        kinds += OF_REPRESENTATION
    return [(kind, label_of_notice(kind)) for kind in kinds]


def verdict_of(case: Escalation) -> str:
    """What compliance found of a fraud concern; empty while nobody answered, and for other kinds."""
    if case.kind != EscalationKind.FRAUD:
        return ""
    about = {"kind": "escalation.resolve", "subject_type": "escalation", "subject_id": case.pk}
    answer = Event.objects.filter(**about).order_by("-pk").values_list("reason", flat=True).first() or ""
    return str(FINDINGS.get(answer.removeprefix("fraud_"), ""))
