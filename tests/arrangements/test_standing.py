"""The pure rules of keeping, as examples and as properties."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from arrangements.models import ArrangementState, InstalmentState
from arrangements.services.standing import Money, Promised, Standing, stand, stand_together

I = InstalmentState  # noqa: E741
DAY = date(2026, 11, 20)
GRACE = DAY + timedelta(days=3)


def one(amount="100.00"):
    return [Promised(1, DAY, GRACE, Decimal(amount))]


def paid(amount="100.00", on=DAY, **fields):
    return Money(on, Decimal(amount), **fields)


def state(promised, *money, through=None, **options):
    return stand(promised, money, posted_through=through, **options)[0].state


def test_enough_money_keeps_it_provisionally_and_cleared_money_finally():
    assert state(one(), paid()) == I.KEPT_PROVISIONALLY
    assert state(one(), paid(cleared=True)) == I.KEPT


def test_nothing_is_judged_before_the_cash_of_its_last_day_is_posted():
    assert state(one(), through=DAY - timedelta(days=1)) == I.SCHEDULED
    assert state(one(), through=DAY) == I.DUE
    assert state(one(), through=GRACE - timedelta(days=1)) == I.DUE
    assert state(one(), through=GRACE) == I.BROKEN


def test_too_little_keeps_it_in_part_unless_the_tolerance_covers_it():
    assert state(one(), paid("99.00"), through=GRACE) == I.PART_KEPT
    assert state(one(), paid("99.00"), through=GRACE, tolerance=Decimal("1.00")) == I.KEPT_PROVISIONALLY


def test_late_money_keeps_it_and_the_day_says_that_it_was_late():
    standing = stand(one(), [paid(on=GRACE + timedelta(days=4))], posted_through=GRACE + timedelta(days=9))[0]

    assert standing.state == I.KEPT_PROVISIONALLY
    assert standing.decided_on > GRACE


def test_money_taken_back_makes_it_due_again_or_broken():
    gone = paid(on=DAY - timedelta(days=5), taken_back=True)

    assert state(one(), gone, through=DAY - timedelta(days=2)) == I.DUE
    assert state(one(), gone, through=GRACE) == I.BROKEN


def test_money_meets_the_oldest_instalment_first():
    two = [*one(), Promised(2, DAY + timedelta(days=7), GRACE + timedelta(days=7), Decimal("50.00"))]

    assert [s.state for s in stand(two, [paid("120.00")], posted_through=GRACE + timedelta(days=7))] == [
        I.KEPT_PROVISIONALLY,
        I.PART_KEPT,
    ]


def test_a_settlement_that_loses_its_money_after_its_day_is_breached_for_good():
    assert (
        stand_together([Standing(I.BROKEN, GRACE)], kind="settlement", was=ArrangementState.COMPLETED)
        == ArrangementState.BREACHED
    )
    assert (
        stand_together([Standing(I.BROKEN, GRACE)], kind="promise", was=ArrangementState.COMPLETED)
        == ArrangementState.BROKEN
    )
    assert (
        stand_together([Standing(I.KEPT, DAY)], kind="settlement", was=ArrangementState.BREACHED)
        == ArrangementState.BREACHED
    )


amounts = st.integers(1, 40_000).map(lambda cents: Decimal(cents) / 100)
days = st.integers(-3, 30).map(lambda n: DAY + timedelta(days=n))
flows = st.lists(st.builds(Money, days, amounts, cleared=st.booleans(), taken_back=st.booleans()), max_size=8)


@given(amount=amounts, money=flows, through=days)
def test_more_money_never_makes_it_stand_worse(amount, money, through):
    rank = {I.SCHEDULED: 0, I.BROKEN: 0, I.DUE: 0, I.PART_KEPT: 1, I.KEPT_PROVISIONALLY: 2, I.KEPT: 3}
    promised = [Promised(1, DAY, GRACE, amount)]

    before = stand(promised, money, posted_through=through)[0].state
    after = stand(promised, [*money, Money(DAY, amount, cleared=True)], posted_through=through)[0].state

    assert rank[after] >= rank[before]
    assert after == I.KEPT


@given(amount=amounts, money=flows, through=days)
def test_an_instalment_is_open_only_while_it_can_still_be_kept_in_time(amount, money, through):
    standing = stand([Promised(1, DAY, GRACE, amount)], money, posted_through=through)[0]

    is_open = standing.state in (I.SCHEDULED, I.DUE)
    live = sum((m.amount for m in money if not m.taken_back), Decimal(0))
    assert is_open == (through < GRACE and live < amount)
    assert (standing.decided_on is None) == is_open


@given(amount=amounts, money=flows, through=days, later=st.integers(0, 30))
def test_a_broken_one_stays_broken_as_days_go_by(amount, money, through, later):
    promised = [Promised(1, DAY, GRACE, amount)]
    before = stand(promised, money, posted_through=through)[0]

    after = stand(promised, money, posted_through=through + timedelta(days=later))[0]

    if before.state in (I.BROKEN, I.PART_KEPT):
        assert after == before
