"""Taking a budget: what a customer has and needs, by the month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.money import ZERO, rounded
from accounts.foundation.users import Role, User
from accounts.models import OWES, Attachment
from accounts.services.accounts import today_of
from accounts.services.door import lock_account_with_people
from arrangements.models import (
    GROUPS,
    PER_MONTH,
    Budget,
    BudgetCategory,
    BudgetGroup,
    BudgetLine,
    BudgetPeriod,
    Household,
)
from arrangements.services import sentences  # noqa: F401 - registers the refusals

# As long as the Standard Financial Statement is taken for: after half a year it is asked anew.
VALID = timedelta(days=182)
TAKERS = frozenset({Role.AGENT, Role.MANAGER, Role.COMPLIANCE})


@dataclass(frozen=True)
class Told:
    """One sum as it was told."""

    category: BudgetCategory
    amount: Decimal
    period: BudgetPeriod

    @property
    def a_month(self) -> Decimal:
        """Not rounded: sums are, once."""
        return self.amount * PER_MONTH[self.period]


@dataclass(frozen=True)
class Sums:
    """A budget by the month, in its currency: each group, and what is left."""

    groups: dict[BudgetGroup, Decimal]

    @property
    def income(self) -> Decimal:
        return self.groups[BudgetGroup.INCOME]

    @property
    def spending(self) -> Decimal:
        return sum((amount for group, amount in self.groups.items() if group != BudgetGroup.INCOME), ZERO)

    @property
    def disposable(self) -> Decimal:
        return self.income - self.spending


def sums_of(told: Iterable[Told], currency: str) -> Sums:
    """Each group by the month, rounded once; nothing told is nothing."""
    lines = list(told)
    return Sums(
        {
            group: rounded(sum((one.a_month for one in lines if one.category in within), ZERO), currency)
            for group, within in GROUPS.items()
        }
    )


@retrying
def take_budget(
    *,
    account_id: int,
    party_id: int,
    household: str,
    told: Sequence[Told],
    actor: User,
    now: datetime,
    evidence_ids: Iterable[int] = (),
) -> Budget:
    """Keep a budget as it was told, with its sums a month; it holds for half a year.

    Refuses other roles, somebody who doesn't owe on the account, a budget that says nothing, and sums below zero.
    """
    account = lock_account_with_people(account_id)
    if actor.role not in TAKERS:
        raise Refused("budget_not_your_role")
    if not account.account_parties.filter(party_id=party_id, role__in=OWES).exists():
        raise Refused("budget_of_a_stranger")
    if household not in Household.values or not told:
        raise Refused("budget_says_nothing")
    if any(one.amount <= 0 for one in told):
        raise Refused("budget_below_zero")
    sums, today = sums_of(told, account.currency), today_of(account, now)
    budget = Budget.objects.create(
        account=account,
        party_id=party_id,
        currency=account.currency,
        household=household,
        made_on=today,
        valid_until=today + VALID,
        income=sums.income,
        spending=sums.spending,
        disposable=sums.disposable,
        taken_by=actor,
        taken_at=now,
    )
    BudgetLine.objects.bulk_create(
        BudgetLine(budget=budget, category=one.category, amount=one.amount, period=one.period) for one in told
    )
    budget.evidence.set(Attachment.objects.filter(account=account, pk__in=list(evidence_ids)))
    record("budget.taken", subject=budget, actor=actor, at=now, codes={"disposable": str(budget.disposable)})
    return budget
