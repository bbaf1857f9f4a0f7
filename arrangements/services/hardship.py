"""The steps of a hardship case on its clocks, from the customer's confirmation to what is granted or refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from accounts.foundation import days
from accounts.foundation.domain_events import HardshipAnswered, publish
from accounts.foundation.errors import Refused
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import Role, User
from accounts.models import AnswerWay
from accounts.services.accounts import today_of
from accounts.services.attachments import HARDSHIP_LETTER, keep_file
from accounts.services.notes import note_of
from arrangements.models import LIVE, Arrangement, Budget, HardshipCase, HardshipMeasure, HardshipState
from arrangements.selectors.budgets import budget_of_party
from arrangements.services.hardship_door import PLANS, enter_case, keep_up, without_plan

S = HardshipState
# The kind of file that only those open who work such cases.
# How a letter reaches the customer: no authority's portal lies between.
LETTER_WAYS = (AnswerWay.POST, AnswerWay.EMAIL, AnswerWay.HAND)
WHO_DECLINES = frozenset({Role.MANAGER, Role.COMPLIANCE})
LONGEST_HELP = timedelta(days=365)
# How long each role has a customer helped in all, from the first day of help on, without a plan. Others: LONGEST_HELP.
HELPS_ALONE = {Role.AGENT: timedelta(days=60)}


@retrying
def record_hardship(*, case_id: int, actor: User, now: datetime) -> HardshipCase:
    """Confirm with the customer that they can't pay."""
    case = enter_case(case_id, actor)
    move(case, "record", actor=actor, at=now)
    keep_up(case, actor, now)
    return case


@retrying
def ask_information(*, case_id: int, actor: User, now: datetime) -> HardshipCase:
    """Ask the customer for information, within the days in which that may be asked; their days run from today."""
    case = enter_case(case_id, actor)
    today = today_of(case.account, now)
    last = case.noticed_on + timedelta(days=case.clock.ask_within)
    if today > last:
        raise Refused("hardship_asked_too_late", day=last)
    move(case, "ask_information", actor=actor, at=now, given={"on": today})
    keep_up(case, actor, now)
    return case


@retrying
def assess_hardship(*, case_id: int, actor: User, now: datetime, informed_on: date | None = None) -> HardshipCase:
    """Take the customer's own budget that holds today as what there is to decide by. Refuses without one.

    What was asked for came on `informed_on` (today), from which the days to decide run. Refuses one before it was
    asked for, and one to come.
    """
    case = enter_case(case_id, actor)
    today = today_of(case.account, now)
    informed_on = informed_on or today
    if not (case.asked_on or case.noticed_on) <= informed_on <= today:
        raise Refused("hardship_informed_when", asked=case.asked_on or case.noticed_on)
    case.budget = _budget(case, today)
    case.save(update_fields=["budget"])
    move(case, "assess", actor=actor, at=now, given={"informed_on": informed_on})
    keep_up(case, actor, now)
    return case


def _budget(case: HardshipCase, today: date) -> Budget:
    budget = budget_of_party(case.party_id, case.account.currency, today)
    if budget is None:
        raise Refused("hardship_needs_budget")
    return budget


@retrying
def grant_help(*, case_id: int, measure: str, review_on: date, actor: User, now: datetime) -> HardshipCase:
    """Grant help until a day on which it is looked at again, a year ahead at most. Granting again renews it, by a
    budget that holds then.

    A plan or token payments are agreed on the workbench first, after the customer told us: the live one is the help,
    and has a hold of its own, so that every other debt of the person there needs its plan, too. Refuses a day that has
    passed, one beyond what the role grants, and a plan that there isn't.
    """
    case = enter_case(case_id, actor)
    today = today_of(case.account, now)
    if measure not in HardshipMeasure.values:
        raise Refused("hardship_which_help")
    agreed = _plan_of(case) if measure == HardshipMeasure.ARRANGEMENT else None
    _refuse_until(case, review_on, today, actor, is_plan=agreed is not None)
    budget = _budget(case, today) if case.state == S.UNDER_REVIEW else case.budget
    given = {"measure": measure, "arrangement": agreed, "budget": budget, "review_on": review_on}
    move(case, "grant", actor=actor, at=now, reason=measure, given={**given, "by": actor, "at": now, "on": today})
    keep_up(case, actor, now, reason="hardship_granted")
    return case


