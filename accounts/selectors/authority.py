"""How far somebody may go alone."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from accounts.foundation.users import User
from accounts.models import CREDITOR, AuthorityLimit, Portfolio

# Of a person's limit and the creditor's, the smaller of these counts, and the larger of those.
SMALLER_IS_STRICTER = (
    "promise_max_days", "promise_max_open_breaks", "plan_max_days", "settlement_max_discount", "write_off_max",
)  # fmt: skip
LARGER_IS_STRICTER = ("promise_min_share", "plan_min_first_share")


def limit_of(user: User, portfolio: Portfolio) -> AuthorityLimit:
    """The limits of a person's role for a portfolio: the most particular row, narrowed by the creditor's own.

    Without a row the built-in figures count. What is answered is not to be saved. One query.
    """
    rows = list(
        AuthorityLimit.objects.filter(
            Q(portfolio=None) | Q(portfolio=portfolio),
            Q(product=None) | Q(product=portfolio.product_id),
            jurisdiction__in=["", portfolio.jurisdiction],
            currency__in=["", portfolio.currency],
            role__in=[user.role, CREDITOR],
        )
    )
    own = _most_particular(rows, user.role) or AuthorityLimit(role=user.role)
    creditors = _most_particular(rows, CREDITOR)
    return own if creditors is None else _stricter(own, creditors)


def _most_particular(rows: Iterable[AuthorityLimit], role: str) -> AuthorityLimit | None:
    of_role = [row for row in rows if row.role == role]
    return max(of_role, key=_particular, default=None)


def _particular(row: AuthorityLimit) -> tuple[bool, bool, bool, bool]:
    return row.portfolio_id is not None, row.product_id is not None, bool(row.jurisdiction), bool(row.currency)


def _stricter(own: AuthorityLimit, creditors: AuthorityLimit) -> AuthorityLimit:
    smaller = {name: min(getattr(own, name), getattr(creditors, name)) for name in SMALLER_IS_STRICTER}
    larger = {name: max(getattr(own, name), getattr(creditors, name)) for name in LARGER_IS_STRICTER}
    return AuthorityLimit(role=own.role, **smaller, **larger)
