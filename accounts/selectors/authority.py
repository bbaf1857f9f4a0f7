"""How far somebody may go alone."""

from __future__ import annotations

from accounts.foundation.users import User
from accounts.models import AuthorityLimit


def limit_of(user: User, portfolio_id: int) -> AuthorityLimit:
    """The limits of a person's role for a portfolio: its own, else the general ones, else none at all."""
    limits = AuthorityLimit.objects.filter(role=user.role)
    own = limits.filter(portfolio_id=portfolio_id).first()
    return own or limits.filter(portfolio=None).first() or AuthorityLimit(role=user.role)
