"""Loading a confirmed placement: batches that commit and can be taken up again, visible all at once at the end."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Sum

from accounts.foundation import days
from accounts.foundation.domain_events import AccountsPlaced, publish
from accounts.foundation.errors import Refused
from accounts.foundation.states import move
from accounts.foundation.users import Team
from accounts.models import (
    HOLD_TERMS,
    Account,
    HoldKind,
    Placement,
    PlacementState,
    Portfolio,
)
from accounts.remittance.schedule import MOST_REMITTANCES, Calendar, Rhythm, remittance_days
from accounts.services.placements.load_statements import COMPLETE_ACCOUNTS, MAKE_ACCOUNTS
from accounts.services.planner import tell_planner

BATCH_END = """
    SELECT max(number) FROM (
        SELECT number FROM accounts_stagedrow
        WHERE placement_id = %s AND result = 'placed' AND number > %s ORDER BY number LIMIT %s
    ) AS batch
"""


def load_batch(*, placement_id: int, now: datetime) -> bool:
    """Write the next batch of a placement being loaded; after the last one, make it live. Answers whether it did.

    Each batch is one transaction that also says how far it came, so a killed one leaves nothing and is written again.
    While another worker has the placement this one does nothing.
    """
    with transaction.atomic():
        placement = _claimed(placement_id, PlacementState.LOADING)
        if placement is None:
            return False
        upto = _batch_end(placement)
        if upto is None:
            _go_live(placement, now)
        else:
            _write(placement, upto, now)
    return True


def announce_batch(*, placement_id: int, now: datetime) -> bool:
    """Tell the other floors about the next batch of a live placement's accounts. Answers whether there is more.

    Each batch is told once: what was told is remembered in the transaction in which the handlers ran.
    """
    with transaction.atomic():
        placement = _claimed(placement_id, PlacementState.LIVE)
        if placement is None or placement.announced_through >= placement.loaded_through:
            return False
        rows = list(
            placement.accounts.filter(placement_row__gt=placement.announced_through)
            .order_by("placement_row")
            .values_list("pk", "placement_row")[: settings.PLACEMENT_BATCH]
        )
        ids = frozenset(pk for pk, _row in rows)
        publish(AccountsPlaced(ids=ids, at=now, actor_id=placement.confirmed_by_id))
        placement.announced_through = (rows[-1][1] if rows else None) or placement.loaded_through
        placement.save(update_fields=["announced_through"])
        return placement.announced_through < placement.loaded_through


def _claimed(placement_id: int, state: str) -> Placement | None:
    """The placement, locked, in that state; None while somebody else has it."""
    free = Placement.objects.select_for_update(no_key=True, of=("self",), skip_locked=True)
    return free.filter(pk=placement_id, state=state).select_related("portfolio__product").first()


def _batch_end(placement: Placement) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(BATCH_END, [placement.pk, placement.loaded_through, settings.PLACEMENT_BATCH])
        return cursor.fetchone()[0]


def _write(placement: Placement, upto: int, now: datetime) -> None:
    params = _params(placement, upto, now)
    with connection.cursor() as cursor:
        for statement in MAKE_ACCOUNTS:
            cursor.execute(statement, params)
        # The ledger's trigger joins to accounts that the planner hasn't heard of yet.
        if upto.bit_length() > placement.loaded_through.bit_length():
            cursor.execute("ANALYZE accounts_account")
        for statement in COMPLETE_ACCOUNTS:
            cursor.execute(statement, params)
    placement.loaded_through = upto
    placement.save(update_fields=["loaded_through"])


def _params(placement: Placement, upto: int, now: datetime) -> dict[str, Any]:
    portfolio = placement.portfolio
    terms = HOLD_TERMS[HoldKind.LIMITATION]
    on = days.civil_day(now, portfolio.zone)
    return {
        "placement": placement.pk,
        "portfolio": portfolio.pk,
        "after": placement.loaded_through,
        "upto": upto,
        "on": on,
        "as_of": placement.as_of,
        "now": now,
        "team": Team.objects.filter(portfolios=portfolio).order_by("pk").values_list("pk", flat=True).first(),
        "actor": placement.confirmed_by_id,
        "currency": portfolio.currency,
        "language": "es-mx" if portfolio.jurisdiction == "MX" else "en",
        "digest": placement.file_digest,
        "bounds": portfolio.product.bucket_bounds,
        "review_on": on + timedelta(days=terms.review_days),
        "permits": [str(purpose) for purpose in terms.permits],
        "is_advance": portfolio.product.is_advance,
        **_days_of_remittances(portfolio, on),
    }


def _days_of_remittances(portfolio: Portfolio, on: date) -> dict[str, list[date]]:
    """The days from the next open one on, in each rhythm; none where nothing is remitted."""
    if not portfolio.product.is_advance:
        return {"daily": [], "weekly": []}
    calendar = Calendar(portfolio.country, portfolio.holiday_subdivision)
    first = calendar.open_from(on + timedelta(days=1))
    return {str(rhythm): list(islice(remittance_days(first, rhythm, calendar), MOST_REMITTANCES)) for rhythm in Rhythm}


def _go_live(placement: Placement, now: datetime) -> None:
    """The last step: the book must hold what the file said. Otherwise nothing of it is ever seen."""
    book = Account.objects.filter(placement=placement).aggregate(count=Count("pk"), total=Sum("balance"))
    expected = Decimal(placement.control_totals["opened"])
    if book["count"] != placement.counts["placed"] or book["total"] != expected:
        raise Refused("placement.book_disagrees", found=str(book["total"]), expected=str(expected))
    tell_planner(added=placement.counts["placed"])
    placement.control_totals["in_book"] = str(book["total"])
    placement.save(update_fields=["control_totals"])
    move(placement, "go_live", actor=placement.confirmed_by, at=now, given={"moment": now})
    # What a placed row said now stands in the book; keeping it twice would only be one more place to erase.
    placement.rows.filter(result="placed").delete()
