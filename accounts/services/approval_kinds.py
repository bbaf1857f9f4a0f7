"""What an approval can be about. This floor knows no kinds: the floors above register theirs at the start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import ngettext

from accounts.foundation.approvals import Approval
from accounts.foundation.errors import Refused
from accounts.foundation.users import Role, User
from accounts.selectors.authority import limit_of


@dataclass(frozen=True)
class Check:
    """One automatic check: what it asks, and the refusal that says what is wrong or missing when it doesn't hold."""

    code: str
    label: str | Promise
    refusal: Refused | None = None

    @property
    def holds(self) -> bool:
        return self.refusal is None

    def as_codes(self) -> dict[str, Any]:
        """For keeping: codes and parameters, no words."""
        if self.refusal is None:
            return {"code": self.code, "holds": True}
        params = {name: str(value) for name, value in self.refusal.params.items()}
        return {"code": self.code, "holds": False, "refusal": self.refusal.code, "params": params}


@dataclass(frozen=True)
class Authority:
    """How far a person may go against what is asked.

    `unit` is `amount` (of the account's currency), `share`, `days` (ahead) or `broken` (promises). `at_least`: the
    limit is the least that may be accepted, not the most.
    """

    asked: Decimal
    limit: Decimal
    unit: str = "amount"
    at_least: bool = False

    @property
    def suffices(self) -> bool:
        return self.asked >= self.limit if self.at_least else self.asked <= self.limit

    def in_words(self, figure: Decimal) -> str:
        """`1,240.50`, `12.5 %` of a share, `30 days` or `3 broken promises`."""
        if self.unit == "days":
            return ngettext("%(n)d day ahead", "%(n)d days ahead", int(figure)) % {"n": figure}
        if self.unit == "broken":
            return ngettext("%(n)d broken promise", "%(n)d broken promises", int(figure)) % {"n": figure}
        return f"{figure * 100:.1f} %" if self.unit == "share" else f"{figure:,.2f}"


def _no_checks(_approval: Approval, _now: datetime) -> list[Check]:
    return []


def _same_terms(approval: Approval) -> dict[str, Any]:
    return approval.terms


def _role_suffices(_approval: Approval, _user: User) -> Authority | None:
    return None


def up_to_write_offs(approval: Approval, user: User) -> Authority | None:
    """What is given up of an account, against how much the person may write off there."""
    if approval.account is None or approval.amount is None:
        return None
    return Authority(asked=approval.amount, limit=limit_of(user, approval.account.portfolio).write_off_max)


@dataclass(frozen=True)
class ApprovalKind:
    """Everything that deciding one kind of request needs.

    `executor` does what was approved, in the decision's transaction, with person, account and approval locked; what it
    refuses is kept as a failed execution. `checker` answers the automatic checks as they stand now. `terms_now` reads
    the terms from the subject again: other ones than those asked for void the request. `authority` measures the
    request against a person's limit (None: the role is enough).
    """

    code: str
    label: str | Promise
    executor: Callable[[Approval, User, datetime], None]
    consequence: str | Promise
    checker: Callable[[Approval, datetime], list[Check]] = _no_checks
    terms_now: Callable[[Approval], dict[str, Any]] = _same_terms
    authority: Callable[[Approval, User], Authority | None] = _role_suffices
    deciders: frozenset[str] = field(default_factory=lambda: frozenset({Role.MANAGER}))
    days_open: int = 7


_kinds: dict[str, ApprovalKind] = {}


def register(kind: ApprovalKind) -> None:
    """Make a kind known. Two kinds of one code are a mistake and stop the start."""
    if _kinds.setdefault(kind.code, kind) is not kind:
        raise ValueError(f"two approval kinds {kind.code!r}")


def kind_of(code: str) -> ApprovalKind:
    """The kind with this code. One that nobody registered is a KeyError: the product was started without its floor."""
    return _kinds[code]


def registered() -> list[ApprovalKind]:
    return list(_kinds.values())
