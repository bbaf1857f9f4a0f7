"""What the page of a hardship case shows, and which cases a person sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from accounts.foundation import days
from accounts.foundation.users import User
from accounts.models import Account
from arrangements.models import Budget, HardshipCase, HardshipState
from arrangements.selectors.budgets import budget_of_party
from arrangements.services.hardship_door import WHO_WORKS
from collections_crm.selectors.disputes import Happened, history_of


@dataclass(frozen=True)
class HardshipPage:
    """One case at one instant, on the civil day `on` of its portfolio. `budget`: the one that holds now."""

    case: HardshipCase
    on: date
    budget: Budget | None
    history: list[Happened]

    @property
    def awaits_answer(self) -> bool:
        """The customer may still tell what was asked for: nothing is refused for want of it yet."""
        case = self.case
        asked = case.state == HardshipState.INFORMATION_REQUESTED and case.information_by is not None
        return asked and self.on <= case.information_by

    @property
    def is_late(self) -> bool:
        waits_for_us = self.case.is_undecided or self.case.state in (HardshipState.GRANTED, HardshipState.UNDER_REVIEW)
        return waits_for_us and self.case.due_on < self.on


def visible_hardship(user: User) -> QuerySet[HardshipCase]:
    """The cases of accounts that the user may open; none for who works no cases."""
    if user.role not in WHO_WORKS:
        return HardshipCase.objects.none()
    told = ("reasons", "ending_said", "letter", "earlier", "budget", "arrangement", "decided_by")
    cases = HardshipCase.objects.filter(account__in=Account.objects.visible_to(user)).defer("letter__content")
    return cases.select_related("account__portfolio__product", "party", *told)


def hardship_page(case: HardshipCase, *, now: datetime) -> HardshipPage:
    """Two queries besides the case's own."""
    on = days.civil_day(now, case.account.portfolio.zone)
    return HardshipPage(case, on, budget_of_party(case.party_id, case.account.currency, on), history_of(case))
