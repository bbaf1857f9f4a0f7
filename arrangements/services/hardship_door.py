"""What every step of a hardship case begins and ends with: its locks, and its hold on its clock."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts.foundation.domain_events import AccountsChanged, publish
from accounts.foundation.errors import Refused
from accounts.foundation.users import Role, User
from accounts.models import OPEN_STATES, OWES, Account, AccountParty, Hold, HoldKind
from accounts.services.accounts import today_of
from accounts.services.door import lock_accounts_with_people
from accounts.services.holds import extend_hold, place_hold, release_hold
from arrangements.models import (
    LIVE,
    SURVIVES_A_MISS,
    Arrangement,
    HardshipCase,
    HardshipMeasure,
    HardshipState,
)
from arrangements.services import hardship_words  # noqa: F401 - registers the refusals

WHO_WORKS = frozenset({Role.AGENT, Role.MANAGER, Role.COMPLIANCE})
# Several payments over time, whatever is left of them: a promise is one payment and no help.
PLANS = SURVIVES_A_MISS


def enter_case(case_id: int, actor: User) -> HardshipCase:
    """The case, locked after everybody who owes what it is about, and after those accounts. Refuses roles that work no
    cases."""
    if actor.role not in WHO_WORKS:
        raise Refused("hardship_not_your_part")
    look = HardshipCase.objects.select_related("party").get(pk=case_id)
    locked = lock_accounts_with_people([look.account_id, *debts_of(look).values_list("pk", flat=True)])
    case = HardshipCase.objects.select_related("party").lock(case_id)
    case.account = locked.get(case.account_id) or Account.objects.get(pk=case.account_id)
    return case


def debts_of(case: HardshipCase) -> QuerySet[Account]:
    """Every open account on which the person owes in the place of the case: all of them are asked to wait."""
    owing = AccountParty.objects.filter(party__person_id=case.party.person_id, role__in=OWES)
    return Account.objects.filter(
        pk__in=owing.values("account_id"), portfolio__jurisdiction=case.jurisdiction, state__in=OPEN_STATES
    ).order_by("pk")


def without_plan(case: HardshipCase) -> QuerySet[Account]:
    """The debts of the person there that have no plan in force."""
    planned = Arrangement.objects.filter(state__in=LIVE, kind__in=PLANS).values("account_id")
    return debts_of(case).exclude(pk__in=planned)


def needs_hold(case: HardshipCase) -> bool:
    """While a case is open nothing is asked, save where the help is a plan, which has a hold of its own."""
    has_plan = case.state == HardshipState.GRANTED and case.measure == HardshipMeasure.ARRANGEMENT
    return case.is_open and not has_plan


def keep_up(case: HardshipCase, actor: User | None, now: datetime, *, reason: str = "hardship_clock") -> None:
    """Have the hold of a locked case where it belongs: there while nothing may be asked, looked at when the next thing
    is due, and gone when the case is over. What is late stays due."""
    today = today_of(case.account, now)
    hold = Hold.objects.filter(pk=case.hold_id).first()
    in_force = hold is not None and hold.in_force
    if not needs_hold(case):
        if in_force:
            release_hold(hold_id=hold.pk, reason=reason, actor=actor, now=now)
    elif not in_force:
        _place(case, reason, actor, now)
    elif hold.review_on != (wanted := case.due_on if case.due_on > today else min(hold.review_on, today)):
        extend_hold(hold_id=hold.pk, review_on=wanted, reason=reason, actor=actor, now=now)
    publish(AccountsChanged(ids=frozenset([case.account_id]), at=now, actor_id=getattr(actor, "pk", None)))


def _place(case: HardshipCase, reason: str, actor: User | None, now: datetime) -> None:
    case.hold = place_hold(
        kind=HoldKind.HARDSHIP,
        account_id=case.account_id,
        party_id=case.party_id,
        review_on=max(today_of(case.account, now), case.due_on),
        reason=reason,
        placed_for=case,
        actor=actor,
        now=now,
    )
    case.save(update_fields=["hold"])
