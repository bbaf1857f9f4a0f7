"""What follows for account, hold and next step when arrangements end or come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from accounts.foundation.domain_events import HoldReleased, publish
from accounts.foundation.purposes import Purpose
from accounts.foundation.set_moves import move_set
from accounts.foundation.users import User
from accounts.models import IN_FORCE, OPEN_STATES, Account, AccountState, Hold, HoldKind, NextKind
from accounts.selectors.restrictions import holds_against
from accounts.services.accounts import move_account
from accounts.services.holds import place_hold
from accounts.services.next_step import set_next
from accounts.services.next_step_sets import Step, set_next_many
from arrangements.models import LIVE, Arrangement, ArrangementKind, ArrangementState, Instalment, InstalmentState
from arrangements.selectors.standings import Agreed
from arrangements.services.discounts import give_discount, take_back_discount

S = ArrangementState
# Instalments whose money is still waited for, in the ordinary way.
AWAITED = (InstalmentState.SCHEDULED, InstalmentState.DUE)
LOOKED_AT = ["state", "next_kind", "next_on"]
REASON_OF_END = {
    S.COMPLETED: "promise_kept",
    S.BROKEN: "promise_broken",
    S.BREACHED: "settlement_breached",
    S.CANCELLED: "arrangement_cancelled",
    S.REPLACED: "arrangement_replaced",
}


@dataclass(frozen=True)
class Ended:
    """An arrangement as it was before, and the state in which it is over."""

    arrangement: Arrangement
    state: str

    @property
    def calls_for_action(self) -> bool:
        """What was not kept is acted on, whatever was planned for later."""
        return self.state in (S.BROKEN, S.BREACHED)


def end(ended: Sequence[Ended], *, on: date, actor: User | None, now: datetime) -> None:
    """Lift the holds of arrangements that are over and give their accounts back to be acted on.

    A settlement's discount is posted when it completes and taken back when it is breached. The caller has locked the
    accounts and moved the arrangements.
    """
    if not ended:
        return
    _lift_holds(ended, actor, now)
    _settle_discounts(ended, on, actor, now)
    ids = [one.arrangement.account_id for one in ended]
    replaced = set(Arrangement.objects.filter(account_id__any=ids, state__in=LIVE).values_list("account_id", flat=True))
    free = [one for one in ended if one.arrangement.account_id not in replaced]
    arranged = Account.objects.filter(pk__any=[one.arrangement.account_id for one in free], state=AccountState.ARRANGED)
    back = sorted(arranged.values_list("pk", flat=True))
    move_set(Account, "end_arrangement", back, actor=actor, at=now, reason="arrangement_over")
    set_next_many(_steps(free, on), actor=actor, now=now)


def _lift_holds(ended: Sequence[Ended], actor: User | None, now: datetime) -> None:
    kept_for = {one.arrangement.pk: one for one in ended}
    kept = Hold.objects.filter(
        placed_for_type="arrangement", placed_for_id__any=list(kept_for), state__in=IN_FORCE
    ).order_by("pk")
    ids = list(kept.locked().values_list("pk", flat=True))
    fields = {"released_at": "%(at)s", "release_reason": "%(reason)s"}
    move_set(Hold, "release", ids, actor=actor, at=now, reason="arrangement_over", fields=fields)
    publish(HoldReleased(ids=frozenset(ids), at=now, actor_id=getattr(actor, "pk", None)))


def _settle_discounts(ended: Sequence[Ended], on: date, actor: User | None, now: datetime) -> None:
    for one in ended:
        if one.arrangement.kind != ArrangementKind.SETTLEMENT:
            continue
        if one.state == S.COMPLETED:
            give_discount(one.arrangement, on=on, actor=actor, now=now)
        elif one.arrangement.state == S.COMPLETED:
            take_back_discount(one.arrangement, on=on, actor=actor, now=now)


def _steps(free: Sequence[Ended], on: date) -> list[Step]:
    """Act today, unless a hold forbids it (then its review) or somebody planned something else meanwhile."""
    ids = [one.arrangement.account_id for one in free]
    standing = {a.pk: a for a in Account.objects.filter(pk__any=ids, state__in=OPEN_STATES).only(*LOOKED_AT)}
    blocked = holds_against(ids, Purpose.DEMAND)
    steps = {}
    for one in free:
        account = standing.get(one.arrangement.account_id)
        if account is not None and _is_to_change(account, one, on):
            steps[account.pk] = _step(account, one, blocked.get(account.pk), on)
    return [steps[pk] for pk in sorted(steps)]


def _is_to_change(account: Account, one: Ended, on: date) -> bool:
    if account.next_kind == NextKind.CHECK_PROMISE:
        return True
    is_later = account.next_on is not None and account.next_on > on
    return one.calls_for_action and account.next_kind == NextKind.ACT and is_later


def _step(account: Account, one: Ended, hold: Hold | None, on: date) -> Step:
    is_settlement = one.arrangement.kind == ArrangementKind.SETTLEMENT and one.state == S.COMPLETED
    reason = "settlement_left_some" if is_settlement else REASON_OF_END[S(one.state)]
    if hold is None:
        return Step(account.pk, NextKind.ACT, on, reason)
    return Step(account.pk, NextKind.REVIEW_HOLD, max(on, hold.review_on), reason, "hold", hold.pk)


def resume(
    arrangement: Arrangement, instalments: Sequence[Instalment | Agreed], *, on: date, actor: User | None, now: datetime
) -> None:
    """Bring an arrangement back into force: its hold, its account's state, its check as next step."""
    if arrangement.state == S.COMPLETED and arrangement.kind == ArrangementKind.SETTLEMENT:
        take_back_discount(arrangement, on=on, actor=actor, now=now)
    account = Account.objects.get(pk=arrangement.account_id)
    begin(arrangement, account, instalments, reason="arrangement_resumed", on=on, actor=actor, now=now)


def begin(
    arrangement: Arrangement,
    account: Account,
    instalments: Sequence[Instalment | Agreed],
    *,
    actor: User | None,
    now: datetime,
    reason: str = "",
    on: date | None = None,
) -> None:
    """Put a live arrangement in force on its locked account: next step, hold, state.

    The step is the check of the next payment, no earlier than `on`; the hold is looked at after the last one.
    """
    reason = reason or f"{arrangement.kind}_made"
    waiting = [row.judged_on for row in instalments if row.state in AWAITED] or [instalments[-1].judged_on]
    check_on, last_on = waiting[0], instalments[-1].judged_on
    set_next(
        account=account,
        kind=NextKind.CHECK_PROMISE,
        on=max(check_on, on or check_on),
        subject=arrangement,
        reason=reason,
        actor=actor,
        now=now,
    )
    place_hold(
        kind=HoldKind.ARRANGEMENT,
        account_id=account.pk,
        review_on=max(last_on, on or last_on),
        reason=reason,
        placed_for=arrangement,
        actor=actor,
        now=now,
    )
    # place_hold has read and may have written the account: the state is moved on a fresh copy.
    account = Account.objects.get(pk=account.pk)
    if account.state in (AccountState.NEW, AccountState.ACTIVE):
        move_account(account, "arrange", actor=actor, now=now, reason=reason)
