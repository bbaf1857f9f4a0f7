"""Every kind of arrangement on every product in every jurisdiction, from the first word to its end, day by day as the
closing goes through them: kept, missed and caught up, missed for good, and paid with money that comes back."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Hold
from accounts.services.payments import reverse_payment
from arrangements.models import ArrangementKind
from arrangements.schedules.rhythms import Rhythm
from collections_crm.closing.close import close_through
from collections_crm.closing.day import closing_instant
from collections_crm.proof.recomputed import misjudged
from tests.factories import (
    NOW,
    PLACES,
    TODAY,
    again,
    make_limit,
    make_portfolio,
    make_team,
    make_user,
    pay,
    place_account,
)
from tests.support.offers import accepted, offer, plan_terms, settlement_terms
from tests.support.promises import promise

pytestmark = pytest.mark.django_db

PLACES_AND_PRODUCTS = [(place, product) for place in PLACES for product in ("loan", "payday", "mca")]
# How each kind is agreed on an account that owes 1,200 and is behind by 400, and what is paid when.
RHYTHMS = [Rhythm.WEEKLY, Rhythm.FORTNIGHTLY, Rhythm.MONTHLY]


class Story:
    """One account, what was agreed on it, and the days that pass."""

    def __init__(self, place, product):
        self.portfolio = make_portfolio(place, product)
        make_limit("manager", plan_max_days=400, plan_min_first_share=0, settlement_max_discount="0.5")
        make_limit("creditor", plan_max_days=400, plan_min_first_share=0, settlement_max_discount="0.5")
        self.manager = make_user("manager", make_team(self.portfolio))
        self.account = place_account(portfolio=self.portfolio)

    def agree(self, kind, rhythm=Rhythm.WEEKLY, payments=2):
        """What the customer and we settle on today, by the way that its kind goes."""
        if kind == ArrangementKind.PROMISE:
            self.agreed = promise(self.account, self.manager, "400.00", 5)
        else:
            self.agreed = accepted(offer(self.account, self.manager, self._terms(kind, rhythm, payments)), self.manager)
        return self

    def _terms(self, kind, rhythm, payments):
        if kind == ArrangementKind.SETTLEMENT:
            return settlement_terms(self.account, "800.00", 2, rhythm=rhythm)
        if kind == ArrangementKind.TOKEN:
            return plan_terms(self.account, payments, total="60.00", kind=kind, rhythm=rhythm)
        return plan_terms(self.account, payments, rhythm=rhythm)

    @property
    def payments(self):
        return list(self.agreed.instalments.order_by("number"))

    def pays(self, instalment, method="transfer"):
        return pay(
            self.account, str(instalment.amount), instalment.due_on, method=method, now=self._at(instalment.due_on)
        )

    def _at(self, day):
        return NOW + (day - TODAY)

    def through(self, day):
        """The days up to this one are closed, each after its cash is in."""
        close_through(portfolio_id=self.portfolio.pk, on=day, now=closing_instant(self.portfolio, day))
        return self

    def now(self):
        """Where account, agreement and its payments stand."""
        return again(self.account).state, again(self.agreed).state, [row.state for row in self.payments]

    def is_chased(self):
        """Nothing agreed keeps demands away any more."""
        return not Hold.objects.filter(account=self.account, kind="arrangement").exclude(state="released").exists()


KINDS = [ArrangementKind.PROMISE, ArrangementKind.PLAN, ArrangementKind.SETTLEMENT, ArrangementKind.TOKEN]
everywhere = pytest.mark.parametrize(("place", "product"), PLACES_AND_PRODUCTS, ids=lambda one: str(one))
each_kind = pytest.mark.parametrize("kind", KINDS, ids=str)
ENDS = {
    ArrangementKind.PROMISE: ("active", Decimal("800.00")),
    ArrangementKind.PLAN: ("paid", Decimal("0.00")),
    ArrangementKind.SETTLEMENT: ("settled", Decimal("0.00")),
    ArrangementKind.TOKEN: ("active", Decimal("1140.00")),
}


@everywhere
@each_kind
def test_kept_to_the_end_nobody_is_chased_until_the_last_money_comes_back(place, product, kind):
    story = Story(place, product).agree(kind)
    for instalment in story.payments:
        assert story.now()[:2] == ("arranged", "active")
        assert not story.is_chased()
        last = story.pays(instalment)
        story.through(instalment.judged_on)

    state, agreed, payments = story.now()
    assert (state, again(story.account).balance) == ENDS[kind]
    assert (agreed, set(payments)) == ("completed", {"kept"})
    assert story.is_chased()
    assert misjudged(NOW) == []

    back_on = story.payments[-1].judged_on + timedelta(days=3)
    at = NOW + (back_on - TODAY)
    reverse_payment(payment_id=last.pk, reason="dishonour", on=back_on, actor=None, now=at)

    lost = {"promise": "broken", "plan": "active", "settlement": "breached", "token": "active"}
    assert story.now()[1] == lost[kind]
    assert again(story.account).is_open
    # What a settlement let go is owed again with it.
    let_go = Decimal("400.00") if kind == ArrangementKind.SETTLEMENT else Decimal("0.00")
    assert again(story.account).balance == ENDS[kind][1] + last.amount + let_go
    assert misjudged(NOW) == []


@everywhere
@each_kind
def test_never_paid_it_is_broken_on_its_day_and_late_money_puts_it_right(place, product, kind):
    story = Story(place, product).agree(kind, payments=3)
    first = story.payments[0]
    story.through(first.judged_on - timedelta(days=1))
    assert story.now()[1] == "active"

    story.through(first.judged_on)
    survives = kind in (ArrangementKind.PLAN, ArrangementKind.TOKEN)
    assert story.now()[1] == ("active" if survives else "broken")
    assert story.payments[0].state == "broken"
    assert again(story.account).next_kind == "act"
    assert again(story.account).next_on == first.judged_on + timedelta(days=1)

    last = story.payments[1].judged_on if survives else first.judged_on
    story.through(last)
    assert story.now()[:2] == ("active", "broken")
    assert story.is_chased()
    assert again(story.account).balance == Decimal("1200.00")

    late = last + timedelta(days=1)
    missed = sum(row.amount for row in story.payments if row.judged_on <= last)
    pay(story.account, str(missed), late, now=NOW + (late - TODAY))
    assert story.now()[1] == ("completed" if kind == ArrangementKind.PROMISE else "active")
    assert again(story.agreed).times_reopened == 1
    assert misjudged(NOW) == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("rhythm", RHYTHMS, ids=str)
def test_a_plan_in_any_rhythm_asks_for_all_that_is_owed_on_days_that_are_open(place, rhythm):
    story = Story(place, "loan").agree(ArrangementKind.PLAN, rhythm, payments=4)

    assert sum(row.amount for row in story.payments) == again(story.account).balance
    days = [row.due_on for row in story.payments]
    assert days == sorted(set(days))
    assert all(day.weekday() < 5 for day in days)
