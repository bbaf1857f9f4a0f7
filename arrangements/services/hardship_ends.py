"""How a hardship case ends without a refusal, and what becomes of it when its plan or its account does."""

from __future__ import annotations

from datetime import datetime

from accounts.foundation.domain_events import AccountsClosed, ArrangementChanged, HardshipAnswered, publish
from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import OWES, Account, AccountParty
from accounts.services.accounts import today_of
from accounts.services.notes import note_of
from arrangements.models import LIVE, OPEN_HARDSHIP, Arrangement, HardshipCase, HardshipMeasure, HardshipState
from arrangements.services.hardship import WHO_DECLINES
from arrangements.services.hardship_door import PLANS, debts_of, enter_case, keep_up, without_plan

S = HardshipState


@retrying
def end_hardship(*, case_id: int, said: str, actor: User, now: datetime) -> HardshipCase:
    """Help that was looked at again ends, with a word on why. Refuses a case that isn't under review; twice changes
    nothing."""
    case = enter_case(case_id, actor)
    if case.state == S.GRANTED:
        raise Refused("hardship_review_first")
    return _end(case, "end", said, actor, now)


@retrying
def withdraw_hardship(*, case_id: int, said: str, actor: User, now: datetime) -> HardshipCase:
    """The customer takes it back, in words that are kept. Refuses a case that is decided; twice changes nothing.

    In Australia enforcement waits after it as long as after a refusal: a word on the phone shortens nothing.
    """
    return _end(enter_case(case_id, actor), "withdraw", said, actor, now)


@retrying
def void_hardship(*, case_id: int, said: str, actor: User, now: datetime) -> HardshipCase:
    """Nobody said that they can't pay: the case was opened in error. Refuses agents, and a case that is decided; twice
    changes nothing."""
    case = enter_case(case_id, actor)
    if actor.role not in WHO_DECLINES:
        raise Refused("hardship_not_yours_to_void")
    return _end(case, "void", said, actor, now)


def _end(case: HardshipCase, name: str, said: str, actor: User, now: datetime) -> HardshipCase:
    if case.state == S.ENDED:
        return case
    if case.state == S.DECLINED:
        raise Refused("hardship_answer_first")
    if name != "end" and not case.is_undecided:
        raise Refused("hardship_decided_already")
    if not (note := note_of(case.account, said, actor, now)):
        raise Refused("hardship_word_needed")
    move(case, name, actor=actor, at=now, given={"at": now, "said": note})
    if name == "withdraw":
        publish(HardshipAnswered(ids=frozenset([case.pk]), at=now, actor_id=actor.pk))
    keep_up(case, actor, now, reason=f"hardship_{case.ending}")
    return case


def follow_arrangements(event: ArrangementChanged) -> None:
    """Help that was a plan is looked at again when it ends, kept, broken, cancelled or replaced, or when another plan
    of the person leaves its debt without one; nothing is asked until then."""
    ended = Arrangement.objects.filter(pk__in=event.ids, kind__in=PLANS).exclude(state__in=LIVE)
    freed = dict(ended.values_list("pk", "account_id"))
    if not freed:
        return
    actor = User.objects.filter(pk=event.actor_id).first()
    planned = HardshipCase.objects.filter(state=S.GRANTED, measure=HardshipMeasure.ARRANGEMENT)
    people = AccountParty.objects.filter(account__in=set(freed.values()), role__in=OWES).values("party__person_id")
    helped = planned.filter(party__person_id__in=people).select_related("party", "account__portfolio")
    for case in helped.order_by("pk").locked():
        if case.arrangement_id in freed or without_plan(case).filter(pk__in=set(freed.values())).exists():
            on = today_of(case.account, event.at)
            move(case, "review", actor=actor, at=event.at, reason="plan_ended", given={"on": on})
            keep_up(case, actor, event.at)


def follow_accounts(event: AccountsClosed) -> None:
    """A case goes on with another debt of the person in the same place, and without one ends with its account."""
    actor = User.objects.filter(pk=event.actor_id).first()
    open_cases = HardshipCase.objects.filter(account__in=event.ids, state__in=OPEN_HARDSHIP).select_related("party")
    for case in open_cases.order_by("pk").locked():
        other = debts_of(case).exclude(pk__in=event.ids).select_related("portfolio").first()
        if other is None:
            move(case, "end_with_account", actor=actor, at=event.at, reason="account_closed", given={"at": event.at})
        else:
            _pass_on(case, other, actor, event.at)
        keep_up(case, actor, event.at)


def _pass_on(case: HardshipCase, other: Account, actor: User | None, now: datetime) -> None:
    case.account = other
    case.save(update_fields=["account"])
    record("hardshipcase.passed_on", subject=case, actor=actor, at=now)
    if case.state == S.GRANTED and case.measure == HardshipMeasure.ARRANGEMENT:
        move(case, "review", actor=actor, at=now, reason="plan_ended", given={"on": today_of(other, now)})
