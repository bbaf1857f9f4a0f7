"""The steps of closing a day, in their order. This file is the whole list.

A step does one batch in the caller's transaction and says where it stopped. Each looks for what is still to be done,
so that doing it again, after a crash or by mistake, changes nothing. Only what changes is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import BigIntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.foundation.domain_events import AccountsChanged, publish
from accounts.foundation.set_moves import move_set
from accounts.models import OPEN_STATES, Account, AccountParty, DueItem, Hold, HoldState, NextKind, Portfolio
from accounts.selectors.total_cost import at_their_cap
from accounts.services.approval_ends import expire_overdue
from accounts.services.due import refresh_due_of_portfolio
from accounts.services.hold_sets import lift_holds
from accounts.services.interest import accrue_day, bearing_accounts, take_back_leaks
from accounts.services.next_step_sets import Step, set_next_many
from accounts.services.payments import clear_payments
from arrangements.models import LIVE, Arrangement, ArrangementState, Instalment, InstalmentState
from arrangements.selectors.freezes import frozen_by_agreement
from arrangements.services.falling_due import fall_due_through
from arrangements.services.keeping import judge_arrangements
from arrangements.services.offers import expire_offers
from arrangements.services.reminders import queue_reminders
from collections_crm.closing.day import ClosingDay

BATCH = 1000
# What one statement does, without looking at anything row by row.
MANY = 10_000
UNREVIEWED = [HoldState.ACTIVE, HoldState.EXTENDED]


@dataclass(frozen=True)
class Batch:
    """What one batch wrote, by kind, and the id it stopped at (None: the step is through)."""

    wrote: Counter[str] = field(default_factory=Counter)
    stopped_at: int | None = None


ClosingStep = Callable[[ClosingDay, int], Batch]


def post_cash(day: ClosingDay, after: int) -> Batch:
    """Everything received on the day is in: its promises may be judged."""
    behind = Portfolio.objects.filter(pk=day.portfolio.pk).filter(
        Q(cash_posted_through__isnull=True) | Q(cash_posted_through__lt=day.on)
    )
    return Batch(Counter(portfolios=behind.update(cash_posted_through=day.on)))


def clear(day: ClosingDay, after: int) -> Batch:
    """Money whose clearing days are over can't be returned in the ordinary way any more."""
    cleared = clear_payments(portfolio_id=day.portfolio.pk, on=day.on, now=day.at)
    return Batch(Counter(payments=len(cleared)))


def accrue(day: ClosingDay, after: int) -> Batch:
    """The day's interest, where an account bears any and nothing lets it stand still; before what is due is worked
    out, for where the whole balance is due it is part of it."""
    ids = bearing_accounts(day.portfolio, on=day.on, after=after, most=BATCH)
    if not ids:
        return Batch()
    agreed = [*frozen_by_agreement(ids, on=day.on, zone=day.portfolio.zone), *at_their_cap(ids)]
    added = accrue_day(account_ids=ids, on=day.on, agreed=agreed, at=day.at)
    taken = take_back_leaks(ids, actor=None, at=day.at)
    wrote = Counter(entries=len(added), taken_back=taken.total())
    return Batch(wrote, ids[-1] if len(ids) == BATCH else None)


def due_items_and_buckets(day: ClosingDay, after: int) -> Batch:
    """What falls due on the day that begins, and the buckets that accounts move to."""
    falling = DueItem.objects.expected().filter(
        due_on=day.next_on, account__portfolio=day.portfolio, account__state__in=OPEN_STATES
    )
    changed = refresh_due_of_portfolio(portfolio_id=day.portfolio.pk, on=day.next_on)
    publish(AccountsChanged(ids=frozenset(changed), at=day.at))
    return Batch(Counter(due_items=falling.count(), accounts=len(changed)))


def fall_due(day: ClosingDay, after: int) -> Batch:
    """Payments agreed for the day, which may still come in time."""
    seen = fall_due_through(portfolio_id=day.portfolio.pk, on=day.on, after=after, most=MANY, now=day.at)
    return Batch(Counter({"instalment.fall_due": len(seen)}), seen[-1] if len(seen) == MANY else None)


