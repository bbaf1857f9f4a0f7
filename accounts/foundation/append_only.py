"""What an auditor may ask for stays as it was written: the database refuses to change it or to take it away."""

from __future__ import annotations

import pgtrigger
from django.db import connections

_NEVER = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN
    AS 'SELECT false' LANGUAGE sql IMMUTABLE
"""


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """Triggers that refuse UPDATE, DELETE and TRUNCATE for every writer, SQL by hand included."""
    return [
        pgtrigger.Protect(name=f"{name}_no_change", operation=pgtrigger.Update | pgtrigger.Delete),
        _no_truncate(f"{name}_no_truncate"),
    ]


def kept(name: str) -> list[pgtrigger.Trigger]:
    """Triggers that refuse DELETE and TRUNCATE: what happened may go on, and is never taken away."""
    return [
        pgtrigger.Protect(name=f"{name}_no_removal", operation=pgtrigger.Delete),
        _no_truncate(f"{name}_no_emptying"),
    ]


def fixed(name: str, *columns: str, once: str = "true") -> pgtrigger.Trigger:
    """A trigger that refuses another value in these columns, once a condition on OLD and NEW (SQL) holds."""
    changed = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in columns)
    return pgtrigger.Trigger(
        name=f"{name}_fixed",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf(*columns),
        condition=pgtrigger.Condition(f"{once} AND ({changed})"),
        func="RAISE EXCEPTION 'cannot rewrite %: it stands as it was recorded', TG_TABLE_NAME;",
    )


def _no_truncate(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        func="RAISE EXCEPTION 'cannot truncate %: it is only ever added to', TG_TABLE_NAME;",
    )


def let_nobody_ignore_triggers(*, using: str, **_given: object) -> None:
    """After each migration: the library's triggers ask a function whether to look away, and any session could make it
    answer yes. It answers no."""
    with connections[using].cursor() as cursor:
        cursor.execute(_NEVER)
