"""Keeping: moving instalments and arrangements to where the money says they stand, and what follows for the account."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from accounts.foundation.days import civil_day
from accounts.foundation.domain_events import (
    ArrangementChanged,
    PaymentCleared,
    PaymentPosted,
    PaymentReversed,
    publish,
)
from accounts.foundation.locks import retrying
from accounts.foundation.set_moves import move_set, sources_of
from accounts.foundation.users import User
from accounts.models import Account, Payment
from arrangements.models import Arrangement, ArrangementState, Instalment, InstalmentState
from arrangements.selectors.standings import Agreed, Judged, judged
from arrangements.services.aftermath import Ended, end, resume
from arrangements.services.going_on import go_on

S, I = ArrangementState, InstalmentState  # noqa: E741
MOVE_OF_INSTALMENT = {
    I.DUE: "fall_due",
    I.KEPT_PROVISIONALLY: "keep_provisionally",
    I.KEPT: "keep",
    I.PART_KEPT: "keep_in_part",
    I.BROKEN: "fall_through",
}
MOVES_OF_ARRANGEMENT = {
    (S.ACTIVE, S.COMPLETED): ["complete"],
    (S.ACTIVE, S.BROKEN): ["fall_through"],
    (S.BROKEN, S.ACTIVE): ["accept_late_money"],
    (S.BROKEN, S.COMPLETED): ["accept_late_money", "complete"],
    (S.COMPLETED, S.ACTIVE): ["reopen"],
    (S.COMPLETED, S.BROKEN): ["fall_through"],
    (S.COMPLETED, S.BREACHED): ["breach"],
}
FIELDS_OF_MOVE = {
    "complete": {"ended_at": "%(at)s"},
    "fall_through": {"ended_at": "%(at)s"},
    "breach": {"ended_at": "%(at)s"},
    "accept_late_money": {"ended_at": "NULL", "times_reopened": "t.times_reopened + 1"},
    "reopen": {"ended_at": "NULL"},
}


@retrying
def judge_arrangements(
    *, account_ids: Iterable[int], on: date, actor: User | None, now: datetime, reason: str = "judged"
) -> Counter[str]:
    """Bring every arrangement of these accounts to where the money says that it stands; answer what moved, by name.

    `on` is the civil day on which an account that is to be chased again is acted on. What stands right already isn't
    touched, so a second call does nothing. One trail: instalments, arrangements, holds, accounts and next steps move
    together, in a number of statements that doesn't grow with the accounts.
    """
    ids = sorted(set(account_ids))
    if not ids:
        return Counter()
    Account.objects.lock_ids(ids)
    found = judged(ids)
    counts = _move_instalments(found, actor, now, reason)
    changed = [one for one in found if one.state != one.arrangement.state]
    counts += _move_arrangements(changed, actor, now, reason)
    _follow(changed, on, actor, now)
    go_on([one for one in found if one.state == one.arrangement.state == S.ACTIVE], on=on, actor=actor, now=now)
    touched = frozenset(one.arrangement.pk for one in found if _is_touched(one))
    publish(ArrangementChanged(ids=touched, at=now, actor_id=getattr(actor, "pk", None)))
    return counts


def _is_touched(one: Judged) -> bool:
    return one.state != one.arrangement.state or any(
        row.state != standing.state for row, standing in zip(one.instalments, one.standings, strict=True)
    )


def _move_instalments(found: list[Judged], actor: User | None, now: datetime, reason: str) -> Counter[str]:
    rounds: list[dict[str, list[tuple[int, date | None]]]] = [defaultdict(list), defaultdict(list)]
    for one in found:
        for row, standing in zip(one.instalments, one.standings, strict=True):
            if row.state != standing.state:
                for turn, name in zip(rounds, _path(row, standing.state), strict=False):
                    turn[name].append((row.pk, standing.decided_on if name != "fall_due" else None))
    counts: Counter[str] = Counter()
    for turn in rounds:
        for name, rows in sorted(turn.items()):
            ids, days = zip(*sorted(rows), strict=True)
            move_set(Instalment, name, ids, actor=actor, at=now, reason=reason, decided_on=days)
            counts[f"instalment.{name}"] += len(ids)
    return counts


def _path(row: Agreed, wanted: InstalmentState) -> list[str]:
    """Directly where the machine allows it, else by way of being due."""
    name = MOVE_OF_INSTALMENT[wanted]
    return [name] if row.state in sources_of(Instalment, name) else ["fall_due", name]


def _move_arrangements(changed: list[Judged], actor: User | None, now: datetime, reason: str) -> Counter[str]:
    rounds: list[dict[str, list[int]]] = [defaultdict(list), defaultdict(list)]
    for one in changed:
        names = MOVES_OF_ARRANGEMENT[S(one.arrangement.state), S(one.state)]
        for turn, name in zip(rounds, names, strict=False):
            turn[name].append(one.arrangement.pk)
    counts: Counter[str] = Counter()
    for turn in rounds:
        for name, ids in sorted(turn.items()):
            fields = FIELDS_OF_MOVE[name]
            move_set(Arrangement, name, sorted(ids), actor=actor, at=now, reason=reason, fields=fields)
            counts[f"arrangement.{name}"] += len(ids)
    return counts


def _follow(changed: list[Judged], on: date, actor: User | None, now: datetime) -> None:
    """What the new standing means for account, hold and next step."""
    ended = [Ended(one.arrangement, one.state) for one in changed if one.state != S.ACTIVE]
    end(ended, on=on, actor=actor, now=now)
    for one in changed:
        if one.state == S.ACTIVE:
            resume(one.arrangement, one.instalments, on=on, actor=actor, now=now)


def judge_after_payment(event: PaymentPosted | PaymentCleared | PaymentReversed) -> None:
    """Money came, became final or was taken back: every arrangement of its account is judged anew, in the same
    transaction."""
    by_day: dict[date, set[int]] = defaultdict(set)
    paid = Payment.objects.filter(pk__any=event.ids, account__arrangements__isnull=False)
    for account_id, zone in paid.values_list("account_id", "account__portfolio__zone").distinct():
        by_day[civil_day(event.at, zone)].add(account_id)
    actor = User.objects.filter(pk=event.actor_id).first() if event.actor_id and by_day else None
    for on, account_ids in sorted(by_day.items()):
        judge_arrangements(
            account_ids=account_ids, on=on, actor=actor, now=event.at, reason=REASON_OF_EVENT[type(event)]
        )


REASON_OF_EVENT: dict[type, str] = {
    PaymentPosted: "money_received",
    PaymentCleared: "money_cleared",
    PaymentReversed: "money_taken_back",
}
