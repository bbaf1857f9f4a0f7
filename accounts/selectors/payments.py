"""Payments as finance looks for them, and what posting or taking one back would do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.foundation import days
from accounts.foundation.money import ZERO
from accounts.foundation.users import User
from accounts.models import Account, AccountState, EntryKind, Payment, PaymentState
from accounts.selectors.askable import may_be_asked

FOUND_AT_MOST = 100


def payments_of(user: User) -> QuerySet[Payment]:
    """Every payment on an account that the user may see."""
    return Payment.objects.filter(account__in=Account.objects.visible_to(user)).select_related("account")


def find_payments(user: User, words: str) -> list[Payment]:
    """Payments whose account or bank reference begins with the words, newest first, a hundred at most."""
    wanted = words.strip()
    found = payments_of(user).filter(
        Q(account__reference__istartswith=wanted)
        | Q(account__external_reference__istartswith=wanted)
        | Q(reference__istartswith=wanted)
    )
    return list(found.order_by("-received_on", "-id")[:FOUND_AT_MOST])


@dataclass(frozen=True)
class Effect:
    """What is owed before and after money comes or goes, in the account's currency."""

    account: Account
    before: Decimal
    after: Decimal
    recovered: Decimal = ZERO

    @property
    def overpaid(self) -> Decimal:
        return max(ZERO, -self.after)

    @property
    def far_too_much(self) -> bool:
        """More than twice what is owed: rather a slip of the keyboard than a payment."""
        return self.before - self.after > 2 * max(ZERO, self.before)

    @property
    def closes(self) -> bool:
        return self.account.is_open and self.after <= 0

    @property
    def reopens(self) -> bool:
        return self.account.state in ("paid", "settled") and self.after > 0


def payments_alike(
    account: Account, *, amount: Decimal, method: str, received_on: date, other_than: str
) -> list[Payment]:
    """Standing payments of the same account, amount, day and method, but the one of that source key: perhaps this very
    money, posted before."""
    same = account.payments.filter(amount=amount, method=method, received_on=received_on)
    return list(same.exclude(state=PaymentState.REVERSED).exclude(source_key=other_than).order_by("pk"))


def goes_to_disputed(account: Account, amount: Decimal) -> Decimal:
    """How much of the money would meet what is in dispute: only what is left when the rest is paid.

    It goes there only when the customer said so (12 CFR 1006.30(c)).
    """
    asked = may_be_asked(account)
    return min(asked.disputed, max(ZERO, amount - asked.balance))


def effect_of_posting(account: Account, amount: Decimal) -> Effect:
    recovered = min(amount, written_off_left(account)) if account.state == AccountState.WRITTEN_OFF else ZERO
    return Effect(account, account.balance, account.balance + recovered - amount, recovered)


def written_off_left(account: Account) -> Decimal:
    """What was written off and not recovered since."""
    return _taken_off(account, EntryKind.WRITE_OFF, EntryKind.RECOVERY)


def let_go(account: Account) -> Decimal:
    """What nobody asks for any more though nobody paid it: written off and not recovered, or let go in a settlement."""
    return _taken_off(account, EntryKind.WRITE_OFF, EntryKind.RECOVERY, EntryKind.DISCOUNT)


def _taken_off(account: Account, *kinds: str) -> Decimal:
    return max(ZERO, -(account.ledger.filter(kind__in=kinds).aggregate(sum=Sum("amount"))["sum"] or ZERO))


def balance_on(account: Account, on: date) -> Decimal:
    """What was owed at the end of a civil day of the portfolio, as it was known then."""
    known = account.ledger.filter(recorded_at__lt=days.start_of(on + timedelta(days=1), account.portfolio.zone))
    return known.aggregate(sum=Sum("amount"))["sum"] or ZERO


def paid_in_all(account: Account) -> Decimal:
    """The payments that stand, cleared or not."""
    standing = account.payments.filter(state__in=[PaymentState.POSTED, PaymentState.CLEARED])
    return standing.aggregate(sum=Sum("amount"))["sum"] or ZERO


def effect_of_reversing(payment: Payment) -> Effect:
    """For a payment on an account: one that stands in suspense has no effect to show."""
    account = payment.account
    if account is None:
        raise ValueError(f"payment {payment.pk} is on no account")
    return Effect(account, account.balance, account.balance + payment.amount)


@dataclass(frozen=True)
class Part:
    """How much of a payment went to one part of the balance."""

    name: str
    amount: Decimal


def parts_of(payment: Payment) -> list[Part]:
    """What the payment was set against, in the order in which an account tells them; none before it is posted."""
    entry, account = payment.entry, payment.account
    if entry is None or account is None:
        return []
    named = [
        (_("Purchased amount") if account.portfolio.product.is_advance else _("Principal"), entry.principal),
        (_("Interest"), entry.interest),
        (_("Fees"), entry.fees),
        (_("Costs"), entry.costs),
    ]
    return [Part(name, -amount) for name, amount in named if amount]


def may_be_reversed(payment: Payment) -> bool:
    return payment.state in (PaymentState.POSTED, PaymentState.CLEARED)
