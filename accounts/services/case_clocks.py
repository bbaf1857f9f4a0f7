"""What cases with a clock and a hold of their own share: when the hold is looked at, on which days an answer may have
gone."""

from __future__ import annotations

from datetime import date, datetime

from accounts.foundation import days
from accounts.foundation.domain_events import AccountsChanged, publish
from accounts.foundation.users import User
from accounts.models import Account, Hold
from accounts.services.accounts import today_of
from accounts.services.holds import extend_hold


def keep_review(
    hold: Hold | None, due_on: date, *, account: Account, reason: str, actor: User | None, now: datetime
) -> None:
    """The hold of a case is looked at when the next thing is due; what is late stays due. Tells the queue."""
    if hold is not None and hold.in_force and hold.review_on != due_on > today_of(account, now):
        extend_hold(hold_id=hold.pk, review_on=due_on, reason=reason, actor=actor, now=now)
    tell_changed(account, actor, now)


def tell_changed(account: Account, actor: User | None, now: datetime) -> None:
    """Whatever the queue shows of the account may have changed."""
    publish(AccountsChanged(ids=frozenset([account.pk]), at=now, actor_id=getattr(actor, "pk", None)))


def sent_between(decided_at: datetime, on: date, now: datetime, *, account: Account) -> bool:
    """An answer goes on a day from its decision to today, where the portfolio is."""
    zone = account.portfolio.zone
    return days.civil_day(decided_at, zone) <= on <= days.civil_day(now, zone)
