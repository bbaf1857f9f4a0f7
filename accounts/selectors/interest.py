"""What interest does to figures that were agreed or asked for on an earlier day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Max, Min, Sum

from accounts.foundation.days import ONE_DAY
from accounts.foundation.money import ZERO
from accounts.models import Account, InterestTerms
from accounts.services.interest import LEAK, SOURCE


def balance_apart_from(account: Account, since: date) -> Decimal:
    """What is owed but for the interest that was added for days from `since` on: a figure that was agreed on is still
    the same one a day later, and another one when money or a charge came. One query."""
    added = account.ledger.filter(source=SOURCE, effective_on__gte=since).exclude(reversed_by__source=LEAK)
    return account.balance - (added.aggregate(total=Sum("amount"))["total"] or ZERO)


def interest_still_to_come(account: Account, today: date) -> date:
    """The first day whose interest isn't in the balance yet: in the morning yesterday may not be closed. One query."""
    said = account.interest_terms.aggregate(through=Max("through_on"), since=Min("from_on"))
    return said["through"] + ONE_DAY if said["through"] else min(today, said["since"] or today)


def running_rate(account: Account) -> Decimal:
    """The yearly rate that the account bears, zero where none is added to it. One query."""
    if account.charged_off_on or not account.is_open:
        return ZERO
    terms = InterestTerms.objects.filter(account=account, until_on__isnull=True).first()
    return terms.yearly_rate if terms else ZERO
