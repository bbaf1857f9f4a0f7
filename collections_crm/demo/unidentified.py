"""Money that came without a name that anybody could use: some of it finds its account by what the bank wrote."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.foundation.days import civil_day
from accounts.models import Account, AccountState
from accounts.services.suspense import take_unidentified

# By portfolio: how many days ago, by which method, and what the bank wrote; `{reference}` is an account's of that book,
# whose due amount came.
CAME = [
    ("uk-loans", 2, "transfer", "FASTER PAYMENT {reference} THANKS"),
    ("mx-loans", 1, "transfer", "SPEI ABONO A PRESTAMO"),
    ("us-loans", 12, "cheque", "CHECK 1042 LOCKBOX 7"),
    ("au-loans", 36, "cash", "BRANCH DEPOSIT"),
]


def leave_in_suspense(*, now: datetime) -> None:
    for place, (code, ago, method, wrote) in enumerate(CAME):
        owing = Account.objects.filter(portfolio__code=code, state=AccountState.ACTIVE, due_now__gt=0)
        if account := owing.select_related("portfolio").order_by("-pk").first():
            take_unidentified(
                amount=account.due_now,
                currency=account.currency,
                method=method,
                received_on=civil_day(now, account.portfolio.zone) - timedelta(days=ago),
                reference=wrote.format(reference=account.external_reference),
                source="demo",
                source_key=f"suspense {place}",
                actor=None,
                now=now,
            )
