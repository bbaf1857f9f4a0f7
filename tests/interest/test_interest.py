"""Interest: added by the day when a day is closed, frozen by what freezes it, and taken back where it leaked."""

import re
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.foundation.errors import Refused
from accounts.models import HoldKind, InterestTerms, LedgerEntry, Note
from accounts.services.holds import place_hold, release_hold
from accounts.services.interest import accrue_day, lower_interest
from collections_crm.closing.close import close_through
from collections_crm.closing.day import closing_instant
from collections_crm.proof.invariants import INVARIANTS, violators
from tests.factories import NOW, TODAY, again, make_limit, make_portfolio, make_team, make_user, pay, place_account
from tests.support.offers import accepted, offer, plan_terms

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CENT = Decimal("0.01")


def bearing(rate="0.24", owed="1000.00", **fields):
    account = place_account(owed=owed, due="100.00", **fields)
    InterestTerms.objects.create(account=account, yearly_rate=Decimal(rate), from_on=TODAY, reason="placed", set_at=NOW)
    return account


def through(account, days, now=None):
    """The first so many days from today on are closed, one after the other."""
    last = TODAY + (days - 1) * DAY
    close_through(portfolio_id=account.portfolio_id, on=last, now=now or closing_instant(account.portfolio, last))


def added(account):
    return list(LedgerEntry.objects.filter(account=account, source="accrual").order_by("effective_on"))


def exact(days, rate="0.24", principal="1000.00"):
    whole = Decimal(principal) * Decimal(rate) * days / 365
    return whole.quantize(CENT, ROUND_HALF_UP)


def broken():
    return [one.name for one in INVARIANTS if violators(one)]


def test_each_closed_day_adds_its_interest_and_no_cent_is_lost_over_a_quarter():
    account = bearing()
    through(account, 92)

    assert len(added(account)) == 92
    assert again(account).interest == exact(92) == Decimal("60.49")
    assert again(account).balance == Decimal("1060.49")


def test_the_example_in_the_documentation_is_what_happens():
    account = bearing()
    text = (Path(__file__).parents[2] / "docs" / "interest.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", text, re.MULTILINE)
    assert len(rows) == 7
    for day, _exact, entry, total in rows:
        through(account, int(day))
        assert added(account)[-1].amount == Decimal(entry)
        assert again(account).interest == Decimal(total)


def test_a_day_closed_again_or_late_adds_the_same():
    twice, late = bearing(), bearing(portfolio=make_portfolio("AU"))
    for days in range(1, 6):
        through(twice, days)
        through(twice, days)
    pay(late, "300.00", TODAY + 2 * DAY, now=closing_instant(late.portfolio, TODAY + 4 * DAY))
    through(late, 5)

    assert again(twice).interest == exact(5)
    assert [entry.amount for entry in added(late)][:4] == [entry.amount for entry in added(twice)][:4]


def test_the_database_adds_a_day_once_whoever_asks():
    account = bearing()
    through(account, 1)
    InterestTerms.objects.filter(account=account).update(carry=Decimal("5"))

    at = closing_instant(account.portfolio, TODAY)
    assert accrue_day(account_ids=[account.pk], on=TODAY, agreed=[], at=at) == []
    assert len(added(account)) == 1


def test_what_is_paid_bears_nothing_from_its_day_on():
    account = bearing(rate="0.365", jurisdiction="UK")
    through(account, 2)
    # In the United Kingdom money meets the principal first.
    pay(account, "500.00", TODAY + 2 * DAY, now=NOW + 2 * DAY)
    through(account, 4)

    assert [entry.amount for entry in added(account)] == [Decimal("1.00")] * 2 + [Decimal("0.50")] * 2


@pytest.mark.parametrize(
    "kind", ["breathing_space", "mental_health_crisis", "scottish_moratorium", "insolvency", "deceased"]
)
def test_nothing_is_added_while_such_a_hold_stands_and_again_after_it(kind):
    account = bearing(rate="0.365")
    through(account, 1)
    hold = place_hold(kind=kind, account_id=account.pk, actor=None, now=NOW + DAY)
    through(account, 4)
    release_hold(hold_id=hold.pk, reason="matter_ended", actor=None, now=NOW + 4 * DAY)
    through(account, 6)

    days = [(entry.effective_on - TODAY).days for entry in added(account)]
    assert days == [0, 5]
    assert broken() == []


