"""The database role that pages and workers use in production: it owns nothing, and only adds to what is append-only."""

from __future__ import annotations

import re

from django.db import connection, transaction
from psycopg2 import sql

# An append-only table is known by the trigger that refuses to empty it (accounts.foundation.append_only).
APPEND_ONLY = """
    SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE tgname LIKE '%%\\_no\\_truncate%%' ORDER BY relname
"""
KEPT = APPEND_ONLY.replace("truncate", "removal")


NEVER_REMOVED = (
    "axes_accesslog",
    "accounts_authoritylimit",
    "accounts_portfolio",
    "accounts_product",
    "accounts_team",
    "accounts_user",
    "communications_outcome",
)


class BadRoleName(ValueError):
    """A role is named with lower-case letters, digits and underscores."""


@transaction.atomic
def grant_web_role(*, name: str, password: str) -> list[str]:
    """Make the role if it's missing, and give it exactly what the product needs. Answers the append-only tables.

    To be run as the owner after every migration: new tables are not the role's until then.
    """
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name):
        raise BadRoleName(name)
    role = sql.Identifier(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        act = "ALTER" if cursor.fetchone() else "CREATE"
        cursor.execute(sql.SQL(act + " ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(password)))
        cursor.execute(APPEND_ONLY)
        append_only = [table for (table,) in cursor.fetchall()]
        cursor.execute(KEPT)
        kept = [table for (table,) in cursor.fetchall()]
        cursor.execute("SELECT current_database()")
        # A temporary table could stand in for one that a trigger asks, and bear triggers of its own.
        database = sql.Identifier(cursor.fetchone()[0])
        cursor.execute(sql.SQL("REVOKE TEMPORARY, CREATE ON DATABASE {} FROM PUBLIC, {}").format(database, role))
        for statement in _grants(append_only, kept):
            cursor.execute(statement.format(role=role))
    return append_only


def _grants(append_only: list[str], kept: list[str]) -> list[sql.SQL]:
    return [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {role}"),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"),
        *[sql.SQL(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM {{role}}') for table in append_only],
        *[sql.SQL(f'REVOKE DELETE, TRUNCATE ON "{table}" FROM {{role}}') for table in kept],
        # Who logged in, and what was done in the administration, is only added to; settings are changed, never removed.
        *[sql.SQL(f"REVOKE UPDATE, DELETE ON {table} FROM {{role}}") for table in ("django_admin_log",)],
        *[sql.SQL(f"REVOKE DELETE ON {table} FROM {{role}}") for table in NEVER_REMOVED],
        # What the machine allows is for migrations to say.
        sql.SQL("REVOKE INSERT, UPDATE, DELETE ON accounts_statemove FROM {role}"),
        sql.SQL("REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}"),
    ]
