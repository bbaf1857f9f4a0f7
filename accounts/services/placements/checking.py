"""Checking a staged placement: everything that could still fail is settled before the first account is written."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from accounts.foundation.errors import Refused
from accounts.foundation.locks import retrying
from accounts.foundation.states import move
from accounts.foundation.users import Team, User
from accounts.models import Placement, PlacementState, Portfolio

# Between reading and loading another placement may have brought the same account.
SKIP_KNOWN = """
    UPDATE accounts_stagedrow AS s SET result = 'skipped', reason = 'already_placed'
    FROM accounts_account AS a
    WHERE s.placement_id = %(placement)s AND s.result = 'placed'
      AND a.portfolio_id = %(portfolio)s AND a.external_reference = s.reference AND a.external_reference <> ''
    RETURNING s.principal + s.interest + s.fees + s.costs
"""
STAGED_SUM = """
    SELECT count(*), coalesce(sum(principal + interest + fees + costs), 0) FROM accounts_stagedrow
    WHERE placement_id = %s AND result = 'placed'
"""


def check_placement(*, placement_id: int, actor: User | None, now: datetime) -> Placement:
    """Settle a staged placement: a team works its portfolio, and the staged rows add up to the columns of the file.

    One that doesn't hold fails the placement with the reason's code. Refuses one that isn't staged.
    """
    with transaction.atomic():
        placement = Placement.objects.lock(placement_id)
        if placement.state != PlacementState.STAGED:
            raise Refused("placement.not_checked")
        if problem := _problem(placement):
            given = {"code": problem.code, "params": problem.params}
            move(placement, "fail", actor=actor, at=now, reason=problem.code, given=given)
        else:
            move(placement, "check_rows", actor=actor, at=now)
        return placement


def _problem(placement: Placement) -> Refused | None:
    if not Team.objects.filter(portfolios=placement.portfolio_id).exists():
        return Refused("portfolio_without_team", portfolio=placement.portfolio.code)
    count, total = staged_sum(placement)
    control = placement.control_totals
    if not control["agrees"] or total != Decimal(control["opened"]) or count != placement.counts["placed"]:
        return Refused("placement.totals_disagree", found=str(total), expected=control["expected"])
    return None


def staged_sum(placement: Placement) -> tuple[int, Decimal]:
    """How many rows are to be placed, and what they open with together."""
    with connection.cursor() as cursor:
        cursor.execute(STAGED_SUM, [placement.pk])
        return cursor.fetchone()


@retrying
def confirm_placement(*, placement_id: int, actor: User | None, now: datetime) -> Placement:
    """Let a checked placement be loaded. A second confirmation changes nothing.

    Rows whose account came into the book meanwhile are skipped. Refuses when nothing would be placed, when the
    placement isn't checked, and while another one of the portfolio is being loaded.
    """
    portfolio_id = Placement.objects.values_list("portfolio_id", flat=True).get(pk=placement_id)
    # Two placements with the same account must not be confirmed together.
    Portfolio.objects.select_for_update(no_key=True, of=("self",)).get(pk=portfolio_id)
    placement = Placement.objects.lock(placement_id)
    if placement.state in (PlacementState.LOADING, PlacementState.LIVE):
        return placement
    if placement.state != PlacementState.CHECKED:
        raise Refused("placement.not_checked")
    if Placement.objects.filter(portfolio_id=portfolio_id, state=PlacementState.LOADING).exists():
        raise Refused("placement.another_is_loading")
    _skip_known(placement)
    if not placement.counts["placed"]:
        raise Refused("placement.nothing_to_place")
    placement.save(update_fields=["counts", "control_totals"])
    move(placement, "load", actor=actor, at=now, given={"confirmed_by_id": getattr(actor, "pk", None)})
    return placement


def _skip_known(placement: Placement) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SKIP_KNOWN, {"placement": placement.pk, "portfolio": placement.portfolio_id})
        known = [amount for (amount,) in cursor.fetchall()]
    if not known:
        return
    counts, control = placement.counts, placement.control_totals
    counts["placed"] -= len(known)
    counts["skipped"] += len(known)
    reasons = counts["skipped_by"]
    reasons["already_placed"] = reasons.get("already_placed", 0) + len(known)
    for total in ("expected", "opened"):
        control[total] = str(Decimal(control[total]) - sum(known))
