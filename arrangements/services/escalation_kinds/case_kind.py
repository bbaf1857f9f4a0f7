"""What each kind of escalation asks for, checks, binds and does. One file beside this one for each kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.functional import Promise

from accounts.foundation.approvals import Approval, ApprovalState
from accounts.foundation.money import rounded
from accounts.foundation.users import User
from accounts.models import Account
from accounts.selectors.interest import balance_apart_from, interest_still_to_come
from accounts.services.accounts import today_of
from accounts.services.approval_kinds import Authority, Check
from arrangements.models import Arrangement, Escalation


@dataclass(frozen=True)
class Proposal:
    """What somebody wants to escalate, before or after it is raised. `on` is the day it is judged on."""

    account: Account
    on: date
    amount: Decimal | None = None
    pay_by: date | None = None
    evidence: tuple[int, ...] = ()
    party_id: int | None = None
    contact_id: int | None = None
    offer: Arrangement | None = None
    interest_from: date | None = None

    @property
    def owed(self) -> Decimal:
        """The balance, but for the interest of the days since it was asked for."""
        return balance_apart_from(self.account, self.interest_from or self.on)

    @classmethod
    def of(cls, escalation: Escalation, account: Account, on: date) -> Proposal:
        evidence = tuple(escalation.evidence.order_by("pk").values_list("pk", flat=True))
        said = (escalation.party_id, escalation.contact_id, escalation.arrangement)
        since = interest_from(escalation, account)
        return cls(account, on, escalation.amount, escalation.pay_by, evidence, *said, interest_from=since)


def interest_from(escalation: Escalation, account: Account) -> date:
    """The first day whose interest was not in what was owed when it was asked, as the request binds it; as of today
    while it is being asked or corrected."""
    approval = escalation.approval
    if approval is not None and approval.state != ApprovalState.RETURNED and "interest_from" in approval.terms:
        return date.fromisoformat(approval.terms["interest_from"])
    note = escalation.note
    return interest_still_to_come(account, today_of(account, note.written_at if note else escalation.raised_at))


def terms_of_case(escalation: Escalation, account: Account) -> dict[str, Any]:
    """What every kind binds: the case, its figures, its reason and its evidence.

    Amounts in whole minor units: however one was typed, it reads the same here as from the ledger.
    """
    evidence = list(escalation.evidence.order_by("pk").values_list("pk", "digest"))
    return {
        "kind": escalation.kind,
        "account": account.reference,
        "currency": account.currency,
        "amount": None if escalation.amount is None else rounded(escalation.amount, account.currency),
        "pay_by": escalation.pay_by,
        "reason": escalation.reason_code,
        "evidence": [[pk, file_digest] for pk, file_digest in evidence],
    }


def terms_with_balance(escalation: Escalation, account: Account) -> dict[str, Any]:
    """Also binds what is owed: a payment or a charge in between makes it another request. Interest that accrues while
    somebody is asked doesn't."""
    since = interest_from(escalation, account)
    owed = rounded(balance_apart_from(account, since), account.currency)
    return {**terms_of_case(escalation, account), "balance": owed, "interest_from": since}


def _role_suffices(_approval: Approval, _user: User) -> Authority | None:
    return None


def _nothing(_escalation: Escalation, _account: Account, _actor: User | None, _now: datetime) -> None:
    """No effect of its own."""


@dataclass(frozen=True)
class CaseKind:
    """One kind of escalation.

    `checks` are asked when it is raised, approved and carried out. `carry_out` runs in the approval's transaction, with
    people, account and approval locked, and refuses what it can't do. `at_raise` and `when_refused` are effects that
    don't wait for the decision; `when_undone` when it came back, was set aside or nobody decided. A kind that
    `has_own_page` is raised, and corrected, there, not from the list of kinds.
    """

    code: str
    label: str | Promise
    reasons: type[models.TextChoices]
    checks: Callable[[Proposal], list[Check]]
    carry_out: Callable[[Escalation, Account, User, datetime], None]
    consequence: str | Promise
    terms: Callable[[Escalation, Account], dict[str, Any]] = terms_of_case
    authority: Callable[[Approval, User], Authority | None] = _role_suffices
    asks_amount: bool = False
    asks_pay_by: bool = False
    amount_label: str | Promise = ""
    has_own_page: bool = False
    only_in: tuple[str, ...] = ()
    at_raise: Callable[[Escalation, Account, User, datetime], None] = _nothing
    when_refused: Callable[[Escalation, Account, User | None, datetime], None] = _nothing
    when_undone: Callable[[Escalation, Account, User | None, datetime], None] = _nothing

    def is_known_in(self, jurisdiction: str) -> bool:
        """There is such a thing where the account is."""
        return not self.only_in or jurisdiction in self.only_in
