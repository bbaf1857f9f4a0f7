"""How far a role may go alone when it offers a plan or a settlement in payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from accounts.foundation.errors import Refused
from accounts.foundation.money import rounded
from accounts.foundation.users import User
from accounts.models import Account
from accounts.selectors.askable import Askable, may_be_asked
from accounts.selectors.authority import limit_of
from arrangements.models import ArrangementKind
from arrangements.services.agreeing import Terms
from arrangements.services.promise_limits import broken_promises, least_of

# Refusals that a manager may lift: the same offer can be asked for.
BEYOND_OFFER_LIMITS = ("offer_too_long", "offer_starts_too_small", "offer_discount", "offer_after_broken_ones")


@dataclass(frozen=True)
class OfferLimits:
    """What one person may offer on one account today, alone."""

    last_day: date
    least_first: Decimal
    most_discount: Decimal
    broken: int
    broken_allowed: int
    currency: str

    def beyond(self, terms: Terms) -> list[Refused]:
        """Everything about the terms that needs somebody else, each naming its limit; nothing when all is within."""
        found = []
        if terms.last_on > self.last_day:
            found.append(Refused("offer_too_long", last_day=self.last_day))
        if self.asks_first(terms) and terms.payments[0][1] < self.least_first:
            found.append(Refused("offer_starts_too_small", least=self.least_first, currency=self.currency))
        if terms.discount > self.most_discount:
            found.append(Refused("offer_discount", most=self.most_discount, currency=self.currency))
        if self.broken > self.broken_allowed:
            found.append(Refused("offer_after_broken_ones", broken=self.broken, allowed=self.broken_allowed))
        return found

    def asks_first(self, terms: Terms) -> bool:
        """Token payments are small by their nature, and a settlement is measured by what it lets go."""
        return terms.kind == ArrangementKind.PLAN


def offer_limits_for(user: User, account: Account, on: date, asked: Askable | None = None) -> OfferLimits:
    """The limits of the user's role on the account, within the creditor's. Two queries, and one for what may be asked
    unless it is given."""
    limit = limit_of(user, account.portfolio)
    return OfferLimits(
        last_day=on + timedelta(days=limit.plan_max_days),
        least_first=least_of(account, asked or may_be_asked(account), limit.plan_min_first_share),
        most_discount=rounded(account.balance * limit.settlement_max_discount, account.currency),
        broken=broken_promises(account, on),
        broken_allowed=limit.promise_max_open_breaks,
        currency=account.currency,
    )
