"""Customers who can't pay, at every step of what we do about it, each with the budget that it is decided by."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import Account, AnswerWay, User
from accounts.services.accounts import today_of
from arrangements.models import ArrangementKind, BudgetCategory, BudgetPeriod, HardshipCase, HardshipMeasure
from arrangements.schedules.plan import PlanTerms
from arrangements.schedules.rhythms import Rhythm
from arrangements.services import hardship
from arrangements.services.agreeing import Terms
from arrangements.services.budgets import Told, take_budget
from arrangements.services.hardship_opening import open_hardship
from arrangements.services.offers import make_offer
from collections_crm.demo.papers import accept_in_writing
from collections_crm.services.hardship_letter import send_refusal

TOLD = {
    BudgetCategory.EARNINGS: ("310.00", BudgetPeriod.WEEKLY),
    BudgetCategory.BENEFITS: ("96.00", BudgetPeriod.FOUR_WEEKLY),
    BudgetCategory.HOME: ("620.00", BudgetPeriod.MONTHLY),
    BudgetCategory.UTILITIES: ("145.00", BudgetPeriod.MONTHLY),
    BudgetCategory.TRANSPORT: ("88.00", BudgetPeriod.MONTHLY),
    BudgetCategory.FOOD: ("95.00", BudgetPeriod.WEEKLY),
    BudgetCategory.OTHER_DEBTS: ("60.00", BudgetPeriod.MONTHLY),
}
CAN_PAY = ("20 a month, from January.", "Puede pagar 300 al mes, desde enero.")
REASONS = (
    "What you told us leaves enough each month for the payments as agreed.",
    "Lo que nos contó deja cada mes lo suficiente para los pagos acordados.",
)


def ask_for_information(account: Account, staff: dict[str, User], now: datetime) -> HardshipCase:
    case = _recorded(account, staff, now)
    return hardship.ask_information(case_id=case.pk, actor=staff["agent"], now=now)


def assess(account: Account, staff: dict[str, User], now: datetime) -> HardshipCase:
    case = _recorded(account, staff, now)
    told = [Told(category, Decimal(amount), period) for category, (amount, period) in TOLD.items()]
    given = {"account_id": account.pk, "party_id": case.party_id, "household": "single", "told": told}
    take_budget(**given, actor=staff["agent"], now=now)
    return hardship.assess_hardship(case_id=case.pk, actor=staff["agent"], now=now)


def pause(account: Account, staff: dict[str, User], now: datetime) -> HardshipCase:
    return _grant(assess(account, staff, now), HardshipMeasure.PAUSE, 45, staff, now)


def look_again(account: Account, staff: dict[str, User], now: datetime) -> HardshipCase:
    case = pause(account, staff, now)
    return hardship.review_help(case_id=case.pk, actor=staff["agent"], now=now)


def pay_tokens(account: Account, staff: dict[str, User], now: datetime) -> HardshipCase:
    """Three small payments a month apart, agreed in writing: the help is what was agreed."""
    case = assess(account, staff, now)
    first_on = today_of(account, now) + timedelta(days=12)
    plan = PlanTerms(Decimal("15.00"), account.currency, Rhythm.MONTHLY, first_on, count=3)
    terms = Terms.planned(ArrangementKind.TOKEN, plan, account.portfolio)
    who = {"actor": staff["manager"], "now": now}
    accept_in_writing(make_offer(account_id=account.pk, party_id=case.party_id, terms=terms, **who), **who)
    return _grant(case, HardshipMeasure.ARRANGEMENT, 90, staff, now)


def refuse(account: Account, staff: dict[str, User], now: datetime) -> HardshipCase:
    case = assess(account, staff, now)
    reasons = REASONS[case.party.language.startswith("es")]
    return hardship.decline_help(case_id=case.pk, reasons=reasons, actor=staff["manager"], now=now)


def send_why(account: Account, staff: dict[str, User], now: datetime) -> HardshipCase:
    case, on = refuse(account, staff, now), today_of(account, now)
    return send_refusal(case_id=case.pk, how=AnswerWay.POST, on=on, actor=staff["agent"], now=now)


STEPS = (ask_for_information, assess, pause, pay_tokens, refuse, look_again, send_why)


def _recorded(account: Account, staff: dict[str, User], now: datetime) -> HardshipCase:
    """Told a few days ago, by whoever owes first."""
    party = account.account_parties.select_related("party").get(role="primary").party
    case = open_hardship(
        account_id=account.pk,
        party_id=party.pk,
        received_on=today_of(account, now) - timedelta(days=4),
        said=CAN_PAY[party.language.startswith("es")],
        reason="customer_told",
        actor=staff["agent"],
        now=now,
    )
    return hardship.record_hardship(case_id=case.pk, actor=staff["agent"], now=now)


def _grant(case: HardshipCase, measure: str, days: int, staff: dict[str, User], now: datetime) -> HardshipCase:
    until = today_of(case.account, now) + timedelta(days=days)
    given = {"measure": measure, "review_on": until, "actor": staff["manager"], "now": now}
    return hardship.grant_help(case_id=case.pk, **given)
