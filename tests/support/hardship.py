"""Hardship cases brought to where a test begins, through the services."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from arrangements.models import BudgetCategory, BudgetPeriod, HardshipCase
from arrangements.services.budgets import Told, take_budget
from arrangements.services.hardship import (
    answer_hardship,
    ask_information,
    assess_hardship,
    decline_help,
    grant_help,
    record_hardship,
)
from arrangements.services.hardship_opening import open_hardship
from tests.factories import NOW, TODAY

LETTER = b"%PDF-1.4 we cannot change your payments"
NEXT_MONTH = TODAY + timedelta(days=30)
TOLD = [
    Told(BudgetCategory.EARNINGS, Decimal("1200.00"), BudgetPeriod.MONTHLY),
    Told(BudgetCategory.FOOD, Decimal("300.00"), BudgetPeriod.MONTHLY),
]


def told(account, actor, *, now=NOW, party=None, **given) -> HardshipCase:
    party_id = (party or account.account_parties.get(role="primary").party).pk
    return open_hardship(account_id=account.pk, party_id=party_id, actor=actor, now=now, **given)


def recorded(account, actor, *, now=NOW, **given) -> HardshipCase:
    return record_hardship(case_id=told(account, actor, now=now, **given).pk, actor=actor, now=now)


def asked(account, actor, *, now=NOW, **given) -> HardshipCase:
    return ask_information(case_id=recorded(account, actor, now=now, **given).pk, actor=actor, now=now)


def budgeted(account, actor, *, now=NOW, party=None):
    party_id = (party or account.account_parties.get(role="primary").party).pk
    given = {"account_id": account.pk, "party_id": party_id, "household": "single", "told": TOLD}
    return take_budget(**given, actor=actor, now=now)


def assessed(account, actor, *, now=NOW, **given) -> HardshipCase:
    case = recorded(account, actor, now=now, **given)
    budgeted(account, actor, now=now, party=given.get("party"))
    return assess_hardship(case_id=case.pk, actor=actor, now=now)


def paused(account, actor, *, until=NEXT_MONTH, now=NOW, **given) -> HardshipCase:
    case = assessed(account, actor, now=now, **given)
    return grant_help(case_id=case.pk, measure="pause", review_on=until, actor=actor, now=now)


def refused(account, actor, decider, *, now=NOW, **given) -> HardshipCase:
    case = assessed(account, actor, now=now, **given)
    return decline_help(case_id=case.pk, reasons="The budget leaves enough.", actor=decider, now=now)


def answered(account, actor, decider, *, on=TODAY, now=NOW, **given) -> HardshipCase:
    case = refused(account, actor, decider, now=now, **given)
    return answer_hardship(case_id=case.pk, how="post", on=on, letter=LETTER, actor=actor, now=now)
