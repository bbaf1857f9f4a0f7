"""Lifting many holds at once: what `release_hold` does for one, by the set where the ordinary case allows it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from accounts.foundation.domain_events import HoldReleased, publish
from accounts.foundation.locks import retrying
from accounts.foundation.purposes import Purpose
from accounts.foundation.set_moves import move_set
from accounts.models import IN_FORCE, Account, Hold, HoldScope, NextKind
from accounts.selectors.restrictions import holds_against
from accounts.services.holds import release_hold
from accounts.services.next_step_sets import Step, set_next_many


@retrying
def lift_holds(*, hold_ids: Iterable[int], reason: str, on: date, now: datetime) -> int:
    """Lift holds that end by themselves and give back the steps that they displaced, on `on` at the earliest.

    An account that was simply to be acted on gets that back by the set; a timed step, another hold in the way or a hold
    on a person is looked at one by one. Answers how many were lifted; those lifted already aren't counted.
    """
    holds = list(Hold.objects.filter(pk__in=list(hold_ids), state__in=IN_FORCE).order_by("pk"))
    if not holds:
        return 0
    accounts = {a.pk: a for a in Account.objects.lock_all(h.account_id for h in holds if h.account_id)}
    ids = [hold.pk for hold in holds]
    blocked = holds_against(accounts, Purpose.DEMAND, apart_from=ids)
    plain = [
        h for h in holds if h.account_id in accounts and _is_plain(h, accounts[h.account_id], h.account_id in blocked)
    ]
    fields = {"released_at": "%(at)s", "release_reason": "%(reason)s"}
    move_set(Hold, "release", [h.pk for h in plain], actor=None, at=now, reason=reason, fields=fields)
    set_next_many([_step(h, on) for h in plain if _was_displaced(h, accounts[h.account_id])], actor=None, now=now)
    publish(HoldReleased(ids=frozenset(h.pk for h in plain), at=now))
    for pk in sorted(set(ids) - {h.pk for h in plain}):
        release_hold(hold_id=pk, reason=reason, actor=None, now=now)
    return len(ids)


def _is_plain(hold: Hold, account: Account, is_blocked: bool) -> bool:
    if hold.scope != HoldScope.ACCOUNT:
        return False
    if not _was_displaced(hold, account):
        return True
    was = (hold.displaced_step or {}).get(str(account.pk)) or {}
    return not is_blocked and was.get("kind", NextKind.ACT) == NextKind.ACT and not was.get("at")


def _was_displaced(hold: Hold, account: Account) -> bool:
    return account.is_open and account.next_subject_type == "hold" and account.next_subject_id == hold.pk


def _step(hold: Hold, on: date) -> Step:
    was = (hold.displaced_step or {}).get(str(hold.account_id)) or {}
    day = max(on, date.fromisoformat(was["on"])) if was.get("on") else on
    return Step(hold.account_id or 0, NextKind.ACT, day, "hold_released")
