"""Closing a day of a portfolio: once, whoever starts it; from where it stopped, whatever stopped it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.foundation.errors import Refused, register_sentences
from accounts.foundation.locks import retrying
from accounts.foundation.runs import Run, claim_run
from accounts.models import Portfolio
from collections_crm.closing import steps
from collections_crm.closing.day import ONE_DAY, ClosingDay, closing_instant, days_to_close, last_ended

logger = logging.getLogger(__name__)

JOB = "close_day"
LOCK_SPACE = 4201
# A first closing is followed by one of every day since: a slip of the year would close thousands.
BEGIN_WITHIN = timedelta(days=92)

register_sentences(
    {
        "day_to_come": _("{day} has not begun."),
        "day_long_ago": _("No day of {portfolio} was ever closed: its first one may be {days} days ago at most."),
        "day_not_over": _("{day} can't be closed in {portfolio} before its cash is in, {from_} UTC."),
        "day_being_closed": _("{portfolio} is being closed just now. Look again in a minute."),
        "day_before_the_first": _("{day} was never closed in {portfolio}: closing began later."),
    }
)


def close_through(*, portfolio_id: int, on: date | None = None, now: datetime) -> list[Run]:
    """Close a civil day of the portfolio, and every missed one before it, oldest first. Answers their runs.

    Without `on`: the last day that has ended. A day closed already is answered with what was recorded then, and nothing
    is written. Refuses a day whose cash can't be in yet, and a portfolio that somebody else is closing just now.
    """
    portfolio = Portfolio.objects.get(pk=portfolio_id)
    through = on or last_ended(portfolio, now)
    refuse_unfinished(portfolio, through, now)
    if portfolio.closed_through and through <= portfolio.closed_through:
        return [recorded(portfolio, through)] if on else []
    with _alone(portfolio):
        portfolio = Portfolio.objects.get(pk=portfolio_id)
        return [_close(ClosingDay(portfolio, day), now) for day in days_to_close(portfolio, through)]


def refuse_unfinished(portfolio: Portfolio, on: date, now: datetime) -> None:
    """Refuses a day of which cash may still come, and one that is too long ago to begin with."""
    if on > now.date() + ONE_DAY:
        raise Refused("day_to_come", day=on)
    at = closing_instant(portfolio, on)
    if at > now:
        raise Refused("day_not_over", day=on, portfolio=portfolio.code, from_=f"{at:%Y-%m-%d %H:%M}")
    if portfolio.closed_through is None and on < now.date() - BEGIN_WITHIN:
        raise Refused("day_long_ago", day=on, portfolio=portfolio.code, days=BEGIN_WITHIN.days)


def recorded(portfolio: Portfolio, on: date) -> Run:
    """The run that closed a day. Refuses days from before the first closing."""
    run = Run.objects.filter(job=JOB, scope=portfolio.code, period=on.isoformat()).first()
    if run is None:
        raise Refused("day_before_the_first", day=on, portfolio=portfolio.code)
    return run


def _close(day: ClosingDay, now: datetime) -> Run:
    run, _is_new = claim_run(job=JOB, scope=day.portfolio.code, period=day.on.isoformat(), at=now)
    names = [name for name, _step in steps.STEPS]
    done = names.index(run.step) + 1 if run.step else 0
    for name, step in steps.STEPS[done:]:
        _take(step, name, day, run)
    _finish(run, day, now)
    return run


def _take(step: steps.ClosingStep, name: str, day: ClosingDay, run: Run) -> None:
    """One step, batch by batch. What a batch wrote and how much it was are committed together."""
    after: int | None = 0
    while after is not None:
        after, run.counts = _take_batch(step, name, day, run.pk, run.counts, after)
    run.step = name


@retrying
def _take_batch(
    step: steps.ClosingStep, name: str, day: ClosingDay, run_id: int, counts: dict[str, dict[str, int]], after: int
) -> tuple[int | None, dict[str, dict[str, int]]]:
    batch = step(day, after)
    wrote = counts.get(name, {})
    counts = counts | {name: {kind: wrote.get(kind, 0) + batch.wrote[kind] for kind in {*wrote, *batch.wrote}}}
    is_through = {"step": name} if batch.stopped_at is None else {}
    Run.objects.filter(pk=run_id).update(counts=counts, **is_through)
    return batch.stopped_at, counts


@retrying
def _finish(run: Run, day: ClosingDay, now: datetime) -> None:
    Portfolio.objects.filter(pk=day.portfolio.pk).update(closed_through=day.on)
    run.ended_at = now
    run.save(update_fields=["ended_at"])


@contextmanager
def _alone(portfolio: Portfolio) -> Iterator[None]:
    """One closing of a portfolio at a time. The lock ends with the connection: a killed one leaves nothing behind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, portfolio.pk])
        if not cursor.fetchone()[0]:
            raise Refused("day_being_closed", portfolio=portfolio.code)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, portfolio.pk])


def close_ended_days(
    *,
    now: datetime,
    on: date | None = None,
    portfolio_ids: Iterable[int] | None = None,
    tell: Callable[[Run], object] | None = None,
) -> list[Run]:
    """Close every ended day of many portfolios (all of them by default), in the order in which the days ended.

    What is closed already is answered when `on` asks for it; a portfolio that somebody else is closing is left alone.
    One whose closing fails keeps no other from being closed: the first error is raised when all were tried. `tell`
    hears of each run as soon as it is over.
    """
    chosen = Portfolio.objects.all() if portfolio_ids is None else Portfolio.objects.filter(pk__in=portfolio_ids)
    if on is not None:
        for portfolio in chosen:
            refuse_unfinished(portfolio, on, now)
    waiting = [
        (closing_instant(portfolio, day), portfolio.pk, day)
        for portfolio in chosen
        for day in _days_asked(portfolio, on, now)
    ]
    runs: list[Run] = []
    failed: dict[int, Exception] = {}
    for _at, portfolio_id, day in sorted(waiting):
        # The days of a portfolio build on each other: after one that failed, its later ones wait.
        if portfolio_id in failed:
            continue
        for run in _unless_failing(portfolio_id, day, now, failed):
            runs.append(run)
            if tell:
                tell(run)
    if failed:
        raise next(iter(failed.values()))
    return runs


def _days_asked(portfolio: Portfolio, on: date | None, now: datetime) -> Iterable[date]:
    if on is not None and portfolio.closed_through and on <= portfolio.closed_through:
        return [on]
    return days_to_close(portfolio, on or last_ended(portfolio, now))


def _unless_failing(portfolio_id: int, day: date, now: datetime, failed: dict[int, Exception]) -> list[Run]:
    try:
        return _unless_busy(portfolio_id, day, now)
    except SoftTimeLimitExceeded:
        # The time is over for all of them, not for this one.
        raise
    except Exception as error:
        logger.exception("closing of portfolio %s through %s failed", portfolio_id, day)
        failed[portfolio_id] = error
        return []


def _unless_busy(portfolio_id: int, day: date, now: datetime) -> list[Run]:
    try:
        return close_through(portfolio_id=portfolio_id, on=day, now=now)
    except Refused as refusal:
        if refusal.code != "day_being_closed":
            raise
        return []
