"""Whoever owes nothing just now isn't asked: the next step waits for the day on which something falls due."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Min, Q, QuerySet

from accounts.foundation.days import civil_day
from accounts.foundation.domain_events import PaymentPosted, PaymentReversed
from accounts.foundation.users import User
from accounts.models import OPEN_STATES, Account, NextKind, Payment
from accounts.services.next_step_sets import Step, set_next_many

REASON = "nothing_due"


def wait_until_due(event: PaymentPosted) -> None:
    """Money met all that was due: an account to be acted on is acted on when its next item falls due. One without
    anything to come keeps its step."""
    paid = _to_act(event.ids).filter(due_now__lte=0, next_subject_type="")
    steps = []
    for account in paid.select_related("portfolio").order_by("pk"):
        today = civil_day(event.at, account.portfolio.zone)
        first = account.due_items.expected().filter(due_on__gt=today).aggregate(on=Min("due_on"))["on"]
        if first is not None and account.next_on is not None and account.next_on < first:
            steps.append(Step(account.pk, NextKind.ACT, first, REASON))
    set_next_many(steps, actor=_actor(event.actor_id), now=event.at)


def ask_again(event: PaymentReversed) -> None:
    """The money went back: what waited for the next item is to be acted on today."""
    waiting = _to_act(event.ids).filter(due_now__gt=0, follow_ups__ended_at__isnull=True, follow_ups__reason=REASON)
    steps = [
        Step(account.pk, NextKind.ACT, civil_day(event.at, account.portfolio.zone), "payment_returned")
        for account in waiting.select_related("portfolio").order_by("pk")
    ]
    set_next_many(steps, actor=_actor(event.actor_id), now=event.at)


def _to_act(payments: Collection[int]) -> QuerySet[Account]:
    paid = Payment.objects.filter(pk__any=list(payments)).values("account_id")
    return Account.objects.filter(Q(pk__in=paid), next_kind=NextKind.ACT, state__in=OPEN_STATES, balance__gt=0)


def _actor(pk: int | None) -> User | None:
    return User.objects.filter(pk=pk).first() if pk else None
