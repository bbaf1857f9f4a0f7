"""Hardship cases: opened by their hold, taken step by step on their clocks, ended with it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from accounts.foundation import days
from accounts.foundation.domain_events import HardshipAnswered, HoldPlaced, HoldReleased, publish
from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.states import can_take, move
from accounts.foundation.users import Role, User
from accounts.models import Account, Hold, HoldKind, Party
from accounts.services.accounts import today_of
from accounts.services.case_clocks import keep_review, sent_between
from accounts.services.door import lock_account_with_people
from accounts.services.holds import release_hold
from accounts.services.notes import note_of
from arrangements.models import (
    HARDSHIP_CLOCKS,
    LIVE,
    OPEN_HARDSHIP,
    REPEAT_WITHIN,
    Arrangement,
    HardshipCase,
    HardshipMeasure,
    HardshipState,
)
from arrangements.selectors.budgets import budget_of
from arrangements.services import sentences  # noqa: F401 - registers the refusals

WHO_DECLINES = frozenset({Role.MANAGER, Role.COMPLIANCE})
LONGEST_HELP = timedelta(days=365)


def open_cases(event: HoldPlaced) -> None:
    """Whoever is held for hardship has a case: one for a person, however often it is said."""
    holds = Hold.objects.filter(pk__in=event.ids, kind=HoldKind.HARDSHIP, account__isnull=False)
    for hold in holds.select_related("account__portfolio").order_by("pk"):
        party = Party.objects.filter(account_parties__account=hold.account, person_id=hold.person_id).first()
        if party is None or HardshipCase.objects.filter(party=party, state__in=OPEN_HARDSHIP).exists():
            continue
        _open(hold, hold.account, party, event)


def _open(hold: Hold, account: Account, party: Party, event: HoldPlaced) -> None:
    on = days.civil_day(event.at, account.portfolio.zone)
    actor = User.objects.filter(pk=event.actor_id).first()
    case = HardshipCase.objects.create(
        account=account,
        party=party,
        noticed_on=on,
        hold=hold,
        earlier=HardshipCase.objects.filter(party=party, noticed_on__gt=on - REPEAT_WITHIN).order_by("-pk").first(),
        decide_by=on + timedelta(days=HARDSHIP_CLOCKS[account.portfolio.jurisdiction].decide_after_notice),
        opened_by=actor,
        opened_at=event.at,
    )
    record("hardshipcase.signalled", subject=case, actor=actor, at=event.at, reason=hold.reason)


def end_cases(event: HoldReleased) -> None:
    """A hold lifted by hand takes its case with it, unless somebody still waits for the answer to a refusal."""
    actor = User.objects.filter(pk=event.actor_id).first()
    for case in HardshipCase.objects.filter(hold__in=event.ids, state__in=OPEN_HARDSHIP).order_by("pk").locked():
        if case.state != HardshipState.GRANTED and can_take(case, "end"):
            move(case, "end", actor=actor, at=event.at, reason="hold_lifted", given={"at": event.at})


@retrying
def record_hardship(*, case_id: int, is_different: bool, actor: User, now: datetime) -> HardshipCase:
    """Confirm with the customer that they can't pay. Of a repeat within four months somebody says whether it is
    materially different from the last one."""
    case = _enter(case_id)
    move(case, "record", actor=actor, at=now, given={"is_different": is_different})
    return _kept_up(case, actor, now)


@retrying
def ask_information(*, case_id: int, actor: User, now: datetime) -> HardshipCase:
    """Ask the customer for information, within the days in which that may be asked; their days run from today."""
    case = _enter(case_id)
    today = today_of(case.account, now)
    last = case.noticed_on + timedelta(days=case.clock.ask_within)
    if today > last:
        raise Refused("hardship_asked_too_late", day=last)
    move(case, "ask_information", actor=actor, at=now, given={"on": today})
    return _kept_up(case, actor, now)


@retrying
def assess_hardship(*, case_id: int, actor: User, now: datetime) -> HardshipCase:
    """Take the customer's budget that holds today as what there is to decide by. Refuses without one."""
    case = _enter(case_id)
    today = today_of(case.account, now)
    if (budget := budget_of(case.account, today)) is None:
        raise Refused("hardship_needs_budget")
    case.budget = budget
    case.save(update_fields=["budget"])
    move(case, "assess", actor=actor, at=now, given={"on": today})
    return _kept_up(case, actor, now)


