"""The next step after a contact: the outcome's usual one, or what the customer and the agent agreed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from accounts.foundation import days
from accounts.foundation.errors import Refused
from accounts.foundation.purposes import Purpose
from accounts.foundation.users import Team, User
from accounts.models import Account, Hold, HoldKind, NextKind
from accounts.services.accounts import today_of
from accounts.services.holds import holds_touching
from accounts.services.next_step import set_next
from communications.models import Outcome, Reached

# Steps that wait for something that a call without result doesn't change.
STANDING = {NextKind.CHECK_PROMISE, NextKind.REVIEW_HOLD, NextKind.AWAIT_APPROVAL, NextKind.AWAIT_VENDOR}


def plan_step(
    account: Account,
    outcome: Outcome,
    *,
    person_id: int,
    callback_at: datetime | None,
    wished_on: date | None,
    actor: User,
    now: datetime,
) -> None:
    """Set the next step of a locked, open account.

    What waits for a promise, a review, an approval or a vendor stands unless the agent names a day or a callback; an
    agreed callback stands when nobody was reached.
    Refuses a day that has passed, a callback without its time, and any replacement while a hold forbids contact.
    """
    if outcome.next_kind in (NextKind.CHECK_PROMISE, NextKind.REVIEW_HOLD):
        return
    callback = _callback(outcome, callback_at, now)
    wished = callback is not None or wished_on is not None
    if (account.next_kind in STANDING or _is_agreed_callback(account, outcome, now)) and not wished:
        return
    if wished and (hold := forbidding_hold(account, person_id)):
        raise Refused("next_step_held", hold=hold.get_kind_display(), day=hold.review_on)
    today = today_of(account, now)
    if wished_on is not None and wished_on < today:
        raise Refused("next_step_in_the_past", day=wished_on)
    on = wished_on or today + timedelta(days=outcome.next_days)
    if callback is not None:
        on = max(today, days.civil_day(callback, account.portfolio.zone))
    set_next(
        account=account,
        kind=NextKind.CALLBACK if callback else outcome.next_kind,
        on=on,
        at=callback,
        owner=_owner(account, actor) if callback else None,
        reason=outcome.code,
        actor=actor,
        now=now,
    )


def _is_agreed_callback(account: Account, outcome: Outcome, now: datetime) -> bool:
    """A call that reached nobody takes nothing away from the call that was agreed for later."""
    ahead = account.next_kind == NextKind.CALLBACK and account.next_at is not None and account.next_at > now
    return ahead and outcome.reached in (Reached.NOBODY, Reached.MACHINE)


def _callback(outcome: Outcome, at: datetime | None, now: datetime) -> datetime | None:
    if outcome.next_kind != NextKind.CALLBACK:
        return None
    if at is None:
        raise Refused("callback_needs_time")
    if at <= now:
        raise Refused("callback_in_the_past")
    return at


def forbidding_hold(account: Account, person_id: int) -> Hold | None:
    """The hold that forbids asking this person for money. A live arrangement's own hold leaves room for a callback."""
    holds = holds_touching(account, person_id).exclude(kind=HoldKind.ARRANGEMENT)
    return next((hold for hold in holds.order_by("-review_on") if hold.forbids(Purpose.DEMAND)), None)


def _owner(account: Account, actor: User) -> User | None:
    """Whoever promised to call back does so, when the account is their team's; else it stays where it was."""
    is_theirs = Team.objects.filter(pk=actor.team_id, portfolios=account.portfolio_id).exists()
    return actor if is_theirs else None
