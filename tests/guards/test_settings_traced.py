"""Who may what, and by which figures the house works, changes with a trace whatever way it is changed."""

from decimal import Decimal

import pytest
from django.db import connection

from accounts.models import AuthorityLimit, Portfolio, SettingChange
from tests.factories import make_limit, make_portfolio, make_team, make_user

pytestmark = pytest.mark.django_db


def by_hand(statement, *given):
    with connection.cursor() as cursor:
        cursor.execute(statement, given)


def newest(table):
    return SettingChange.objects.filter(table=table).first()


def test_a_role_given_by_sql_leaves_its_trace():
    agent = make_user("agent")

    by_hand("UPDATE accounts_user SET role = 'manager' WHERE id = %s", agent.pk)

    change = newest("accounts_user")
    assert (change.row_id, change.act, change.changed) == (agent.pk, "update", {"role": ["agent", "manager"]})
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        assert change.db_role == cursor.fetchone()[0]


def test_a_password_changed_leaves_its_trace_without_its_values():
    agent = make_user("agent")
    agent.set_password("three quiet herons")
    agent.save()

    assert newest("accounts_user").changed["password"] == ["*", "*"]


def test_a_log_in_and_a_closed_day_leave_none():
    agent, portfolio = make_user("agent"), make_portfolio("UK")
    before = SettingChange.objects.count()

    by_hand("UPDATE accounts_user SET last_login = now() WHERE id = %s", agent.pk)
    by_hand("UPDATE accounts_portfolio SET closed_through = '2026-11-17' WHERE id = %s", portfolio.pk)

    assert SettingChange.objects.count() == before


@pytest.mark.parametrize("act", ["insert", "update", "delete"])
def test_a_limit_leaves_its_trace_when_it_is_made_raised_or_taken_away(act):
    limit = make_limit("agent")
    if act == "update":
        AuthorityLimit.objects.filter(pk=limit.pk).update(write_off_max=Decimal("9.00"), currency="GBP")
    if act == "delete":
        limit.delete()

    change = newest("accounts_authoritylimit")
    assert change.act == act
    assert "write_off_max" in change.changed


def test_clearing_days_and_a_teams_portfolios_leave_theirs():
    portfolio, team = make_portfolio("UK"), make_team()
    Portfolio.objects.filter(pk=portfolio.pk).update(clearing_days={"cheque": 0})
    team.portfolios.add(portfolio)

    assert newest("accounts_portfolio").changed["clearing_days"][1] == {"cheque": 0}
    assert newest("accounts_team_portfolios").changed["portfolio_id"] == [None, portfolio.pk]