def test_a_moratorium_told_late_takes_back_what_was_charged_since_its_first_day():
    account = bearing(rate="0.365")
    through(account, 5)
    at = NOW + 5 * DAY
    hold = place_hold(kind=HoldKind.BREATHING_SPACE, account_id=account.pk, from_on=TODAY + 2 * DAY, actor=None, now=at)

    account = again(account)
    assert account.interest == Decimal("2.00")
    taken = LedgerEntry.objects.filter(account=account, source="frozen").order_by("effective_on")
    assert [entry.effective_on for entry in taken] == [TODAY + step * DAY for step in (2, 3, 4)]
    assert {entry.reverses.source for entry in taken} == {"accrual"}
    assert hold.review_on == TODAY + 32 * DAY

    # It was wrong: the days stay free, for good.
    release_hold(hold_id=hold.pk, reason="placed_in_error", actor=None, now=at)
    through(account, 7)
    assert again(account).interest == Decimal("3.00")
    assert broken() == []


def test_a_hold_of_another_kind_begins_today_and_freezes_nothing():
    account = bearing(rate="0.365")
    with pytest.raises(Refused, match="begins today"):
        place_hold(kind=HoldKind.DISPUTE, account_id=account.pk, from_on=TODAY - DAY, actor=None, now=NOW)
    place_hold(kind=HoldKind.DISPUTE, account_id=account.pk, actor=None, now=NOW)
    through(account, 1)

    assert again(account).interest == Decimal("1.00")


def test_an_agreement_that_freezes_interest_freezes_it_while_it_is_in_force(team):
    make_limit("manager", plan_max_days=365, plan_min_first_share=0)
    manager, account = make_user("manager", team), bearing(rate="0.365")
    plan = accepted(offer(account, manager, plan_terms(account, 2, freezes_interest=True)), manager)
    last = plan.instalments.get(number=2).judged_on
    through(account, (last - TODAY).days + 1)
    assert again(plan).state == "broken"
    assert again(account).interest == Decimal("0.00")

    through(account, (last - TODAY).days + 3)
    assert again(account).interest == Decimal("2.00")


def test_charged_off_or_closed_it_bears_nothing():
    gone, paid = bearing(rate="0.365", charged_off_on=TODAY), bearing(rate="0.365", owed="10.00")
    pay(paid, "10.00")
    through(gone, 3)

    assert added(gone) == [] == added(paid)


