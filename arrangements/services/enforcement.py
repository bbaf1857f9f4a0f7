"""Enforcement cases: opened by an approved escalation, filed, closed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.foundation import days
from accounts.foundation.domain_events import AccountsClosed
from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.purposes import Purpose
from accounts.foundation.states import can_take, move
from accounts.foundation.users import Role, User
from accounts.models import Account, AccountState, Hold, NextKind
from accounts.selectors.restrictions import holds_on_debt
from accounts.services.accounts import move_account, today_of
from accounts.services.door import lock_account_with_people
from accounts.services.next_step import set_next
from arrangements.models import EnforcementCase, EnforcementKind, EnforcementState, Escalation
from arrangements.services.steps import give_step
from communications.models import FirstNotice

REVIEW_AFTER = timedelta(days=30)
UCC_YEARS = 5
CONTINUATION_MONTHS = 6
WHO_KEEPS_CASES = {Role.MANAGER, Role.AGENT}


def open_case(escalation: Escalation, account: Account, actor: User, now: datetime) -> None:
    """Take the account to enforcement and open its case. The caller has locked account and escalation.

    A second case beside an open one leaves the account where it is.
    """
    today = today_of(account, now)
    if account.state == AccountState.NEW:
        move_account(account, "activate", actor=actor, now=now, reason="enforcement")
    if account.state != AccountState.ENFORCEMENT:
        move_account(account, "enforce", actor=actor, now=now, reason=escalation.kind)
    case = EnforcementCase.objects.create(account=account, escalation=escalation, kind=escalation.kind, opened_on=today)
    record("enforcementcase.open", subject=case, actor=actor, at=now, codes={"kind": case.kind})
    _wait_for_lawyers(case, account, today + REVIEW_AFTER, "case_opened", actor, now)
    move(escalation, "begin", actor=actor, at=now)


@retrying
def record_filing(*, case_id: int, filed_on: date, number: str, actor: User, now: datetime) -> EnforcementCase:
    """Record that the claim or the UCC-1 was filed: its day and number. A UCC filing lapses five years after it.

    Refuses a day to come or before the case, an empty number, cases that are filed or closed, and a day on which a hold
    or a notice forbade to enforce: a case that is open when a customer says that they can't pay, or disputes it, waits.
    """
    case, account = _enter(case_id, actor)
    if case.state != EnforcementState.OPENED:
        raise Refused("case_not_open", state=case.get_state_display())
    if not case.opened_on <= filed_on <= today_of(account, now):
        raise Refused("case_filing_day", opened=case.opened_on)
    if not number.strip():
        raise Refused("case_number_missing")
    if against := why_nothing_is_filed(account, filed_on):
        raise against
    given = {"on": filed_on, "number": number.strip(), "lapses_on": lapse_of(case.kind, filed_on)}
    move(case, "file", actor=actor, at=now, given=given)
    _wait_for_lawyers(case, account, today_of(account, now) + REVIEW_AFTER, "case_filed", actor, now)
    return case


def why_nothing_is_filed(account: Account, on: date) -> Refused | None:
    """What forbade to enforce the account on a civil day: a hold in force that had begun, on it or on anybody who owes
    on it, or a refusal of help that is waited out."""
    for hold in against_enforcing(account):
        if hold.from_on <= on:
            return Refused("case_held", hold=hold.get_kind_display())
    told = {"account": account, "kind": "hardship_refused", "sent_on__lte": on, "wait_until__gte": on}
    refused = FirstNotice.objects.filter(**told).order_by("-wait_until").first()
    return Refused("case_help_refused", until=refused.wait_until) if refused else None


def against_enforcing(account: Account) -> list[Hold]:
    """The holds in force that forbid to enforce it, the oldest first."""
    return [hold for hold in holds_on_debt(account).order_by("pk") if hold.forbids(Purpose.ENFORCEMENT)]


@retrying
def close_case(*, case_id: int, actor: User, now: datetime) -> EnforcementCase:
    """End a case and, when it was the last one open, give the account back to be worked. Refuses a closed case."""
    case, account = _enter(case_id, actor)
    if case.state == EnforcementState.CLOSED:
        raise Refused("case_not_open", state=case.get_state_display())
    _end(case, account, actor, now)
    if account.state == AccountState.ENFORCEMENT and not _open_cases(account).exists():
        move_account(account, "end_enforcement", actor=actor, now=now, reason="case_closed")
        today = today_of(account, now)
        give_step(account=account, kind=NextKind.ACT, on=today, reason="case_closed", actor=actor, now=now)
    return case


def close_cases_of_closed_accounts(event: AccountsClosed) -> None:
    """Nothing is left to enforce on an account that closed."""
    cases = EnforcementCase.objects.filter(account_id__in=event.ids).exclude(state=EnforcementState.CLOSED)
    for case in EnforcementCase.objects.lock_all(cases.values_list("pk", flat=True)):
        _end(case, case.account, None, event.at)


def _end(case: EnforcementCase, account: Account, actor: User | None, now: datetime) -> None:
    move(case, "close", actor=actor, at=now, given={"on": today_of(account, now)})
    escalation = Escalation.objects.lock(case.escalation_id)
    if can_take(escalation, "resolve"):
        move(escalation, "resolve", actor=actor, at=now, given={"at": now})


def _enter(case_id: int, actor: User) -> tuple[EnforcementCase, Account]:
    if actor.role not in WHO_KEEPS_CASES:
        raise Refused("case_not_your_role")
    account_id = EnforcementCase.objects.values_list("account_id", flat=True).get(pk=case_id)
    account = lock_account_with_people(account_id)
    return EnforcementCase.objects.lock(case_id), account


def _open_cases(account: Account):
    return account.enforcement_cases.exclude(state=EnforcementState.CLOSED)


def _wait_for_lawyers(
    case: EnforcementCase, account: Account, on: date, reason: str, actor: User, now: datetime
) -> None:
    set_next(account=account, kind=NextKind.AWAIT_VENDOR, on=on, subject=case, reason=reason, actor=actor, now=now)


def lapse_of(kind: str, filed_on: date) -> date | None:
    """The day a UCC filing lapses: five years after filing (28 February for one of 29 February)."""
    return days.add_months(filed_on, 12 * UCC_YEARS) if kind == EnforcementKind.UCC else None


def continuation_opens(lapses_on: date) -> date:
    """The first day on which a continuation counts: six months before the lapse. An earlier one has no effect."""
    return days.add_months(lapses_on, -CONTINUATION_MONTHS)


register_sentences(
    {
        "case_not_open": _("This case is already {state}."),
        "case_filing_day": _("It can't have been filed before {opened} or on a day to come."),
        "case_number_missing": _("Write the file number."),
        "case_held": _("A hold stands against it: {hold}."),
        "case_help_refused": _(
            "Hardship help was refused, or the notice taken back: nothing is enforced until {until}."
        ),
        "case_not_your_role": _("Agents and managers keep enforcement cases."),
    }
)
