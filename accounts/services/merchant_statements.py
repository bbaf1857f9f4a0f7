"""A merchant's statements: added to their reconciliation from a file or as typed, and taken out again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Max

from accounts.foundation import days
from accounts.foundation.errors import Refused
from accounts.foundation.locks import retrying
from accounts.foundation.money import ZERO
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import Attachment, MerchantReceipt, MerchantStatement, Reconciliation, ReconciliationState
from accounts.remittance.statements import Columns, Line, StatementRead, open_statement, read_statement
from accounts.services.accounts import today_of
from accounts.services.attachments import keep_file
from accounts.services.case_clocks import keep_review
from accounts.services.reconciliations import enter_reconciliation, void_request

# Of rejected rows the first are kept with their reasons; the file itself is kept, too.
MOST_REJECTED = 200


@dataclass(frozen=True)
class Said:
    """What a statement says: its days, its receipts, and the days on which it says that nothing came."""

    first: date
    last: date
    lines: list[Line]
    silent: list[date] = field(default_factory=list)
    left_out: int = 0
    rejected: list[tuple[int, str, str]] = field(default_factory=list)


@retrying
def keep_statement(*, reconciliation_id: int, name: str, content: bytes, actor: User, now: datetime) -> Attachment:
    """Keep the file of a statement as evidence. Nothing of it counts before its columns are named.

    Refuses, in words, what can't be read as a table, before it is kept.
    """
    case = enter_reconciliation(reconciliation_id)
    _refuse_decided(case)
    open_statement(content, name)
    return keep_file(
        account_id=case.account_id, kind="bank_statement", name=name, content=content, actor=actor, now=now
    )


@retrying
def add_statement(
    *,
    reconciliation_id: int,
    file_id: int,
    columns: Columns,
    actor: User,
    now: datetime,
    is_other_account: bool = False,
) -> MerchantStatement:
    """Count the credits of a kept file, by the named columns. Rows that are none are told with their reasons.

    Refuses a file without a receipt, and days that don't fit (see `add_receipts`).
    """
    case = enter_reconciliation(reconciliation_id)
    file = Attachment.objects.get(pk=file_id, account=case.account, erased_on=None)
    read = read_statement(bytes(file.content), file.name, columns, until=today_of(case.account, now))
    if not read.lines:
        raise Refused("statement_no_receipts")
    return _add(case, _said_by(read), file, is_other_account, actor, now)


def _said_by(read: StatementRead) -> Said:
    silent = read.days - {line.on for line in read.lines}
    return Said(min(read.days), max(read.days), read.lines, sorted(silent), len(read.left_out), read.rejected)


@retrying
def add_receipts(
    *,
    reconciliation_id: int,
    first: date,
    last: date,
    receipts: list[tuple[date, Decimal]],
    actor: User,
    now: datetime,
    is_other_account: bool = False,
) -> MerchantStatement:
    """Count receipts as the merchant says them: one amount a day, from the first day to the last. 0 says that nothing
    came on a day.

    Refuses days to come or outside the statement, days before our ledger of the account begins, days reconciled before,
    days that an earlier statement covers unless it is of another bank account, and a reconciliation that is decided.
    """
    case = enter_reconciliation(reconciliation_id)
    lines = [Line(row, on, amount) for row, (on, amount) in enumerate(receipts, 1) if amount > 0]
    silent = [on for on, amount in receipts if amount == 0]
    return _add(case, Said(first, last, lines, silent), None, is_other_account, actor, now)


def _add(
    case: Reconciliation, said: Said, file: Attachment | None, is_other_account: bool, actor: User, now: datetime
) -> MerchantStatement:
    _refuse_decided(case)
    _refuse_days(case, said, today_of(case.account, now), is_other_account)
    statement = MerchantStatement.objects.create(
        reconciliation=case,
        file=file,
        first=said.first,
        last=said.last,
        total=sum((line.amount for line in said.lines), ZERO),
        left_out=said.left_out,
        rejected=said.rejected[:MOST_REJECTED],
        is_other_account=is_other_account,
        added_by=actor,
        added_at=now,
    )
    nothing = [MerchantReceipt(statement=statement, row=0, on=on, amount=ZERO) for on in said.silent]
    came = [MerchantReceipt(statement=statement, row=line.row, on=line.on, amount=line.amount) for line in said.lines]
    MerchantReceipt.objects.bulk_create([*nothing, *came])
    today, portfolio = today_of(case.account, now), case.account.portfolio
    true_up_by = days.add_business_days(
        max(today, case.asked_on), portfolio.reconciliation_days, portfolio.country, portfolio.holiday_subdivision
    )
    void_request(case, actor, now)
    codes = {"statement": statement.pk, "total": str(statement.total)}
    move(case, "receive_statements", actor=actor, at=now, given={"on": today, "true_up_by": true_up_by}, codes=codes)
    keep_review(case.hold, case.due_on, account=case.account, reason="reconciliation_clock", actor=actor, now=now)
    return statement


def _refuse_decided(case: Reconciliation) -> None:
    if not case.is_undecided:
        raise Refused("reconciliation_decided")


def _refuse_days(case: Reconciliation, said: Said, today: date, is_other_account: bool) -> None:
    account = case.account
    if not said.first <= said.last <= today:
        raise Refused("statement_days", day=today)
    outside = [on for on in (*(line.on for line in said.lines), *said.silent) if not said.first <= on <= said.last]
    if outside:
        raise Refused("statement_outside", day=outside[0])
    if said.first < account.opened_on:
        raise Refused("statement_before_account", day=account.opened_on)
    done = account.reconciliations.filter(state=ReconciliationState.DONE).aggregate(last=Max("period_last"))["last"]
    if done is not None and said.first <= done:
        raise Refused("statement_reconciled_already", day=done)
    covered = case.statements.filter(taken_out_at=None, first__lte=said.last, last__gte=said.first).first()
    if covered is not None and not is_other_account:
        raise Refused("statement_said_already", day=max(said.first, covered.first))


@retrying
def take_statement_out(*, statement_id: int, actor: User, now: datetime) -> MerchantStatement:
    """Count a statement no more: it was the wrong one. It stays readable; a proposal that leaned on it is void."""
    look = MerchantStatement.objects.get(pk=statement_id)
    case = enter_reconciliation(look.reconciliation_id)
    _refuse_decided(case)
    statement = MerchantStatement.objects.get(pk=statement_id)
    if statement.taken_out_at is not None:
        raise Refused("statement_out_already")
    statement.taken_out_at = now
    statement.save(update_fields=["taken_out_at"])
    void_request(case, actor, now)
    move(case, "take_statement_out", actor=actor, at=now, codes={"statement": statement.pk})
    keep_review(case.hold, case.due_on, account=case.account, reason="reconciliation_clock", actor=actor, now=now)
    return statement
