"""Arrangements that a hold stops: nobody is judged by days on which we asked for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from accounts.foundation import days
from accounts.foundation.domain_events import ArrangementChanged, HoldPlaced, HoldReleased, publish
from accounts.foundation.states import move
from accounts.foundation.users import User
from accounts.models import IN_FORCE, MORATORIA, Account, Hold, HoldKind, HoldScope, NextKind, Portfolio
from accounts.services.holds import extend_hold
from accounts.services.next_step import set_next
from arrangements.models import Arrangement, ArrangementState, Instalment, InstalmentState
from arrangements.services.aftermath import AWAITED
from arrangements.services.agreeing import last_day_in_time
from arrangements.services.keeping import judge_arrangements
from arrangements.services.standing import MISSED

# While one of these stands against the whole debt or the person, what was agreed before isn't asked for.
SUSPENDING = [
    *MORATORIA,
    HoldKind.DISPUTE,
    HoldKind.HARDSHIP,
    HoldKind.INSOLVENCY,
    HoldKind.DECEASED,
    HoldKind.FRAUD,
    HoldKind.INCAPACITY,
    HoldKind.RECONCILIATION,
]
WHOLE = [HoldScope.ACCOUNT, HoldScope.PERSON]


def suspend_held(event: HoldPlaced) -> None:
    """Stop what was in force when such a hold came: its clock stands, and the hold's review is the next step."""
    actor = User.objects.filter(pk=event.actor_id).first() if event.actor_id else None
    for hold in _suspending(event.ids).filter(state__in=IN_FORCE).order_by("pk"):
        live = _touched_by(hold).filter(state=ArrangementState.ACTIVE).order_by("account_id")
        for pk in list(live.values_list("pk", flat=True)):
            _suspend(pk, hold, actor, event.at)


def _suspend(pk: int, hold: Hold, actor: User | None, now: datetime) -> None:
    account = Account.objects.lock(Arrangement.objects.values_list("account_id", flat=True).get(pk=pk))
    arrangement = Arrangement.objects.lock(pk)
    today = days.civil_day(now, account.portfolio.zone)
    move(arrangement, "suspend", actor=actor, at=now, reason=hold.kind, given={"on": today})
    if account.next_subject_type == "arrangement" and account.next_subject_id == pk:
        set_next(
            account=account,
            kind=NextKind.REVIEW_HOLD,
            on=max(today, hold.review_on),
            subject=hold,
            reason="arrangement_suspended",
            actor=actor,
            now=now,
        )
    publish(ArrangementChanged(ids=frozenset([pk]), at=now, actor_id=getattr(actor, "pk", None)))


def resume_freed(event: HoldReleased) -> None:
    """Bring back into force what no such hold stops any more. Its payments that are still waited for move by the days
    that it was suspended, each to an open day; money that came meanwhile counts."""
    actor = User.objects.filter(pk=event.actor_id).first() if event.actor_id else None
    for hold in _suspending(event.ids).order_by("pk"):
        waiting = _touched_by(hold).filter(state=ArrangementState.SUSPENDED).order_by("account_id")
        for pk in list(waiting.values_list("pk", flat=True)):
            if not is_stopped(Arrangement.objects.select_related("party").get(pk=pk)):
                _resume(pk, actor, event.at)


def _resume(pk: int, actor: User | None, now: datetime) -> None:
    account = Account.objects.lock(Arrangement.objects.values_list("account_id", flat=True).get(pk=pk))
    arrangement = Arrangement.objects.lock(pk)
    today = days.civil_day(now, account.portfolio.zone)
    paused = (today - (arrangement.suspended_on or today)).days
    move(arrangement, "resume", actor=actor, at=now, reason="hold_released", codes={"days": paused})
    rows = list(arrangement.instalments.order_by("due_on", "number"))
    _move_days(rows, account.portfolio, paused)
    _wait_again(arrangement, account, rows, today, actor, now)
    judge_arrangements(account_ids=[account.pk], on=today, actor=actor, now=now, reason="arrangement_resumed")
    publish(ArrangementChanged(ids=frozenset([pk]), at=now, actor_id=getattr(actor, "pk", None)))


def _move_days(rows: list[Instalment], portfolio: Portfolio, paused: int) -> None:
    """No two payments meet on one day, as in the schedule. What was missed before, or is kept by money that may come
    back, grew no older meanwhile."""
    taken: set[date] = {row.due_on for row in rows if row.state not in AWAITED}
    for row in rows if paused else []:
        if row.state == InstalmentState.KEPT:
            continue
        if row.state not in AWAITED:
            _grow_no_older(row, portfolio, paused)
            continue
        day = _next_open(row.due_on + timedelta(days=paused), portfolio, taken)
        taken.add(day)
        row.paused_days += (day - row.due_on).days
        row.judged_on = max(row.judged_on, last_day_in_time(portfolio, day))
        row.due_on = day
        row.save(update_fields=["due_on", "judged_on", "paused_days"])


def _grow_no_older(row: Instalment, portfolio: Portfolio, paused: int) -> None:
    """What was judged stays judged: no further than cash is posted."""
    if row.state in MISSED:
        posted = portfolio.cash_posted_through or row.judged_on
        paused = min(paused, (posted - row.judged_on).days)
    if paused > 0:
        row.paused_days += paused
        row.judged_on += timedelta(days=paused)
        row.save(update_fields=["judged_on", "paused_days"])


def _next_open(day: date, portfolio: Portfolio, taken: set[date]) -> date:
    while day in taken or not days.is_business_day(day, portfolio.country, portfolio.holiday_subdivision):
        day += timedelta(days=1)
    return day


def _wait_again(
    arrangement: Arrangement, account: Account, rows: list[Instalment], today: date, actor: User | None, now: datetime
) -> None:
    """The next check is that of the first payment waited for, and the arrangement's own hold lasts until the last."""
    waiting = [row.judged_on for row in rows if row.state in AWAITED] or [rows[-1].judged_on]
    fresh = Account.objects.get(pk=account.pk)
    if fresh.is_open and fresh.next_kind in (NextKind.ACT, NextKind.CHECK_PROMISE):
        set_next(
            account=fresh,
            kind=NextKind.CHECK_PROMISE,
            on=max(today, waiting[0]),
            subject=arrangement,
            reason="arrangement_resumed",
            actor=actor,
            now=now,
        )
    last_on = max(today, rows[-1].judged_on)
    own = Hold.objects.filter(placed_for_type="arrangement", placed_for_id=arrangement.pk, state__in=IN_FORCE).first()
    if own is not None and own.review_on < last_on:
        extend_hold(hold_id=own.pk, review_on=last_on, reason="arrangement_resumed", actor=actor, now=now)


def is_stopped(arrangement: Arrangement) -> bool:
    """A hold stands that suspends it."""
    on_account = Q(scope=HoldScope.ACCOUNT, account_id=arrangement.account_id)
    on_person = Q(scope=HoldScope.PERSON, person_id=arrangement.party.person_id)
    return Hold.objects.filter(on_account | on_person, kind__in=SUSPENDING, state__in=IN_FORCE).exists()


def _suspending(ids: Iterable[int]) -> QuerySet[Hold]:
    return Hold.objects.filter(pk__any=list(ids), kind__in=SUSPENDING, scope__in=WHOLE)


def _touched_by(hold: Hold) -> QuerySet[Arrangement]:
    if hold.scope == HoldScope.ACCOUNT:
        return Arrangement.objects.filter(account_id=hold.account_id)
    return Arrangement.objects.filter(party__person_id=hold.person_id)