def judge_promises(day: ClosingDay, after: int) -> Batch:
    """Instalments whose last day in time has passed: kept, kept in part or broken."""
    I = InstalmentState  # noqa: E741
    waiting = Instalment.objects.filter(
        Q(state__in=[I.SCHEDULED, I.DUE], judged_on__lte=day.on)
        # A plan survives a missed payment for a while only.
        | Q(state__in=[I.BROKEN, I.PART_KEPT]),
        account__portfolio=day.portfolio,
        arrangement__state=ArrangementState.ACTIVE,
    )
    ids, stopped_at = _next_accounts(waiting, after)
    return Batch(
        judge_arrangements(account_ids=ids, on=day.next_on, actor=None, now=day.at, reason="day_closed"), stopped_at
    )


def remind(day: ClosingDay, after: int) -> Batch:
    """Reminders of what is promised for the day after the one that begins; sent during that day."""
    seen = queue_reminders(portfolio=day.portfolio, on=day.next_on, now=day.at, after=after, most=BATCH)
    return Batch(Counter(reminders=len(seen)), seen[-1] if len(seen) == BATCH else None)


def review_holds(day: ClosingDay, after: int) -> Batch:
    """Holds that reach their date: a self-ending one lifts, any other keeps forbidding and becomes a review.

    What a live arrangement keeps ends with the arrangement, never by its date. A hold on a person belongs to the
    portfolio of that person's oldest account, so that exactly one closing sees it.
    """
    ids = list(_reaching_holds(day).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH])
    held = Hold.objects.filter(pk__any=ids, state__in=UNREVIEWED)
    come_due = list(held.filter(self_ending=False).order_by("pk").locked().values_list("pk", flat=True))
    move_set(Hold, "come_due", come_due, actor=None, at=day.at, reason="day_closed")
    lifting = list(held.filter(self_ending=True).order_by("pk").values_list("pk", flat=True))
    lift_holds(hold_ids=lifting, reason="day_reached", on=day.next_on, now=day.at)
    return Batch(Counter(to_review=len(come_due), lifted=len(lifting)), ids[-1] if len(ids) == BATCH else None)


def _reaching_holds(day: ClosingDay) -> QuerySet[Hold]:
    kept = Arrangement.objects.filter(state__in=LIVE).values("pk")
    oldest = AccountParty.objects.filter(party__person_id=OuterRef("person_id")).order_by("account_id")
    first = Subquery(oldest.values("account__portfolio_id")[:1])
    return (
        Hold.objects.filter(state__in=UNREVIEWED, review_on__lte=day.next_on)
        .exclude(placed_for_type="arrangement", placed_for_id__in=kept)
        .annotate(closed_with=Coalesce("account__portfolio_id", first, output_field=BigIntegerField()))
        .filter(closed_with=day.portfolio.pk)
    )


def miss_callbacks(day: ClosingDay, after: int) -> Batch:
    """Callbacks of the day that nobody made: the account is to be acted on first thing."""
    missed = Account.objects.filter(
        portfolio=day.portfolio, state__in=OPEN_STATES, next_kind=NextKind.CALLBACK, next_on__lte=day.on, pk__gt=after
    ).order_by("pk")
    ids = list(missed.locked().values_list("pk", flat=True)[:BATCH])
    steps = [Step(pk, NextKind.ACT, day.next_on, "callback_missed") for pk in ids]
    set_next_many(steps, actor=None, now=day.at)
    return Batch(Counter(missed=len(ids)), ids[-1] if len(ids) == BATCH else None)


def expire_approvals(day: ClosingDay, after: int) -> Batch:
    """Requests that nobody decided in time."""
    return Batch(Counter(expired=len(expire_overdue(now=day.at, portfolio_id=day.portfolio.pk))))


def end_offers(day: ClosingDay, after: int) -> Batch:
    """Offers whose last day is over: nobody may accept them any more."""
    return Batch(Counter(offers=len(expire_offers(portfolio=day.portfolio, on=day.next_on, now=day.at))))


def _next_accounts(instalments: QuerySet[Instalment], after: int) -> tuple[list[int], int | None]:
    found = instalments.filter(account_id__gt=after).order_by("account_id")
    ids = list(found.values_list("account_id", flat=True).distinct()[:BATCH])
    return ids, ids[-1] if len(ids) == BATCH else None


STEPS: list[tuple[str, ClosingStep]] = [
    ("cash", post_cash),
    ("clearing", clear),
    ("interest", accrue),
    ("due_items_and_buckets", due_items_and_buckets),
    ("falling_due", fall_due),
    ("promises", judge_promises),
    ("reminders", remind),
    ("holds", review_holds),
    ("callbacks", miss_callbacks),
    ("approvals", expire_approvals),
    ("offers", end_offers),
]
