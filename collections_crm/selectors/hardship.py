"""What the page of a hardship case shows, and which cases a person sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from accounts.foundation import days
from accounts.foundation.users import User
from accounts.models import Account
from arrangements.models import Budget, HardshipCase, HardshipState
from arrangements.selectors.budgets import budget_of
from collections_crm.selectors.disputes import Happened, history_of


@dataclass(frozen=True)
class HardshipPage:
    """One case at one instant, on the civil day `on` of its portfolio. `budget`: the one that holds now."""

    case: HardshipCase
    on: date
    budget: Budget | None
    history: list[Happened]

    @property
    def is_late(self) -> bool:
        waits_for_us = self.case.is_undecided or self.case.state in (HardshipState.GRANTED, HardshipState.UNDER_REVIEW)
        return waits_for_us and self.case.due_on < self.on


def visible_hardship(user: User) -> QuerySet[HardshipCase]:
    """The cases of accounts that the user may open."""
    related = ("account__portfolio__product", "party", "reasons", "earlier", "budget", "arrangement", "decided_by")
    return HardshipCase.objects.filter(account__in=Account.objects.visible_to(user)).select_related(*related)


def hardship_page(case: HardshipCase, *, now: datetime) -> HardshipPage:
    """Two queries besides the case's own."""
    on = days.civil_day(now, case.account.portfolio.zone)
    return HardshipPage(case, on, budget_of(case.account, on), history_of(case))
