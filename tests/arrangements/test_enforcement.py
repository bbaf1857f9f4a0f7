"""Enforcement cases: filed, lapsing, closed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.foundation.errors import Refused
from accounts.services.approvals import approve
from arrangements.services.enforcement import close_case, continuation_opens, lapse_of, record_filing
from tests.factories import NOW, TODAY, again, pay
from tests.support.cases import raise_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_case(agent, manager):
    def _open(kind):
        escalation = raise_case(kind, agent)
        approve(approval_id=escalation.approval_id, actor=manager, now=NOW)
        return again(escalation).case

    return _open


def test_a_filed_ucc_lapses_five_years_later(open_case, agent, now):
    case = open_case("ucc")

    filed = record_filing(case_id=case.pk, filed_on=TODAY, number=" 2026-00123 ", actor=agent, now=now)

    assert (filed.state, filed.file_number, filed.lapses_on) == ("filed", "2026-00123", date(2031, 11, 18))


def test_a_claim_does_not_lapse(open_case, agent, now):
    case = open_case("legal")

    assert record_filing(case_id=case.pk, filed_on=TODAY, number="K10", actor=agent, now=now).lapses_on is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"filed_on": TODAY + timedelta(days=1)}, "case_filing_day"),
        ({"filed_on": TODAY - timedelta(days=1)}, "case_filing_day"),
        ({"number": " "}, "case_number_missing"),
    ],
)
def test_an_impossible_filing_is_refused(changes, code, open_case, agent, now):
    given = {"case_id": open_case("ucc").pk, "filed_on": TODAY, "number": "1", "actor": agent, "now": now}

    with pytest.raises(Refused) as refused:
        record_filing(**(given | changes))

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("filed", "lapses", "opens"),
    [
        (date(2026, 11, 18), date(2031, 11, 18), date(2031, 5, 18)),
        (date(2024, 2, 29), date(2029, 2, 28), date(2028, 8, 28)),
        (date(2026, 8, 31), date(2031, 8, 31), date(2031, 2, 28)),
    ],
)
def test_a_continuation_counts_from_six_months_before_the_lapse(filed, lapses, opens):
    assert lapse_of("ucc", filed) == lapses
    assert continuation_opens(lapses) == opens


def test_a_closed_case_gives_the_account_back(open_case, agent, now):
    case = open_case("legal")

    close_case(case_id=case.pk, actor=agent, now=now)

    account = again(case.account)
    assert (again(case).state, again(case.escalation).state) == ("closed", "resolved")
    assert (account.state, account.next_kind) == ("active", "act")


def test_a_case_is_closed_once(open_case, agent, now):
    case = open_case("legal")
    close_case(case_id=case.pk, actor=agent, now=now)

    with pytest.raises(Refused, match="already"):
        close_case(case_id=case.pk, actor=agent, now=now)


def test_money_in_full_ends_the_case(open_case):
    case = open_case("legal")

    pay(case.account, "1200.00")

    assert (again(case).state, again(case.account).state) == ("closed", "paid")


@pytest.mark.parametrize("act", [close_case, record_filing])
def test_only_agents_and_managers_keep_cases(act, open_case, compliance, now):
    case = open_case("legal")
    given = {} if act is close_case else {"filed_on": TODAY, "number": "1"}

    with pytest.raises(Refused) as refused:
        act(case_id=case.pk, actor=compliance, now=now, **given)

    assert refused.value.code == "case_not_your_role"