@retrying
def grant_help(*, case_id: int, measure: str, review_on: date, actor: User, now: datetime) -> HardshipCase:
    """Grant help until a day on which it is looked at again, a year ahead at most. Granting again renews it.

    A plan or token payments are agreed on the workbench first: the live arrangement is the help. Refuses a day that has
    passed, and an arrangement that there isn't.
    """
    case = _enter(case_id)
    today = today_of(case.account, now)
    if measure not in HardshipMeasure.values:
        raise Refused("hardship_which_help")
    if not today < review_on <= today + LONGEST_HELP:
        raise Refused("hardship_help_until", last=today + LONGEST_HELP)
    live = Arrangement.objects.filter(account=case.account, state__in=LIVE).first()
    if measure == HardshipMeasure.ARRANGEMENT and live is None:
        raise Refused("hardship_needs_arrangement")
    agreed = live if measure == HardshipMeasure.ARRANGEMENT else None
    given = {"measure": measure, "arrangement": agreed, "review_on": review_on, "by": actor, "at": now}
    move(case, "grant", actor=actor, at=now, reason=measure, given=given)
    if agreed is not None:
        # What is agreed has a hold of its own; the plan's money may be reminded of again.
        release_hold(hold_id=case.hold_id, reason="hardship_granted", actor=actor, now=now)
    return _kept_up(case, actor, now)


@retrying
def decline_help(*, case_id: int, reasons: str, actor: User, now: datetime) -> HardshipCase:
    """Refuse help, with reasons in the customer's language. Refuses agents; and whoever refused the same person's last
    case: a second refusal is somebody else's."""
    case = _enter(case_id)
    if actor.role not in WHO_DECLINES:
        raise Refused("hardship_not_your_role")
    earlier = case.earlier
    if earlier is not None and earlier.reasons_id is not None and earlier.decided_by_id == actor.pk:
        raise Refused("hardship_refused_by_you_before")
    if not (note := note_of(case.account, reasons, actor, now)):
        raise Refused("hardship_reasons_needed")
    move(case, "decline", actor=actor, at=now, given={"reasons": note, "by": actor, "at": now})
    return _kept_up(case, actor, now)


@retrying
def answer_hardship(*, case_id: int, on: date, actor: User, now: datetime) -> HardshipCase:
    """Note on which day the customer was sent the refusal with its reasons: the case ends, and enforcement waits the
    days that the law gives them from then on."""
    case = _enter(case_id)
    if case.state == HardshipState.ENDED:
        return case
    if case.state != HardshipState.DECLINED or case.decided_at is None:
        raise Refused("hardship_not_declined")
    if not sent_between(case.decided_at, on, now, account=case.account):
        raise Refused("hardship_answered_when", day=on)
    case.answered_on = on
    case.save(update_fields=["answered_on"])
    publish(HardshipAnswered(ids=frozenset([case.pk]), at=now, actor_id=actor.pk))
    return _end(case, "hardship_declined", actor, now)


@retrying
def review_help(*, case_id: int, actor: User, now: datetime) -> HardshipCase:
    """Look at the help again: it is renewed, or it ends."""
    case = _enter(case_id)
    move(case, "review", actor=actor, at=now)
    return _kept_up(case, actor, now)


@retrying
def end_hardship(*, case_id: int, actor: User, now: datetime) -> HardshipCase:
    """The customer is out of it, or it was a mistake. Refuses one whose refusal was not sent yet; twice changes
    nothing."""
    case = _enter(case_id)
    if case.state == HardshipState.ENDED:
        return case
    if case.state == HardshipState.DECLINED:
        raise Refused("hardship_answer_first")
    return _end(case, "hardship_over", actor, now)


def _end(case: HardshipCase, reason: str, actor: User, now: datetime) -> HardshipCase:
    move(case, "end", actor=actor, at=now, reason=reason, given={"at": now})
    release_hold(hold_id=case.hold_id, reason=reason, actor=actor, now=now)
    return _kept_up(case, actor, now)


def _enter(case_id: int) -> HardshipCase:
    """The case, locked after its people and its account."""
    account = lock_account_with_people(HardshipCase.objects.values_list("account_id", flat=True).get(pk=case_id))
    case = HardshipCase.objects.lock(case_id)
    case.account = account
    return case


def _kept_up(case: HardshipCase, actor: User, now: datetime) -> HardshipCase:
    """The hold's review is the day by which the next thing is due; what is late stays due."""
    hold = Hold.objects.get(pk=case.hold_id) if case.is_open else None
    keep_review(hold, case.due_on, account=case.account, reason="hardship_clock", actor=actor, now=now)
    return case