def _plan_of(case: HardshipCase) -> Arrangement:
    live = Arrangement.objects.filter(account=case.account, state__in=LIVE, kind__in=PLANS).first()
    zone = case.account.portfolio.zone
    if live is None or live.accepted_at is None or days.civil_day(live.accepted_at, zone) < case.noticed_on:
        raise Refused("hardship_needs_arrangement")
    if others := list(without_plan(case).values_list("reference", flat=True)):
        raise Refused("hardship_debts_without_plan", accounts=", ".join(others))
    return live


def _refuse_until(case: HardshipCase, review_on: date, today: date, actor: User, *, is_plan: bool) -> None:
    if not today < review_on <= today + LONGEST_HELP:
        raise Refused("hardship_help_until", last=today + LONGEST_HELP)
    alone = HELPS_ALONE.get(Role(actor.role))
    # The payments of a plan are within limits of their own.
    if alone is None or is_plan:
        return
    last = (case.helped_since or today) + alone
    if review_on > last:
        raise Refused("hardship_help_beyond_you", days=alone.days, last=last)


@retrying
def decline_help(*, case_id: int, reasons: str, actor: User, now: datetime) -> HardshipCase:
    """Refuse help, with reasons in the customer's language: by a budget, or because what was asked for never came by
    its day. Refuses agents; and whoever refused the same person the last time: a second refusal is somebody else's."""
    case = enter_case(case_id, actor)
    today = today_of(case.account, now)
    if actor.role not in WHO_DECLINES:
        raise Refused("hardship_not_your_role")
    if case.state == S.INFORMATION_REQUESTED and today <= case.information_by:
        raise Refused("hardship_information_awaited", day=case.information_by)
    refused = HardshipCase.objects.filter(party__person_id=case.party.person_id, reasons__isnull=False)
    last = refused.exclude(pk=case.pk).order_by("-decided_at", "-pk").first()
    if last is not None and last.decided_by_id == actor.pk:
        raise Refused("hardship_refused_by_you_before")
    if not (note := note_of(case.account, reasons, actor, now)):
        raise Refused("hardship_reasons_needed")
    move(case, "decline", actor=actor, at=now, given={"reasons": note, "by": actor, "at": now, "on": today})
    keep_up(case, actor, now)
    return case


@retrying
def answer_hardship(*, case_id: int, how: str, on: date, letter: bytes, actor: User, now: datetime) -> HardshipCase:
    """Note on which day and how the customer was sent the refusal with its reasons, and keep the letter (a PDF) as it
    went: the case ends, and enforcement waits the days that the law gives them from then on.

    Refuses a day before the decision or to come. Twice changes nothing.
    """
    case = enter_case(case_id, actor)
    if case.state == S.ENDED:
        return case
    if case.state != S.DECLINED or case.decided_on is None:
        raise Refused("hardship_not_declined")
    if how not in LETTER_WAYS:
        raise Refused("hardship_answered_how")
    if not case.decided_on <= on <= today_of(case.account, now):
        raise Refused("hardship_answered_when", day=on)
    name = f"{case.account.reference}-hardship-{case.pk}.pdf"
    case.letter = keep_file(
        account_id=case.account_id, kind=HARDSHIP_LETTER, name=name, content=letter, actor=actor, now=now
    )
    case.answered_on, case.answered_how = on, how
    case.save(update_fields=["answered_on", "answered_how", "letter"])
    publish(HardshipAnswered(ids=frozenset([case.pk]), at=now, actor_id=actor.pk))
    move(case, "close", actor=actor, at=now, reason="hardship_declined", given={"at": now})
    keep_up(case, actor, now, reason="hardship_declined")
    return case


@retrying
def review_help(*, case_id: int, actor: User, now: datetime) -> HardshipCase:
    """Look at the help again: it is renewed, or it ends. Until then nothing is asked."""
    case = enter_case(case_id, actor)
    move(case, "review", actor=actor, at=now, given={"on": today_of(case.account, now)})
    keep_up(case, actor, now)
    return case
