"""Who may what, and by which figures the house works, changes with a trace whatever way it is changed."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import AuthorityLimit, Portfolio, SettingChange
from tests.factories import make_limit, make_portfolio, make_team, make_user, place_account
from tests.support.cases import keep_file, raise_case

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
    portfolio, team = make_portfolio("UK"), make_team(name="Others")
    Portfolio.objects.filter(pk=portfolio.pk).update(clearing_days={"cheque": 0})
    team.portfolios.add(portfolio)

    assert newest("accounts_portfolio").changed["clearing_days"][1] == {"cheque": 0}
    assert newest("accounts_team_portfolios").changed["portfolio_id"] == [None, portfolio.pk]


def test_what_somebody_proves_themselves_by_leaves_its_trace_without_its_value():
    party = place_account().parties.get()

    by_hand("UPDATE accounts_party SET birth_date = '1990-01-01', name = name || '.' WHERE id = %s", party.pk)

    change = newest("accounts_party")
    assert (change.row_id, change.act) == (party.pk, "update")
    assert change.changed == {"birth_date": ["*", "*"], "name": ["*", "*"]}


def test_where_somebody_is_called_by_which_clock_leaves_its_trace():
    point = place_account().parties.get().contact_points.get(kind="phone")
    was = list(point.zones)

    by_hand("UPDATE accounts_contactpoint SET zones = '{Asia/Tokyo}' WHERE id = %s", point.pk)

    assert newest("accounts_contactpoint").changed == {"zones": [was, ["Asia/Tokyo"]]}


def test_a_whole_balance_that_falls_due_leaves_its_trace():
    account = place_account()

    by_hand("UPDATE accounts_account SET charged_off_on = '2026-01-02' WHERE id = %s", account.pk)

    assert newest("accounts_account").changed == {"charged_off_on": [None, "2026-01-02"]}


@pytest.mark.parametrize("act", [
    "DELETE FROM arrangements_escalation_evidence",
    "UPDATE arrangements_escalation_evidence SET attachment_id = attachment_id + 0",
    "INSERT INTO arrangements_escalation_evidence (escalation_id, attachment_id) "
    "SELECT e.id, a.id FROM arrangements_escalation AS e, accounts_attachment AS a",
    "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE arrangements_escalation_evidence",
])  # fmt: skip
def test_the_proof_that_somebody_was_asked_by_stands(act, team, agent):
    account = place_account()
    raise_case("write_off", agent, account, evidence=[keep_file(account, agent).pk])

    with pytest.raises(DatabaseError, match=r"rests on|only ever added"), transaction.atomic():
        by_hand(act)
