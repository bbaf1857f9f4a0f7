"""What could be agreed on an account, side by side: each with its payments, its worth, and what it needs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from statistics import mode

from django.db.models import Count, Q

from accounts.foundation.errors import Refused
from accounts.foundation.money import ZERO, rounded
from accounts.foundation.users import User
from accounts.models import DAYS_OF_YEAR, Account, Portfolio
from accounts.selectors.askable import Askable, may_be_asked
from accounts.selectors.interest import running_rate
from accounts.services.accounts import today_of
from arrangements.models import Arrangement, ArrangementKind, ArrangementState
from arrangements.schedules.plan import BadTerms, PlanTerms
from arrangements.schedules.rhythms import Rhythm
from arrangements.schedules.worth import present_value
from arrangements.services.agreeing import Terms
from arrangements.services.offer_limits import OfferLimits, offer_limits_for

K, S = ArrangementKind, ArrangementState
# Fewer ended arrangements of a kind than this say nothing about the next one.
ENOUGH_TO_SAY = 20
LOOKED_BACK = timedelta(days=365)
TOKEN_PAYMENTS = 3
# Payments a month of each rhythm: what somebody can afford a week is compared with what they can afford a month.
A_MONTH = {
    Rhythm.ONCE: Decimal(1),
    Rhythm.WEEKLY: Decimal(52) / 12,
    Rhythm.FORTNIGHTLY: Decimal(26) / 12,
    Rhythm.MONTHLY: Decimal(1),
}


@dataclass(frozen=True)
class Wish:
    """What the customer says is possible: so much, so often, from a day on; perhaps something at once, or a sum to
    settle for. `each` or `count` divides the sum; with neither, what they can afford a month does."""

    rhythm: Rhythm
    first_on: date
    each: Decimal = ZERO
    count: int = 0
    down: Decimal = ZERO
    down_on: date | None = None
    pay_days: tuple[int, ...] = ()
    settle_for: Decimal = ZERO
    settle_in: int = 1
    affordable: Decimal = ZERO
    freezes_interest: bool = False

    def each_time(self, currency: str) -> Decimal:
        """What is paid each time: as said, else what is affordable a month in its rhythm, rounded down."""
        if self.each or self.count or not self.affordable or self.rhythm == Rhythm.ONCE:
            return self.each
        return rounded(self.affordable / times_a_month(self.rhythm, self.pay_days), currency, ROUND_DOWN)


def times_a_month(rhythm: Rhythm, pay_days: tuple[int, ...]) -> Decimal:
    return Decimal(len(pay_days)) if rhythm == Rhythm.PAY_DAYS else A_MONTH[rhythm]


@dataclass(frozen=True)
class Alternative:
    """One column. `problem` names the field that makes no schedule; else `terms` are what would be offered.

    `given_up` is what it costs us in all, the interest that stands still (`frozen`) included.
    """

    code: str
    kind: str
    terms: Terms | None = None
    on: date | None = None
    problem: str = ""
    worth: Decimal = ZERO
    given_up: Decimal = ZERO
    frozen: Decimal = ZERO
    kept: Decimal | None = None
    beyond: list[Refused] = field(default_factory=list)
    a_month: Decimal = ZERO
    is_more_than_affordable: bool = False

    @property
    def days(self) -> int:
        return (self.terms.last_on - self.on).days if self.terms and self.on else 0

    @property
    def each(self) -> Decimal:
        """What is paid each time: the sum that comes most often, else the one after a first sum, else the first."""
        amounts = [amount for _day, amount in self.terms.payments] if self.terms else [ZERO]
        often = mode(amounts)
        if amounts.count(often) > 1:
            return often
        return amounts[1] if len(amounts) > 2 else amounts[0]

    @property
    def first(self) -> tuple[date, Decimal]:
        return self.terms.payments[0] if self.terms else (date.min, ZERO)

    @property
    def last(self) -> tuple[date, Decimal]:
        return self.terms.payments[-1] if self.terms else (date.min, ZERO)


@dataclass(frozen=True)
class _Ground:
    account: Account
    on: date
    limits: OfferLimits
    kept: dict[str, Decimal]
    contact_id: int | None
    yearly_rate: Decimal


def alternatives(
    user: User,
    account: Account,
    wish: Wish,
    *,
    now: datetime,
    contact_id: int | None = None,
    asked: Askable | None = None,
) -> list[Alternative]:
    """At most four, those that have a sum to them: what is overdue, all that is owed, a settlement, token payments.

    What is in dispute is left out; while something is, nothing is settled. Amounts in the account's currency, days of
    its portfolio. Three queries, one for what may be asked unless it is given, one for interest that is to stand still.
    """
    on = today_of(account, now)
    wish = replace(wish, each=wish.each_time(account.currency))
    asked = asked or may_be_asked(account)
    limits = offer_limits_for(user, account, on, asked)
    rate = running_rate(account) if wish.freezes_interest else ZERO
    ground = _Ground(account, on, limits, kept_shares(account.portfolio, on), contact_id, rate)
    found = []
    if ZERO < asked.due < asked.balance:
        found.append(_plan(ground, wish, "catch_up", asked.due))
    if asked.balance:
        found.append(_plan(ground, wish, "all", asked.balance))
    if ZERO < wish.settle_for < account.balance and not asked.disputed:
        found.append(_settlement(ground, wish))
    # Payments that make up the whole sum are a plan: a token leaves a rest.
    if ZERO < wish.each * TOKEN_PAYMENTS < asked.balance and wish.rhythm != Rhythm.ONCE:
        found.append(_token(ground, wish))
    return found


def _plan(ground: _Ground, wish: Wish, code: str, total: Decimal) -> Alternative:
    divided = {"each": min(wish.each, total)} if wish.each else {"count": wish.count or 1}
    terms = PlanTerms(
        total=total,
        currency=ground.account.currency,
        rhythm=wish.rhythm,
        first_on=wish.first_on,
        down=wish.down,
        down_on=wish.down_on if wish.down else None,
        pay_days=wish.pay_days,
        **divided,
    )
    return _column(ground, wish, code, K.PLAN, terms)


def _settlement(ground: _Ground, wish: Wish) -> Alternative:
    rhythm = wish.rhythm if wish.settle_in > 1 else Rhythm.ONCE
    terms = PlanTerms(
        total=wish.settle_for,
        currency=ground.account.currency,
        rhythm=rhythm,
        first_on=wish.first_on,
        count=wish.settle_in,
        pay_days=wish.pay_days if rhythm == Rhythm.PAY_DAYS else (),
    )
    return _column(ground, wish, "settle", K.SETTLEMENT, terms, discount=ground.account.balance - wish.settle_for)


def _token(ground: _Ground, wish: Wish) -> Alternative:
    """A few payments of what is possible, while the rest waits: nothing is let go, and it is looked at again after."""
    terms = PlanTerms(
        total=wish.each * TOKEN_PAYMENTS,
        currency=ground.account.currency,
        rhythm=wish.rhythm,
        first_on=wish.first_on,
        each=wish.each,
        pay_days=wish.pay_days,
    )
    return _column(ground, wish, "token", K.TOKEN, terms)


def _column(
    ground: _Ground, wish: Wish, code: str, kind: str, planned: PlanTerms, discount: Decimal = ZERO
) -> Alternative:
    portfolio = ground.account.portfolio
    more = {"contact_id": ground.contact_id, "discount": discount, "freezes_interest": wish.freezes_interest}
    try:
        terms = Terms.planned(kind, planned, portfolio, **more)
    except BadTerms as bad:
        return Alternative(code, kind, problem=bad.field)
    worth = rounded(present_value(terms.payments, rate=portfolio.cost_of_money, on=ground.on), ground.account.currency)
    frozen = _frozen(ground, terms)
    usual = terms.payments[-1][1] if len(terms.payments) == 1 else terms.payments[-2][1]
    a_month = _a_month(planned, usual)
    return Alternative(
        code,
        kind,
        terms,
        on=ground.on,
        worth=worth,
        given_up=terms.amount + discount - worth + frozen,
        frozen=frozen,
        kept=ground.kept.get(kind),
        beyond=ground.limits.beyond(terms),
        a_month=a_month,
        is_more_than_affordable=ZERO < wish.affordable < a_month,
    )


def _frozen(ground: _Ground, terms: Terms) -> Decimal:
    """The interest that would be added until the last payment, were each payment to lower what was lent."""
    left, since, interest = ground.account.principal, ground.on, ZERO
    for day, amount in terms.payments if ground.yearly_rate else ():
        interest += max(ZERO, left) * (day - since).days * ground.yearly_rate / DAYS_OF_YEAR
        left, since = left - amount, day
    return rounded(interest, ground.account.currency)


def _a_month(planned: PlanTerms, each: Decimal) -> Decimal:
    return rounded(each * times_a_month(planned.rhythm, planned.pay_days), planned.currency)


def kept_shares(portfolio: Portfolio, on: date) -> dict[str, Decimal]:
    """By kind, the share of arrangements of the portfolio that were kept among those that ended kept or not in the last
    365 days; a kind of which fewer than 20 ended is left out. One query."""
    since = on - LOOKED_BACK
    ended = Arrangement.objects.filter(
        account__portfolio=portfolio, agreed_on__gt=since, state__in=[S.COMPLETED, S.BROKEN, S.BREACHED]
    )
    rows = ended.order_by().values("kind").annotate(all=Count("pk"), kept=Count("pk", filter=Q(state=S.COMPLETED)))
    return {row["kind"]: Decimal(row["kept"]) / row["all"] for row in rows if row["all"] >= ENOUGH_TO_SAY}