def test_an_advance_has_no_terms_and_no_rate_is_raised_by_sql_either():
    with pytest.raises(DatabaseError, match="its amount is fixed"), transaction.atomic():
        bearing(portfolio=make_portfolio("US", "mca"))
    account = bearing()
    terms = InterestTerms.objects.filter(account=account)
    terms.update(until_on=TODAY)
    with pytest.raises(DatabaseError, match="never raised"), transaction.atomic():
        InterestTerms.objects.create(
            account=account, yearly_rate=Decimal("0.3"), from_on=TODAY + DAY, reason="lowered", set_at=NOW
        )
    with pytest.raises(DatabaseError, match="cannot rewrite"), transaction.atomic():
        terms.update(yearly_rate=Decimal("0.5"))
    with pytest.raises(DatabaseError, match="cannot rewrite"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_interestterms SET until_on = NULL")


def test_finance_lowers_it_from_today_with_a_reason_and_nobody_raises_it(team):
    account, finance = bearing(rate="0.365"), make_user("finance", team)
    through(account, 2)
    now = NOW + 2 * DAY
    lowered = lower_interest(
        account_id=account.pk, yearly_rate=Decimal("0.0365"), why="Agreed.", actor=finance, now=now
    )
    through(account, 4)

    assert lowered.from_on == TODAY + 2 * DAY
    assert again(account).interest == Decimal("2.20")
    assert Note.objects.get(account=account).text == "Agreed."
    for rate, code in [("0.0365", "only be lowered"), ("0.4", "only be lowered")]:
        with pytest.raises(Refused, match=code):
            lower_interest(account_id=account.pk, yearly_rate=Decimal(rate), why="x", actor=finance, now=now + DAY)
    agent = make_user("agent", team)
    with pytest.raises(Refused, match="Finance, compliance"):
        lower_interest(account_id=account.pk, yearly_rate=Decimal(0), why="x", actor=agent, now=now + DAY)
    lower_interest(account_id=account.pk, yearly_rate=Decimal(0), why="Ended.", actor=finance, now=now + 3 * DAY)
    through(account, 9)
    assert again(account).interest == Decimal("2.30")
    assert broken() == []


class Book:
    """An account that bears interest, and beside it what it should come to, worked out by hand."""

    def __init__(self):
        self.account = bearing(rate="0.2999", owed="777.77")
        self.closed, self.owed, self.held = 0, Decimal("777.77"), None
        self.frozen, self.owing = set(), {}

    def day(self, deeds):
        """What happens on one day, before it is closed."""
        for deed in deeds:
            getattr(self, deed)(NOW + len(self.owing) * DAY)
        if self.held:
            self.frozen.add(len(self.owing))
        self.owing[len(self.owing)] = self.owed

    def pay(self, at):
        pay(self.account, "50.00", at.date(), now=at)
        self.owed -= 50

    def space(self, at):
        if not self.held:
            self.held = place_hold(kind="breathing_space", account_id=self.account.pk, actor=None, now=at)

    def free(self, at):
        if self.held:
            release_hold(hold_id=self.held.pk, reason="matter_ended", actor=None, now=at)
            self.held = None
            self.frozen.add(len(self.owing))

    def late(self, at):
        """A moratorium that began some days ago and is over: told and lifted on one day."""
        since = max(TODAY, at.date() - 3 * DAY)
        hold = place_hold(kind="mental_health_crisis", account_id=self.account.pk, from_on=since, actor=None, now=at)
        release_hold(hold_id=hold.pk, reason="matter_ended", actor=None, now=at)
        self.frozen |= set(range((since - TODAY).days, len(self.owing) + 1))

    def close(self):
        through(self.account, len(self.owing))

    @property
    def wanted(self):
        bears = sum((owed for day, owed in self.owing.items() if day not in self.frozen), Decimal(0))
        return bears * Decimal("0.2999") / 365


DAYS = st.lists(st.lists(st.sampled_from(["pay", "space", "free", "late"]), max_size=2), min_size=1, max_size=8)


@settings(max_examples=20, deadline=None)
@given(days=DAYS, close_every=st.integers(1, 4))
def test_whatever_happens_the_sum_is_the_exact_sum_of_the_days_that_bear(days, close_every):
    """Money, moratoria told in time and late, days closed one by one or several at once."""
    with transaction.atomic():
        book = Book()
        for number, deeds in enumerate(days):
            book.day(deeds)
            if number % close_every == 0:
                book.close()
        book.close()

        assert abs(again(book.account).interest - book.wanted) <= CENT
        assert broken() == []
        transaction.set_rollback(True)


def test_the_page_says_the_rate_and_why_it_stands_still(client, team):
    account, finance = bearing(), make_user("finance", team)
    client.force_login(finance)
    page = client.get(f"/accounts/{account.reference}/").content.decode()
    assert "24 % a year" in page
    assert "frozen:" not in page

    place_hold(kind=HoldKind.BREATHING_SPACE, account_id=account.pk, actor=None, now=NOW)
    assert "frozen: breathing space" in client.get(f"/accounts/{account.reference}/").content.decode()


def test_the_form_lowers_it_and_refuses_a_higher_rate_in_words(client, settings):
    settings.FROZEN_NOW = NOW
    account = bearing()
    client.force_login(make_user("finance", make_team(account.portfolio)))
    address = reverse("account-act", args=[account.reference, "interest"])

    refused = client.post(address, {"rate": "30", "note": "No."})
    assert refused.status_code == 422
    assert "it is 24 % now" in refused.content.decode()
    assert client.post(address, {"rate": "12.5", "note": "The lender agreed."}).status_code == 302
    assert InterestTerms.objects.get(account=account, until_on=None).yearly_rate == Decimal("0.125")
