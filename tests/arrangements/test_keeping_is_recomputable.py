"""Whatever happens in whatever order, the stored states are what a recomputation from money and days says."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Hold, Payment
from accounts.services.payments import clear_payments, record_payment, reverse_payment
from arrangements.models import LIVE
from arrangements.selectors.standings import judged
from arrangements.services.keeping import judge_arrangements
from tests.factories import NOW, again, make_portfolio, make_team, make_user, place_account
from tests.support.promises import cash_posted, promise

acts = st.lists(
    st.one_of(
        st.tuples(st.just("day"), st.integers(1, 4)),
        st.tuples(st.just("pay"), st.tuples(st.integers(1, 4), st.sampled_from(["cash", "direct_debit"]))),
        st.tuples(st.just("dishonour"), st.integers(0, 5)),
        st.tuples(st.just("promise"), st.integers(0, 6)),
    ),
    max_size=9,
)


class Life:
    """One account, lived through act by act."""

    def __init__(self):
        portfolio = make_portfolio("UK")
        self.manager = make_user("manager", make_team(portfolio))
        self.account = place_account(owed="400.00", due="200.00", portfolio=portfolio)
        self.now = NOW

    def day(self, count):
        for _ in range(count):
            closed = self.now.date()
            self.now += timedelta(days=1)
            cash_posted(self.account.portfolio, closed)
            clear_payments(portfolio_id=self.account.portfolio_id, on=closed, now=self.now)
            judge_arrangements(account_ids=[self.account.pk], on=self.now.date(), actor=None, now=self.now)

    def pay(self, how):
        fifties, method = how
        self.now += timedelta(minutes=1)
        record_payment(
            account_id=self.account.pk,
            amount=Decimal(50 * fifties),
            method=method,
            received_on=self.now.date(),
            source="test",
            source_key=self.now.isoformat(),
            actor=None,
            now=self.now,
        )

    def dishonour(self, index):
        self.now += timedelta(minutes=1)
        payments = list(Payment.objects.filter(account=self.account).order_by("pk"))
        if payments:
            chosen = payments[index % len(payments)]
            reverse_payment(
                payment_id=chosen.pk, reason="dishonour", on=self.now.date(), actor=None, now=self.now
            )  # fmt: skip

    def promise(self, in_days):
        self.now += timedelta(minutes=1)
        account = again(self.account)
        if account.is_open and account.balance >= 100:
            promise(account, self.manager, "100.00", in_days, now=self.now)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(acts=acts)
def test_stored_states_equal_a_recomputation_after_anything(acts):
    with transaction.atomic():
        life = Life()
        life.promise(3)
        for name, given_value in acts:
            getattr(life, name)(given_value)
        account = again(life.account)

        for one in judged([account.pk]):
            assert one.arrangement.state == one.state
            assert [i.state for i in one.instalments] == [s.state for s in one.standings]
        live = account.arrangements.filter(state__in=LIVE)
        held = Hold.objects.filter(account=account, kind="arrangement", state="active")
        assert [hold.placed_for_id for hold in held] == [row.pk for row in live]
        assert (account.state == "arranged") == live.exists()
        assert account.balance == sum(account.ledger.values_list("amount", flat=True))
        transaction.set_rollback(True)
