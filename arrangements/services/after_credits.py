"""A customer was right about a part, and a live arrangement may still ask for what they no longer owe."""

from __future__ import annotations

from datetime import datetime

from accounts.foundation.domain_events import DisputeAnswered, DisputeCredited
from accounts.foundation.users import User
from accounts.models import Account, Dispute, NextKind
from accounts.services.accounts import today_of
from accounts.services.holds import give_way_to_holds
from accounts.services.next_step import set_next
from arrangements.models import ArrangementState
from arrangements.selectors.standings import judged


def look_again(event: DisputeCredited | DisputeAnswered) -> None:
    """Whoever looks after the account is to agree anew where less is owed than the arrangement in force still asks.

    One that a dispute of all has stopped is in force again, and looked at, once the answer was sent.
    """
    actor = User.objects.filter(pk=event.actor_id).first()
    for dispute in Dispute.objects.filter(pk__in=event.ids, credited__gt=0).order_by("pk"):
        account = Account.objects.lock(dispute.account_id)
        if account.is_open and _asks_too_much(account):
            _ask_to_look(account, dispute, actor, event.at)


def _asks_too_much(account: Account) -> bool:
    live = [one for one in judged([account.pk]) if one.arrangement.state == ArrangementState.ACTIVE]
    return any(one.still_asked > account.balance for one in live)


def _ask_to_look(account: Account, dispute: Dispute, actor: User | None, now: datetime) -> None:
    """The step is about the dispute, not the arrangement: its next payment doesn't put the step aside."""
    set_next(
        account=account,
        kind=NextKind.ACT,
        on=today_of(account, now),
        subject=dispute,
        reason="arrangement_asks_too_much",
        actor=actor,
        now=now,
    )
    give_way_to_holds(account=account, actor=actor, now=now)
