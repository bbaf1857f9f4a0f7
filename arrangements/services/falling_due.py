"""Payments that come to their day: by the set, for no money has to be looked at to see it."""

from __future__ import annotations

from datetime import date, datetime

from accounts.foundation.locks import retrying
from accounts.foundation.set_moves import move_set
from accounts.models import Account
from arrangements.models import ArrangementState, Instalment, InstalmentState


@retrying
def fall_due_through(*, portfolio_id: int, on: date, after: int, most: int, now: datetime) -> list[int]:
    """Every payment whose day is `on` or earlier, and that may still come in time, is due; answers their ids, at most
    so many above `after`.

    Money that came early has kept its payment when it came (`keeping.judge_after_payment`), so what is still scheduled
    waits for money. Nothing else follows: neither next step nor queue look at whether a payment is due yet.
    """
    waiting = Instalment.objects.filter(
        state=InstalmentState.SCHEDULED,
        due_on__lte=on,
        judged_on__gt=on,
        account__portfolio_id=portfolio_id,
        arrangement__state=ArrangementState.ACTIVE,
    )
    seen = dict(waiting.filter(pk__gt=after).order_by("pk").values_list("pk", "account_id")[:most])
    Account.objects.lock_ids(set(seen.values()))
    still = list(waiting.filter(pk__any=list(seen)).order_by("pk").values_list("pk", flat=True))
    move_set(Instalment, "fall_due", still, actor=None, at=now, reason="day_closed", fields={"decided_on": "NULL"})
    return list(seen)
