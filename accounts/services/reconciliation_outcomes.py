"""The true-up changes what a merchant delivers from day to day: proposed by one person, approved by another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from accounts.foundation.approvals import Approval, ApprovalState
from accounts.foundation.days import ONE_DAY
from accounts.foundation.errors import Refused
from accounts.foundation.locks import retrying
from accounts.foundation.money import ZERO
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import (
    Account,
    MerchantReceipt,
    MerchantStatement,
    PaymentState,
    Reconciliation,
    ReconciliationState,
    TermsReason,
    calendar_of,
)
from accounts.remittance.true_up import LEAST_OPEN_DAYS, Period, TrueUp, true_up
from accounts.services.advances import new_version
from accounts.services.approval_kinds import ApprovalKind, Check, register
from accounts.services.approvals import ask_again, request_approval
from accounts.services.case_clocks import keep_review
from accounts.services.reconciliations import answer_day, end_hold, enter_reconciliation

KIND = "reconciliation"
S = ReconciliationState


@retrying
def propose_true_up(*, reconciliation_id: int, actor: User, now: datetime) -> Approval:
    """Work the true-up out from the statements, and ask a manager to agree. Proposing again works it out anew.

    Every true-up is approved by somebody else, higher or lower: its figures come from papers that one person typed in
    or named the columns of, and they decide what a merchant delivers each day. Refuses without receipts, and over
    fewer open days than say anything.
    """
    case = enter_reconciliation(reconciliation_id)
    period, figures = worked_out(case)
    given = {"period": period, "figures": figures, "by": actor}
    move(case, "propose", actor=actor, at=now, given=given, codes={"remittance": str(figures.remittance)})
    keep_review(case.hold, case.due_on, account=case.account, reason="reconciliation_clock", actor=actor, now=now)
    terms = terms_of(case)
    if returned := _returned(case, actor):
        return ask_again(approval_id=returned.pk, terms=terms, amount=figures.remittance, actor=actor, now=now)
    return request_approval(
        kind=KIND, subject=case, terms=terms, account=case.account, amount=figures.remittance, actor=actor, now=now
    )


def _returned(case: Reconciliation, actor: User) -> Approval | None:
    mine = Approval.objects.filter(kind=KIND, subject_type="reconciliation", subject_id=case.pk, maker=actor)
    return mine.filter(state=ApprovalState.RETURNED).first()


def worked_out(case: Reconciliation) -> tuple[Period, TrueUp]:
    """The period of the statements and its true-up, by the ledger as it stands. Writes nothing. Refuses days in it that
    no statement covers: counted as days without receipts they would lower what is due."""
    statements = list(case.statements.filter(taken_out_at=None))
    if not statements:
        raise Refused("reconciliation_needs_statements")
    period = Period(min(one.first for one in statements), max(one.last for one in statements))
    calendar, terms = calendar_of(case.account), case.before
    if (found := len(calendar.open_days(period.first, period.last))) < LEAST_OPEN_DAYS:
        raise Refused("reconciliation_period_short", found=found, least=LEAST_OPEN_DAYS)
    if gap := next((one for one in _uncovered(statements) if calendar.open_days(one.first, one.last)), None):
        raise Refused("reconciliation_days_missing", first=gap.first, last=gap.last)
    came = MerchantReceipt.objects.filter(statement__in=statements).aggregate(total=Sum("amount"))["total"]
    return period, true_up(
        receipts=came or ZERO,
        share=terms.share,
        remitted=remitted_in(case.account, period),
        period=period,
        rhythm=terms.rhythm,
        calendar=calendar,
        currency=case.currency,
    )


def _uncovered(statements: list[MerchantStatement]) -> Iterator[Period]:
    """The days between the statements, in the order of their days, that none covers: nothing is known of them."""
    through = statements[0].last
    for one in statements[1:]:
        if one.first > through + ONE_DAY:
            yield Period(through + ONE_DAY, one.first - ONE_DAY)
        through = max(through, one.last)


def remitted_in(account: Account, period: Period) -> Decimal:
    """What was received of the merchant in a period and not taken back since."""
    kept = account.payments.filter(state__in=[PaymentState.POSTED, PaymentState.CLEARED])
    of_period = kept.filter(received_on__gte=period.first, received_on__lte=period.last)
    return of_period.aggregate(total=Sum("amount"))["total"] or ZERO


def terms_of(case: Reconciliation) -> dict[str, Any]:
    """What is agreed to: the figures of the case, and those that they look back on."""
    period, figures = case.period, case.figures
    if period is None or figures is None:
        return {"reconciliation": case.pk}
    return {
        "reconciliation": case.pk,
        "period": [period.first, period.last],
        "receipts": str(figures.receipts),
        "share": str(case.before.share),
        "share_due": str(figures.due),
        "remitted": str(figures.remitted),
        **({"over": str(figures.over)} if figures.over else {"under": str(figures.under)}),
        "remittance_before": str(case.before.remittance),
        "remittance": str(figures.remittance),
    }


def _terms_now(approval: Approval) -> dict[str, Any]:
    """Money that came for the period meanwhile, or another statement, makes it another true-up."""
    case = Reconciliation.objects.select_related("account__portfolio", "before").get(pk=approval.subject_id)
    if case.state != S.PROPOSED:
        return approval.terms if case.state in (S.APPROVED, S.DONE) else {"reconciliation": case.pk}
    _period, figures = worked_out(case)
    return terms_of(case) | {"receipts": str(figures.receipts), "remitted": str(figures.remitted)}


def make(approval: Approval, actor: User, now: datetime) -> None:
    """Put new terms in force: the estimates of the period give way to the share of its receipts, those to come to the
    new estimate, all in this transaction. Nothing is paid out: what was remitted beyond the share was delivered, and
    meets the next remittances before anything is asked for."""
    case = enter_reconciliation(approval.subject_id)
    period, figures = case.period, case.figures
    if case.state != S.PROPOSED or period is None or figures is None:
        raise Refused("reconciliation_not_proposed")
    if not case.account.is_open:
        raise Refused("advance_account_closed")
    given = {"by": actor, "at": now, "answer_by": answer_day(case.account, now)}
    move(case, "approve", actor=actor, at=now, given=given)
    before = case.before
    terms = new_version(
        case.account,
        {
            "purchase_price": before.purchase_price,
            "factor_rate": before.factor_rate,
            "purchased_amount": before.purchased_amount,
            "share": before.share,
            "rhythm": before.rhythm,
            "remittance": figures.remittance,
        },
        TermsReason.TRUE_UP,
        actor,
        now,
        replaced=Q(due_on__range=(period.first, period.last)),
        trued_up=(period.last, figures.due),
    )
    codes = {"over": str(figures.over), "under": str(figures.under), "remittance": str(figures.remittance)}
    move(case, "make", actor=actor, at=now, given={"after": terms, "at": now}, codes=codes)
    end_hold(case, "reconciliation_made", actor, now)


def _checks(approval: Approval, _now: datetime) -> list[Check]:
    case = Reconciliation.objects.select_related("account").get(pk=approval.subject_id)
    proposed = None if case.state == S.PROPOSED else Refused("reconciliation_not_proposed")
    is_open = None if case.account.is_open else Refused("advance_account_closed")
    return [
        Check("true_up_proposed", _("The true-up is proposed"), proposed),
        Check("account_open", _("The account is open"), is_open),
    ]


register(
    ApprovalKind(
        code=KIND,
        label=_("Reconciliation"),
        executor=make,
        consequence=_(
            "From the next open day on the merchant is expected to remit the new estimate. What was estimated for the"
            " period gives way to the share of its receipts; what was remitted beyond it meets the next remittances."
        ),
        checker=_checks,
        terms_now=_terms_now,
    )
)
