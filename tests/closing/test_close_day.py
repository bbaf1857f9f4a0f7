"""Closing a civil day: when it may be, what each step does, and that it is done once."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.foundation.errors import Refused
from accounts.foundation.runs import Run
from accounts.models import Portfolio
from accounts.services.holds import place_hold
from accounts.services.next_step import set_next
from collections_crm.closing import steps
from collections_crm.closing.close import LOCK_SPACE, close_ended_days, close_through
from collections_crm.closing.day import closing_instant, last_ended
from tests.factories import NOW, TODAY, again, make_portfolio, pay, place_account
from tests.support.promises import promise, state_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def uk(db):
    return make_portfolio("UK")


def close(portfolio, on=TODAY):
    return close_through(portfolio_id=portfolio.pk, on=on, now=closing_instant(portfolio, on))[-1]


def test_a_day_ends_where_the_portfolio_is(db):
    sydney, monterrey = make_portfolio("AU"), make_portfolio("MX")
    at = datetime(2026, 11, 18, 20, 0, tzinfo=UTC)  # the 19th, 07:00 in Sydney; the 18th, 14:00 in Monterrey

    assert last_ended(sydney, at) == date(2026, 11, 18)
    assert last_ended(monterrey, at) == date(2026, 11, 17)


def test_the_closing_instant_follows_the_clocks_that_change(uk):
    assert closing_instant(uk, date(2026, 10, 23)) == datetime(2026, 10, 24, 5, 0, tzinfo=UTC)
    assert closing_instant(uk, date(2026, 10, 24)) == datetime(2026, 10, 25, 6, 0, tzinfo=UTC)


def test_a_day_that_somebody_else_is_closing_is_left_to_them(uk):
    at = closing_instant(uk, TODAY)
    other = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
    try:
        other.cursor().execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_SPACE, uk.pk])

        with pytest.raises(Refused) as refusal:
            close_through(portfolio_id=uk.pk, on=TODAY, now=at)
        assert uk.code not in [run.scope for run in close_ended_days(now=at)]
    finally:
        other.close()

    assert refusal.value.code == "day_being_closed"
    assert again(uk).closed_through == TODAY - timedelta(days=1)


def test_a_day_whose_cash_can_still_come_is_refused(uk):
    with pytest.raises(Refused) as refusal:
        close_through(portfolio_id=uk.pk, on=TODAY, now=closing_instant(uk, TODAY) - timedelta(minutes=1))

    assert refusal.value.code == "day_not_over"
    assert again(uk).closed_through == TODAY - timedelta(days=1)


def test_missed_days_are_closed_one_by_one(uk):
    through = TODAY + timedelta(days=2)

    runs = close_through(portfolio_id=uk.pk, on=through, now=closing_instant(uk, through))

    assert [run.period for run in runs] == ["2026-11-18", "2026-11-19", "2026-11-20"]
    assert again(uk).closed_through == again(uk).cash_posted_through == through


def test_a_day_closed_already_is_answered_and_nothing_is_written(uk, django_assert_num_queries):
    run = close(uk)

    with django_assert_num_queries(2):
        answered = close_through(portfolio_id=uk.pk, on=TODAY, now=NOW + timedelta(days=30))

    assert answered == [run]
    assert Run.objects.filter(job="close_day").count() == 1


def test_a_day_from_before_the_first_closing_is_refused(uk):
    with pytest.raises(Refused) as refusal:
        close_through(portfolio_id=uk.pk, on=TODAY - timedelta(days=9), now=NOW)

    assert refusal.value.code == "day_before_the_first"


def test_an_interrupted_closing_goes_on_where_it_stopped(uk, agent, monkeypatch):
    account = place_account(portfolio=uk)
    set_next(account=account, kind="callback", on=TODAY, reason="asked", actor=agent, now=NOW)
    names = [name for name, _step in steps.STEPS]

    def crash(day, after):
        raise KeyboardInterrupt

    at = names.index("holds")
    monkeypatch.setattr(steps, "STEPS", [*steps.STEPS[:at], ("holds", crash), *steps.STEPS[at + 1 :]])
    with pytest.raises(KeyboardInterrupt):
        close(uk)
    assert (again(uk).closed_through, Run.objects.get(job="close_day").step) == (TODAY - timedelta(days=1), "reminders")
    monkeypatch.undo()

    run = close(uk)

    assert run.ended_at is not None
    assert run.counts["callbacks"] == {"missed": 1}
    assert again(account).next_kind == "act"


def test_what_falls_due_tomorrow_is_due_when_the_day_begins(uk):
    account = place_account(owed="1200.00", due="400.00", days_late=30, portfolio=uk)
    account.due_items.create(due_on=TODAY + timedelta(days=1), amount="150.00")

    run = close(uk)

    account = again(account)
    assert (account.due_now, account.bucket) == (550, 2)
    assert run.counts["due_items_and_buckets"] == {"due_items": 1, "accounts": 1}


def test_an_account_whose_bucket_stays_is_not_written(uk):
    place_account(days_late=40, portfolio=uk)

    assert close(uk).counts["due_items_and_buckets"]["accounts"] == 0


def test_promises_are_judged_when_their_grace_is_over(uk, agent):
    made = promise(place_account(portfolio=uk), agent, in_days=0)

    close(uk)
    assert state_of(made) == ("active", "due")
    run = close(uk, TODAY + timedelta(days=1))

    assert state_of(made) == ("broken", "broken")
    assert run.counts["promises"] == {"instalment.fall_through": 1, "arrangement.fall_through": 1}


def test_money_clears_before_promises_are_judged(uk, agent):
    account = place_account(portfolio=uk)
    made = promise(account, agent, in_days=0)
    pay(account, "200.00", method="direct_debit")

    close(uk, TODAY + timedelta(days=5))

    assert state_of(made) == ("completed", "kept")


def test_a_hold_that_reaches_its_date_keeps_forbidding_and_becomes_a_review(uk, agent):
    account = place_account(portfolio=uk)
    hold = place_hold(kind="dispute", account_id=account.pk, review_on=TODAY + timedelta(days=1), actor=agent, now=NOW)

    run = close(uk)

    assert again(hold).state == "review_due"
    assert again(hold).forbids("demand")
    assert again(account).next_kind == "review_hold"
    assert run.counts["holds"] == {"to_review": 1, "lifted": 0}


def test_a_pause_lifts_by_its_date_and_gives_the_next_step_back(uk, agent):
    account = place_account(portfolio=uk)
    hold = place_hold(kind="pause", account_id=account.pk, review_on=TODAY + timedelta(days=1), actor=agent, now=NOW)

    close(uk)

    assert again(hold).state == "released"
    assert (again(account).next_kind, again(account).next_on) == ("act", TODAY + timedelta(days=1))


def test_a_hold_on_a_person_of_two_portfolios_is_reviewed_once(uk, agent):
    us = make_portfolio("US")
    account = place_account(portfolio=uk)
    party = account.parties.get()
    place_account(portfolio=us, party=party)
    hold = place_hold(kind="hardship", party_id=party.pk, review_on=TODAY + timedelta(days=1), actor=agent, now=NOW)

    of_us, of_uk = close(us), close(uk)

    assert again(hold).state == "review_due"
    assert of_us.counts["holds"]["to_review"] == 0
    assert of_uk.counts["holds"]["to_review"] == 1


def test_the_hold_of_a_live_promise_does_not_lift_by_its_date(uk, agent):
    account = place_account(portfolio=uk)
    made = promise(account, agent, in_days=0)
    pay(account, "200.00", method="cheque")

    for ahead in range(4):
        close(uk, TODAY + timedelta(days=ahead))

    assert state_of(made) == ("active", "kept_provisionally")
    assert account.holds.get(kind="arrangement").state == "active"


def test_a_callback_that_nobody_made_is_acted_on_first_thing(uk, agent):
    account = place_account(portfolio=uk)
    set_next(account=account, kind="callback", on=TODAY, at=NOW, reason="asked", actor=agent, now=NOW)

    close(uk)

    account = again(account)
    assert (account.next_kind, account.next_on, account.next_at) == ("act", TODAY + timedelta(days=1), None)
    assert account.follow_ups.filter(ended_at=None).get().reason == "callback_missed"


def test_everything_written_is_dated_with_the_day_and_not_with_the_run(uk, agent):
    account = place_account(portfolio=uk)
    set_next(account=account, kind="callback", on=TODAY, reason="asked", actor=agent, now=NOW)

    close_through(portfolio_id=uk.pk, on=TODAY, now=NOW + timedelta(days=3))

    assert account.follow_ups.get(ended_at=None).set_at == closing_instant(uk, TODAY)


def test_all_portfolios_are_closed_in_the_order_in_which_their_days_end(db):
    for place in ("MX", "US", "UK", "AU"):
        make_portfolio(place)

    runs = close_ended_days(now=datetime(2026, 11, 19, 13, 0, tzinfo=UTC))

    assert [run.scope for run in runs] == ["au-loan", "uk-loan", "us-loan", "mx-loan"]


@pytest.fixture
def breaks(monkeypatch):
    """Let the closing of one portfolio fail, whatever else it holds."""

    def _breaks(code):
        def step(day, after):
            if day.portfolio.code == code:
                raise ZeroDivisionError(code)
            return steps.Batch()

        monkeypatch.setattr(steps, "STEPS", [("clearing", step)])

    return _breaks


def test_a_portfolio_that_can_not_be_closed_keeps_no_other_from_it_and_is_reported(breaks, caplog):
    australia, britain = make_portfolio("AU"), make_portfolio("UK")
    breaks("au-loan")

    with pytest.raises(ZeroDivisionError, match="au-loan"):
        close_ended_days(now=closing_instant(britain, TODAY) + timedelta(days=1))

    before = TODAY - timedelta(days=1)
    assert (again(australia).closed_through, again(britain).closed_through) == (before, TODAY + timedelta(days=1))
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == [
        f"closing of portfolio {australia.pk} through {TODAY} failed"
    ]


def test_the_command_tells_of_what_it_closed_before_it_fails(breaks, settings):
    britain = make_portfolio("UK")
    make_portfolio("AU")
    breaks("au-loan")
    settings.FROZEN_NOW = closing_instant(britain, TODAY) + timedelta(hours=1)
    out = StringIO()

    with pytest.raises(ZeroDivisionError):
        call_command("close_day", stdout=out)

    assert out.getvalue().splitlines() == [f"uk-loan {TODAY} closed: nothing changed"]


def test_of_several_portfolios_that_can_not_be_closed_the_first_error_is_told(monkeypatch):
    for place in ("UK", "AU"):
        make_portfolio(place)
    monkeypatch.setattr(steps, "STEPS", [("clearing", lambda day, _after: {}[day.portfolio.code])])

    with pytest.raises(KeyError, match="au-loan"):
        close_ended_days(now=NOW + timedelta(days=3))


def test_the_command_closes_what_has_ended_and_says_what_it_wrote(uk, settings):
    settings.FROZEN_NOW = closing_instant(uk, TODAY)
    place_account(days_late=30, portfolio=uk)
    out = StringIO()

    call_command("close_day", "--portfolio", uk.code, stdout=out)
    call_command("close_day", "--portfolio", uk.code, stdout=out)

    first, second = out.getvalue().splitlines()
    assert first.startswith("uk-loan 2026-11-18 closed: ")
    assert "due_items_and_buckets accounts 1" in first
    assert second == "Nothing to close: every ended day is closed."


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--portfolio", "nowhere"], "no portfolio nowhere"),
        (["--date", "2026-11-18"], "can't be closed"),
        (["--date", "2027-01-01"], "has not begun"),
    ],
)
def test_the_command_says_what_it_can_not_do(arguments, words, uk, settings):
    settings.FROZEN_NOW = NOW

    with pytest.raises(CommandError, match=words):
        call_command("close_day", *arguments)

    assert Portfolio.objects.get(pk=uk.pk).closed_through == TODAY - timedelta(days=1)


@pytest.mark.parametrize(("on", "code"), [(date(9999, 12, 31), "day_to_come"), (date(1900, 1, 1), "day_long_ago")])
def test_a_slip_of_the_year_closes_nothing(uk, on, code):
    Portfolio.objects.update(closed_through=None)

    with pytest.raises(Refused) as refusal:
        close_through(portfolio_id=uk.pk, on=on, now=NOW)

    assert refusal.value.code == code
    assert not Run.objects.exists()
