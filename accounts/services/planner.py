"""What the database believes of its tables, after a load has changed them beyond recognition."""

from __future__ import annotations

from django.db import connection

from accounts.models import (
    Account,
    AccountParty,
    ContactPoint,
    DueItem,
    Event,
    FollowUp,
    Hold,
    LedgerEntry,
    Origin,
    Party,
)

TABLES = [
    model._meta.db_table
    for model in (Account, AccountParty, ContactPoint, DueItem, Event, FollowUp, Hold, LedgerEntry, Origin, Party)
]


def tell_planner(*, added: int) -> None:
    """Let PostgreSQL look again at the tables of which a load of so many accounts is a large part: until it does, it
    may take a full table for an empty one, and join each row with every other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s) AND reltuples < %s", [TABLES, added * 10])
        for (table,) in cursor.fetchall():
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
