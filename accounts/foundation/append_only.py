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
    """Triggers that refuse DELETE, TRUNCATE and another id: what happened may go on, and is never taken away."""
    return [
        pgtrigger.Protect(name=f"{name}_no_removal", operation=pgtrigger.Delete),
        never_emptied(name),
        # Two rows that swap their ids would swap what is said of them elsewhere.
        _refusal(f"{name}_same_id", ("id",), 'OLD."id" IS DISTINCT FROM NEW."id"'),
    ]


def never_emptied(name: str) -> pgtrigger.Trigger:
    """A trigger that refuses TRUNCATE, which asks no trigger of a row. For tables whose drafts may be deleted."""
    return _no_truncate(f"{name}_no_emptying")


def fixed(name: str, *columns: str, once: str = "true") -> pgtrigger.Trigger:
    """A trigger that refuses another value in these columns, once a condition on OLD and NEW (SQL) holds."""
    return _refusal(f"{name}_fixed", columns, f"{once} AND ({_changed(columns)})")


def fixed_once_set(name: str, *columns: str) -> list[pgtrigger.Trigger]:
    """A trigger a column: what is empty may be filled in, and then stands."""
    return [fixed(f"{name}_{column}", column, once=f'OLD."{column}" IS NOT NULL') for column in columns]


def erasable(name: str, *columns: str) -> pgtrigger.Trigger:
    """A trigger that lets these columns be blanked, once and all together, under a rule and with its date. Anything
    else is refused: another text, a tombstone without its rule, and taking the tombstone away again."""
    blanked = " AND ".join(f"NEW.\"{column}\" = ''" for column in columns)
    erased = f"OLD.erased_on IS NULL AND NEW.erased_on IS NOT NULL AND NEW.erased_under <> '' AND {blanked}"
    touched = (*columns, "erased_on", "erased_under")
    return _refusal(f"{name}_only_blanked", touched, f"NOT ({erased}) AND ({_changed(touched)})")


def _changed(columns: tuple[str, ...]) -> str:
    return " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in columns)


def _refusal(name: str, columns: tuple[str, ...], condition: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf(*columns),
        condition=pgtrigger.Condition(f"({condition})"),
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
