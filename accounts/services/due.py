"""What is due now, since when, and in which bucket: recomputed by the set from due items and ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction

from accounts.foundation.prepared_statements import ask

# What was credited meets the oldest due items first. The whole balance is due after acceleration or charge-off; a
# credit can't make the amount due negative, and no more is ever due than is owed.
RECOMPUTED = """
    WITH running AS (
        SELECT d.account_id, d.due_on, d.amount,
               sum(d.amount) OVER (PARTITION BY d.account_id ORDER BY d.due_on, d.id) AS so_far, a.credited
        FROM accounts_dueitem d JOIN accounts_account a ON a.id = d.account_id
        WHERE {which} AND {whose} AND d.due_on <= %(on)s AND d.replaced_by_id IS NULL
              AND d.reaged_by_id IS NULL
    ), unmet AS (
        SELECT account_id, due_on, greatest(0, least(amount, so_far - credited)) AS unpaid FROM running
    ), summed AS (
        SELECT account_id, sum(unpaid) AS due, min(due_on) FILTER (WHERE unpaid > 0) AS oldest
        FROM unmet GROUP BY account_id
    ), wanted AS (
        SELECT a.id,
               CASE WHEN coalesce(a.accelerated_on, a.charged_off_on) <= %(on)s THEN greatest(a.balance, 0)
                    ELSE least(coalesce(s.due, 0), greatest(a.balance, 0)) END AS due_now,
               CASE WHEN a.balance <= 0 THEN NULL
                    ELSE coalesce(s.oldest, least(a.accelerated_on, a.charged_off_on)) END AS oldest_due_on,
               p.bucket_bounds
        FROM accounts_account a
        JOIN accounts_portfolio f ON f.id = a.portfolio_id
        JOIN accounts_product p ON p.id = f.product_id
        LEFT JOIN summed s ON s.account_id = a.id
        WHERE {which}
    ), bucketed AS (
        SELECT w.*, CASE WHEN oldest_due_on IS NULL OR oldest_due_on >= %(on)s THEN 0 ELSE (
            SELECT count(*) FROM unnest(bucket_bounds) AS bound WHERE bound <= %(on)s - oldest_due_on
        ) END AS bucket FROM wanted w
    )
    {act}
"""
WRITE = """
    UPDATE accounts_account a
    SET due_now = b.due_now, oldest_due_on = b.oldest_due_on, bucket = b.bucket
    FROM bucketed b
    WHERE a.id = b.id AND {which} AND (a.due_now, coalesce(a.oldest_due_on, 'infinity'), a.bucket)
          IS DISTINCT FROM (b.due_now, coalesce(b.oldest_due_on, 'infinity'), b.bucket)
    RETURNING a.id
"""
LOOK = """
    SELECT a.id FROM bucketed b JOIN accounts_account a ON a.id = b.id
    WHERE {which} AND (a.due_now, coalesce(a.oldest_due_on, 'infinity'), a.bucket)
          IS DISTINCT FROM (b.due_now, coalesce(b.oldest_due_on, 'infinity'), b.bucket)
"""
OPEN = "a.state IN ('new', 'active', 'arranged', 'enforcement', 'placed_out')"


def refresh_due(*, account_ids: Iterable[int], on: date) -> list[int]:
    """Bring due amount, oldest due date and bucket of these accounts to a civil day. Answers the ids that changed."""
    ids = list(account_ids)
    if not ids:
        return []
    which, given = "a.id = ANY(%(ids)s)", {"ids": ids, "on": on}
    whose = "d.account_id = ANY(%(ids)s)"
    if len(ids) > 1:
        return _run(WRITE, which, given, whose=whose)
    with connection.cursor() as cursor:
        ask(cursor, _statement(WRITE, which, whose), given)
        return [row[0] for row in cursor.fetchall()]


def refresh_due_of_portfolio(*, portfolio_id: int, on: date) -> list[int]:
    """The same for every open account of a portfolio; only rows that change are written."""
    return _run(WRITE, f"a.portfolio_id = %(portfolio)s AND {OPEN}", {"portfolio": portfolio_id, "on": on})


def accounts_out_of_date(*, portfolio_id: int, on: date) -> list[int]:
    """Ids of open accounts whose stored due amount, date or bucket isn't what the day asks for. Writes nothing."""
    return _run(LOOK, f"a.portfolio_id = %(portfolio)s AND {OPEN}", {"portfolio": portfolio_id, "on": on})


def _run(act: str, which: str, params: dict, *, whose: str = "true") -> list[int]:
    """Each table is read once and joined by hashing. Right after a load the database may still believe its tables
    empty, and would then go through every due item for every account."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(_statement(act, which, whose), params)
        changed = [row[0] for row in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_nestloop = on")
    return changed


def _statement(act: str, which: str, whose: str) -> str:
    return RECOMPUTED.format(which=which, whose=whose, act=act.format(which=which))
