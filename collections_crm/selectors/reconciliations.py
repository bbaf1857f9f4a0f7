"""What the page of a reconciliation shows, and which ones a person sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from accounts.foundation import days
from accounts.foundation.approvals import OPEN_APPROVAL, Approval
from accounts.foundation.errors import Refused
from accounts.foundation.users import User
from accounts.models import (
    Account,
    DueItem,
    MerchantReceipt,
    MerchantStatement,
    Reconciliation,
    ReconciliationState,
    calendar_of,
)
from accounts.placements.reasons import reason_words
from accounts.remittance.schedule import expected_end
from accounts.remittance.true_up import Period, TrueUp, gaps
from accounts.selectors.advances import AdvanceStanding, advance_standing
from accounts.services.reconciliation_outcomes import KIND, worked_out
from collections_crm.selectors.disputes import Happened, history_of

SHOWN_REMITTANCES = 6
# While a manager is asked to agree nothing else is proposed; what makes the request void stays possible.
NOT_WHILE_ASKED = {"propose", "refuse", "withdraw"}
S = ReconciliationState


@dataclass(frozen=True)
class StatementTold:
    """One statement with the reasons of its rejected rows in words."""

    statement: MerchantStatement
    rejected: list[tuple[int, str, str]]


@dataclass(frozen=True)
class ReconciliationPage:
    """One case at one instant, on the civil day `on` of its portfolio.

    `period` and `figures` are what was proposed, or what the statements make as they stand; `problem` says why they
    make nothing yet. `coming` are the next remittances expected.
    """

    case: Reconciliation
    on: date
    statements: list[StatementTold]
    period: Period | None
    figures: TrueUp | None
    problem: str
    gaps: list[Period]
    standing: AdvanceStanding
    ends_on: date | None
    coming: list[DueItem]
    history: list[Happened]
    approvals: list[Approval]

    @property
    def is_late(self) -> bool:
        return (self.case.is_open or self.case.waits_to_be_told) and self.case.due_on < self.on

    @property
    def waits(self) -> bool:
        """A manager has been asked to agree and has not answered."""
        return any(approval.state in OPEN_APPROVAL for approval in self.approvals)

    def is_sensible(self, step: str) -> bool:
        if step == "tell":
            return self.case.waits_to_be_told
        if step == "propose" and self.figures is None:
            return False
        if step == "refuse" and self.case.waits_for_statements(self.on):
            return False
        return not self.waits or step not in NOT_WHILE_ASKED


def visible_reconciliations(user: User) -> QuerySet[Reconciliation]:
    """Those of accounts that the user may open."""
    related = ("account__portfolio__product", "party", "said", "reasons", "before", "after", "asked_by", "decided_by")
    return Reconciliation.objects.filter(account__in=Account.objects.visible_to(user)).select_related(*related)


def reconciliation_page(case: Reconciliation, *, now: datetime) -> ReconciliationPage:
    """A dozen queries at most, however many receipts there are."""
    on = days.civil_day(now, case.account.portfolio.zone)
    statements = list(case.statements.select_related("file", "added_by").defer("file__content"))
    period, figures, problem = _figures(case, statements)
    asked = Approval.objects.filter(kind=KIND, subject_type="reconciliation", subject_id=case.pk)
    standing = advance_standing(case.account, on=on)
    return ReconciliationPage(
        case=case,
        on=on,
        statements=[StatementTold(one, _told(one)) for one in statements],
        period=period,
        figures=figures,
        problem=problem,
        gaps=_gaps(case, statements, period),
        standing=standing,
        ends_on=_end(case, figures, standing),
        coming=_coming(case, on),
        history=history_of(case),
        approvals=list(asked.select_related("answer", "checker").order_by("-pk")),
    )


def _figures(case: Reconciliation, statements: list[MerchantStatement]) -> tuple[Period | None, TrueUp | None, str]:
    if case.figures is not None or not case.is_undecided:
        return case.period, case.figures, ""
    if not any(one.taken_out_at is None for one in statements):
        return None, None, ""
    try:
        return *worked_out(case), ""
    except Refused as refusal:
        return None, None, str(refusal)


def _told(statement: MerchantStatement) -> list[tuple[int, str, str]]:
    return [(row, column, reason_words(reason)) for row, column, reason in statement.rejected]


def _gaps(case: Reconciliation, statements: list[MerchantStatement], period: Period | None) -> list[Period]:
    """Open days on which no counted statement says anything."""
    if period is None:
        return []
    counted = [one for one in statements if one.taken_out_at is None]
    said = MerchantReceipt.objects.filter(statement__in=counted).values_list("on", flat=True).distinct()
    return gaps(period, set(said), calendar_of(case.account))


def _end(case: Reconciliation, figures: TrueUp | None, standing: AdvanceStanding) -> date | None:
    """When the last remittance is expected: at the proposed estimate while it is proposed, else at the present one."""
    if figures is None or not case.is_open or standing.next_on is None:
        return standing.ends_on
    calendar = calendar_of(case.account)
    return expected_end(standing.remaining, figures.remittance, standing.next_on, case.before.rhythm, calendar)


def _coming(case: Reconciliation, on: date) -> list[DueItem]:
    expected = DueItem.objects.expected().filter(account=case.account, due_on__gt=on)
    return list(expected.order_by("due_on", "pk")[:SHOWN_REMITTANCES])
