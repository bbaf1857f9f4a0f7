"""The customer says that it is paid: nobody chases until somebody has looked for the money."""

from __future__ import annotations

from datetime import date, datetime

from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.locks import retrying
from accounts.foundation.users import User
from accounts.models import IN_FORCE, Hold, HoldKind
from accounts.services.accounts import today_of
from accounts.services.door import lock_account_with_people
from accounts.services.holds import place_hold


@retrying
def record_paid_claim(*, account_id: int, paid_on: date, actor: User, now: datetime) -> Hold:
    """Pause demands for the days it takes to find the money, with a review as next step. No money is posted.

    A claim that is being looked into already is answered as it is. Refuses days to come and closed accounts.
    """
    account = lock_account_with_people(account_id)
    if not account.is_open:
        raise Refused("next_step_of_closed_account", account=account.reference)
    if paid_on > today_of(account, now):
        raise Refused("payment_in_the_future", day=paid_on)
    waiting = Hold.objects.filter(account=account, kind=HoldKind.PAID_CLAIM, state__in=IN_FORCE).first()
    if waiting is not None:
        return waiting
    hold = place_hold(kind=HoldKind.PAID_CLAIM, account_id=account.pk, reason="says_paid", actor=actor, now=now)
    record("account.says_paid", subject=account, actor=actor, at=now, codes={"paid_on": paid_on.isoformat()})
    return hold
