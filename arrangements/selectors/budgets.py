"""Budgets as they are read: the one that holds, and how it differs from the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.models import Account
from arrangements.models import Budget, BudgetCategory, BudgetGroup, BudgetPeriod
from arrangements.services.budgets import Sums, Told, sums_of


@dataclass(frozen=True)
class GroupLine:
    """One group by the month, and how much more or less than the last time (None: there was none)."""

    group: BudgetGroup
    amount: Decimal
    more: Decimal | None

    @property
    def label(self) -> str:
        return str(self.group.label)

    @property
    def less(self) -> Decimal:
        return -self.more if self.more else Decimal(0)


def budget_of(account: Account, on: date) -> Budget | None:
    """The newest budget of who owes on the account first that still holds on a day. One query."""
    told = Budget.objects.filter(party__account_parties__account=account, party__account_parties__role="primary")
    return told.filter(valid_until__gte=on, currency=account.currency).order_by("-pk").first()


def budget_of_party(party_id: int, currency: str, on: date) -> Budget | None:
    """A party's own newest budget that still holds on a day. One query."""
    return Budget.objects.filter(party_id=party_id, valid_until__gte=on, currency=currency).order_by("-pk").first()


def told_in(budget: Budget) -> list[Told]:
    return [Told(BudgetCategory(row.category), row.amount, BudgetPeriod(row.period)) for row in budget.lines.all()]


def compared(sums: Sums, before: Budget | None) -> list[GroupLine]:
    """Every group, beside what it was in an earlier budget."""
    was = sums_of(told_in(before), before.currency).groups if before else {}
    return [
        GroupLine(group, amount, amount - was[group] if group in was else None) for group, amount in sums.groups.items()
    ]


def before(budget: Budget) -> Budget | None:
    """The same person's last one before it."""
    earlier = Budget.objects.filter(party_id=budget.party_id, currency=budget.currency, pk__lt=budget.pk)
    return earlier.order_by("-pk").first()
