"""How far a role may go alone when it takes a promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_UP, Decimal

from accounts.foundation.errors import Refused
from accounts.foundation.money import rounded
from accounts.foundation.users import User
from accounts.models import Account
from accounts.selectors.askable import Askable, may_be_asked
from accounts.selectors.authority import limit_of
from arrangements.models import Arrangement, ArrangementState, Instalment, InstalmentState

BROKEN_WITHIN_DAYS = 90
# Refusals that a manager may lift: the same promise can be asked for.
BEYOND_LIMITS = ("promise_too_far", "promise_too_small", "promise_after_broken_ones")


@dataclass(frozen=True)
class PromiseLimits:
    """What one person may accept on one account today: the last day, the least amount, and whether at all."""

    last_day: date
    least_amount: Decimal
    broken: int
    broken_allowed: int

    def refuse_beyond(self, *, amount: Decimal, due_on: date, currency: str) -> None:
        """Refuses what is beyond the limits; each refusal names the limit and the nearest that is within it."""
        if due_on > self.last_day:
            raise Refused("promise_too_far", last_day=self.last_day)
        if amount < self.least_amount:
            raise Refused("promise_too_small", least=self.least_amount, currency=currency)
        if self.broken > self.broken_allowed:
            raise Refused("promise_after_broken_ones", broken=self.broken, allowed=self.broken_allowed)


def limits_for(user: User, account: Account, on: date) -> PromiseLimits:
    """What the user's role may accept, within what the creditor lets anybody accept and what isn't in dispute."""
    authority = limit_of(user, account.portfolio)
    return PromiseLimits(
        last_day=on + timedelta(days=authority.promise_max_days),
        least_amount=least_of(account, may_be_asked(account), authority.promise_min_share),
        broken=broken_promises(account, on),
        broken_allowed=authority.promise_max_open_breaks,
    )


def least_of(account: Account, asked: Askable, share: Decimal) -> Decimal:
    """A share of what is due and may be asked, rounded up to the cent; no more than may be asked in all."""
    least = (asked.due * share).quantize(Decimal("0.01"), rounding=ROUND_UP)
    return min(rounded(least, account.currency), asked.balance)


def broken_promises(account: Account, on: date) -> int:
    """What was agreed on the account, missed in the last 90 civil days and still stands as broken or breached."""
    since = on - timedelta(days=BROKEN_WITHIN_DAYS)
    missed = Instalment.objects.filter(
        account=account, state__in=[InstalmentState.BROKEN, InstalmentState.PART_KEPT], decided_on__gt=since
    ).values("arrangement_id")
    over = [ArrangementState.BROKEN, ArrangementState.BREACHED]
    return Arrangement.objects.filter(pk__in=missed, state__in=over).count()
