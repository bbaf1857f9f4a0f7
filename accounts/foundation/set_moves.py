"""Moving many rows by one named transition: one UPDATE, one INSERT of events, whatever the number.

The rows are locked by the caller. The database's trigger refuses a move that the machine does not declare, so this
needs no second copy of the machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, models

from accounts.foundation.users import User

MOVE = """
    WITH given AS (
        SELECT * FROM unnest(%(ids)s::bigint[], %(decided)s::date[]) AS g(id, decided_on)
    ), moved AS (
        UPDATE {table} t SET state = %(target)s{also}
        FROM given g JOIN {table} b ON b.id = g.id
        WHERE t.id = g.id
        RETURNING t.id, {account} AS account_id, b.state AS source
    )
    INSERT INTO accounts_event (at, kind, actor_id, account_id, subject_type, subject_id, reason, codes)
    SELECT %(at)s, %(kind)s, %(actor)s, account_id, %(subject)s, id, %(reason)s,
           jsonb_build_object('from', source, 'to', %(target)s::text)
    FROM moved ORDER BY id
"""


def move_set(
    model: type[models.Model],
    name: str,
    ids: Sequence[int],
    *,
    actor: User | None,
    at: datetime,
    reason: str = "",
    decided_on: Sequence[date | None] | None = None,
    fields: Mapping[str, str] | None = None,
) -> None:
    """Take the transition `name` of every row named, and record an event for each.

    `decided_on` goes to the column of that name, row by row; `fields` are further columns and the SQL of their values.
    """
    if not ids:
        return
    also = dict(fields or {}) | ({"decided_on": "g.decided_on"} if decided_on is not None else {})
    subject = str(model._meta.model_name)
    sql = MOVE.format(
        table=model._meta.db_table,
        also="".join(f", {column} = {value}" for column, value in also.items()),
        account="t.id" if subject == "account" else "t.account_id",
    )
    given: dict[str, Any] = {
        "ids": list(ids),
        "decided": list(decided_on) if decided_on is not None else [None] * len(ids),
        "target": _target(model, name),
        "at": at,
        "kind": f"{subject}.{name}",
        "actor": getattr(actor, "pk", None),
        "subject": subject,
        "reason": reason,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, given)


def _target(model: type[models.Model], name: str) -> str:
    machine: Any = model._meta.get_field("state")
    return str(next(t.target for t in machine.get_all_transitions(model) if t.name == name))


def sources_of(model: type[models.Model], name: str) -> set[str]:
    """The states from which the machine declares the transition."""
    machine: Any = model._meta.get_field("state")
    return {str(t.source) for t in machine.get_all_transitions(model) if t.name == name}
