"""What a short-term loan may cost in all where it is, and what was charged for it so far."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, Sum

from accounts.foundation.money import ZERO, rounded
from accounts.models import DAYS_OF_YEAR, Account, LedgerEntry, Origin, Portfolio, ProductKind

CHARGED = ("opening", "interest", "fee", "cost")


@dataclass(frozen=True)
class CostCap:
    """`share` of what was lent is the most that interest, fees and charges may come to, by the rule named; `a_day` is
    the most interest of one day, as a share of the principal."""

    share: Decimal
    source: str
    a_day: Decimal

    @property
    def yearly_rate(self) -> Decimal:
        return self.a_day * DAYS_OF_YEAR


CAPS = {
    ("UK", ProductKind.PAYDAY): CostCap(Decimal(1), "CONC 5A.2.3R", Decimal("0.008")),
    # A small amount credit contract may recover at most twice what was lent, the loan itself included; it has fees of
    # its own and bears no interest (National Credit Code s31A).
    ("AU", ProductKind.PAYDAY): CostCap(Decimal(1), "National Credit Code s39B", Decimal(0)),
}


@dataclass(frozen=True)
class TotalCost:
    """Amounts in the account's currency. `charged` knows what the creditor's file opened with and what was added since;
    what was paid before is not in it."""

    charged: Decimal
    most: Decimal
    source: str

    @property
    def room(self) -> Decimal:
        return max(ZERO, self.most - self.charged)


def cap_in(portfolio: Portfolio) -> CostCap | None:
    """The cap of the portfolio's product where it is; none where none is held here."""
    return CAPS.get((portfolio.jurisdiction, ProductKind(portfolio.product.kind)))


def cap_of(account: Account) -> CostCap | None:
    return cap_in(account.portfolio)


def cost_of(account: Account) -> TotalCost | None:
    """None where no cap is held here, or where nobody said what was lent. Two queries."""
    cap = cap_of(account)
    origin = Origin.objects.filter(account=account).first() if cap else None
    if cap is None or origin is None or not origin.lent:
        return None
    own = LedgerEntry.objects.filter(Q(kind__in=CHARGED) | Q(reverses__kind__in=CHARGED), account=account)
    charged = own.aggregate(all=Sum(F("interest") + F("fees") + F("costs")))["all"] or ZERO
    return TotalCost(charged, rounded(origin.lent * cap.share, account.currency), cap.source)


def at_their_cap(account_ids: list[int]) -> list[int]:
    """Accounts that may be charged nothing more, for as much as the law allows was charged."""
    capped = Account.objects.filter(pk__any=account_ids, portfolio__product__kind=ProductKind.PAYDAY)
    found = capped.filter(portfolio__jurisdiction__in=[place for place, _kind in CAPS])
    costs = {account.pk: cost_of(account) for account in found.select_related("portfolio__product")}
    # A day's interest of such a loan is less than a hundredth of what was lent.
    return [pk for pk, cost in costs.items() if cost and cost.room < cost.most / 100]
