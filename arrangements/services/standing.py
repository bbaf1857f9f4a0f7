"""How an arrangement stands: a pure function of what was agreed, the money, and the day through which cash is posted.

Money meets the instalments in the order of their days. Nothing here reads a clock or a database, so that the stored
states can be recomputed at any time and must agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.foundation.money import ZERO
from arrangements.models import ArrangementKind, ArrangementState, InstalmentState

I = InstalmentState  # noqa: E741
KEPT = {I.KEPT, I.KEPT_PROVISIONALLY}
MISSED = {I.BROKEN, I.PART_KEPT}


@dataclass(frozen=True)
class Promised:
    """One instalment as agreed: money received up to `judged_on` is in time."""

    number: int
    due_on: date
    judged_on: date
    amount: Decimal


@dataclass(frozen=True)
class Money:
    """Money received after the agreement. `taken_back` money keeps nothing, but it was once there."""

    received_on: date
    amount: Decimal
    cleared: bool = False
    taken_back: bool = False


@dataclass(frozen=True)
class Breaks:
    """What an arrangement survives: so many payments missed at a time, the oldest for so many days (None: any)."""

    missed: int = 0
    days: int | None = None


PROMISES_SURVIVE_NOTHING = Breaks()


@dataclass(frozen=True)
class Standing:
    """A state of an instalment and the civil day that decided it (None while it is open)."""

    state: InstalmentState
    decided_on: date | None = None


def stand(
    promised: Sequence[Promised],
    money: Sequence[Money],
    *,
    posted_through: date | None,
    tolerance: Decimal = ZERO,
    is_over: bool = False,
) -> list[Standing]:
    """The state of each instalment, in the order given (by day, then number).

    Enough money keeps an instalment provisionally, enough cleared money finally, late money too. One that has too
    little is judged only when cash is posted through its last day in time. When the arrangement `is_over` (the account
    closed, or something else was agreed since) nothing is waited for any more.
    """
    ever = sorted(money, key=lambda m: m.received_on)
    there = [m for m in ever if not m.taken_back]
    states, before = [], ZERO
    for one in promised:
        enough = max(before, before + one.amount - tolerance)
        states.append(_stand_one(one, there, ever, before, enough, date.max if is_over else posted_through))
        before += one.amount
    return states


def _stand_one(
    one: Promised,
    there: Sequence[Money],
    ever: Sequence[Money],
    before: Decimal,
    enough: Decimal,
    posted_through: date | None,
) -> Standing:
    if met_on := _day_met(there, enough):
        cleared = sum((m.amount for m in there if m.cleared), ZERO)
        return Standing(I.KEPT if cleared >= enough else I.KEPT_PROVISIONALLY, met_on)
    if posted_through and one.judged_on <= posted_through:
        in_part = sum((m.amount for m in there), ZERO) > before
        return Standing(I.PART_KEPT if in_part else I.BROKEN, one.judged_on)
    # What was kept once and lost its money is due again, even before its day.
    was_met = len(there) < len(ever) and _day_met(ever, enough)
    is_due = posted_through is not None and one.due_on <= posted_through
    return Standing(I.DUE if is_due or was_met else I.SCHEDULED)


def _day_met(money: Sequence[Money], enough: Decimal) -> date | None:
    """The day on which money, in the order of its days, came to enough."""
    so_far = ZERO
    for one in money:
        so_far += one.amount
        if so_far >= enough:
            return one.received_on
    return None


def stand_together(
    standings: Sequence[Standing],
    *,
    kind: str,
    was: str,
    is_over: bool = False,
    breaks: Breaks = PROMISES_SURVIVE_NOTHING,
    posted_through: date | None = None,
) -> str:
    """The state of the arrangement whose instalments stand so, coming from `was`.

    A settlement that was completed and lost its money is breached once its day has passed; a breach is final. Nothing
    survives being over with a payment missed.
    """
    if was == ArrangementState.BREACHED:
        return was
    states = [standing.state for standing in standings]
    if all(state == I.KEPT for state in states) or (is_over and all(state in KEPT for state in states)):
        return ArrangementState.COMPLETED
    if _is_broken(standings, breaks, posted_through, is_over):
        lost = kind == ArrangementKind.SETTLEMENT and was == ArrangementState.COMPLETED
        return ArrangementState.BREACHED if lost else ArrangementState.BROKEN
    return ArrangementState.ACTIVE


def _is_broken(standings: Sequence[Standing], breaks: Breaks, posted_through: date | None, is_over: bool) -> bool:
    missed = [standing.decided_on for standing in standings if standing.state in MISSED and standing.decided_on]
    if not missed:
        return False
    if is_over or len(missed) > breaks.missed:
        return True
    too_long = breaks.days is not None and posted_through is not None
    return too_long and (posted_through - min(missed)).days > (breaks.days or 0)
