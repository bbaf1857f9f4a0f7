"""What a plan in force waits for next: its next payment, or a friendly word about the one that was missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from accounts.foundation.users import User
from accounts.models import OPEN_STATES, Account, NextKind
from accounts.services.next_step_sets import Step, set_next_many
from arrangements.selectors.standings import Judged
from arrangements.services.aftermath import AWAITED
from arrangements.services.standing import MISSED

SUBJECT = "arrangement"


def go_on(found: Sequence[Judged], *, on: date, actor: User | None, now: datetime) -> None:
    """Give the accounts of plans that stay in force the step that follows from how their payments stand now.

    A payment newly missed is asked about on `on`; one that was made is followed by the check of the next. A step that
    somebody set for another reason stays. Arrangements of one payment have nothing to go on to.
    """
    several = {one.arrangement.account_id: one for one in found if len(one.instalments) > 1}
    if not several:
        return
    rows = Account.objects.filter(pk__any=sorted(several), state__in=OPEN_STATES)
    accounts = rows.only("next_kind", "next_on", "next_subject_type", "next_subject_id")
    steps = (_step(account, several[account.pk], on) for account in accounts.order_by("pk"))
    set_next_many([step for step in steps if step], actor=actor, now=now)


def _step(account: Account, one: Judged, on: date) -> Step | None:
    is_ours = account.next_subject_type == SUBJECT and account.next_subject_id == one.arrangement.pk
    if not is_ours:
        return None
    about = (SUBJECT, one.arrangement.pk)
    if any(standing.state in MISSED for standing in one.standings):
        if account.next_kind == NextKind.CHECK_PROMISE and _is_newly_missed(one):
            return Step(account.pk, NextKind.ACT, on, "plan_payment_missed", *about)
        return None
    awaited = [row.judged_on for row, now_is in _pairs(one) if now_is.state in AWAITED]
    next_on = max(on, awaited[0] if awaited else one.instalments[-1].judged_on)
    if account.next_on == next_on and account.next_kind == NextKind.CHECK_PROMISE:
        return None
    return Step(account.pk, NextKind.CHECK_PROMISE, next_on, "plan_goes_on", *about)


def _pairs(one: Judged):
    return zip(one.instalments, one.standings, strict=True)


def _is_newly_missed(one: Judged) -> bool:
    return any(now_is.state in MISSED and row.state not in MISSED for row, now_is in _pairs(one))
