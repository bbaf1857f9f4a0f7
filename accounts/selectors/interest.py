"""What interest does to figures that were agreed or asked for on an earlier day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Sum

from accounts.foundation.money import ZERO
from accounts.models import Account
from accounts.services.interest import LEAK, SOURCE


def balance_apart_from(account: Account, since: date) -> Decimal:
    """What is owed but for the interest that was added for days from `since` on: a figure that was agreed on that day
    is still the same one the day after, and another one when money or a charge came. One query."""
    added = account.ledger.filter(source=SOURCE, effective_on__gte=since).exclude(reversed_by__source=LEAK)
    return account.balance - (added.aggregate(total=Sum("amount"))["total"] or ZERO)
