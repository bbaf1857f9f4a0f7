"""What an auditor may ask for stays as it was written: the database refuses to change it or to take it away."""

from __future__ import annotations

import pgtrigger
from django.db import connections

TOMBSTONE = ("erased_on", "erased_under", "erasure_id")

_NEVER = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN
    AS 'SELECT false' LANGUAGE sql IMMUTABLE
"""

# A trigger that asks a table asks the one in the schema: a session's temporary table of that name would come first, and
# answer whatever the session likes.
ASKS_ANY_SCHEMA = r"""
    SELECT DISTINCT p.oid FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND p.prosrc ~* '\y(from|join|into|update)\y' AND p.proconfig IS NULL
"""
_OWN_SCHEMA = f"""
    DO $$
    DECLARE guard regprocedure;
    BEGIN
        FOR guard IN {ASKS_ANY_SCHEMA}
        LOOP
            EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, public, pg_temp', guard);
        END LOOP;
    END $$
"""


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """Triggers that refuse UPDATE, DELETE and TRUNCATE for every writer, SQL by hand included."""
    return [
        pgtrigger.Protect(name=f"{name}_no_change", operation=pgtrigger.Update | pgtrigger.Delete),
        _no_truncate(f"{name}_no_truncate"),
    ]


def kept(name: str, key: str = "id") -> list[pgtrigger.Trigger]:
    """Triggers that refuse DELETE, TRUNCATE and another id: what happened may go on, and is never taken away."""
    return [
        pgtrigger.Protect(name=f"{name}_no_removal", operation=pgtrigger.Delete),
        never_emptied(name),
        # Two rows that swap their ids would swap what is said of them elsewhere.
        _refusal(f"{name}_same_id", (key,), _changed((key,))),
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


def erasable(name: str, *columns: str, nulls: tuple[str, ...] = (), free: str = "false") -> list[pgtrigger.Trigger]:
    """Triggers that let these columns be blanked, once and all together (`nulls` become NULL), by an `Erasure` that was
    written in the same transaction, under its rule and with its day. Anything else is refused: another text, a
    tombstone without its erasure, and taking the tombstone away again.

    `free` (SQL on OLD and NEW) says when the columns may be written otherwise; with a tombstone never.
    """
    every = (*columns, *nulls)
    blanked = " AND ".join([f"NEW.\"{c}\" = ''" for c in columns] + [f'NEW."{c}" IS NULL' for c in nulls])
    erased = (
        "OLD.erased_on IS NULL AND NEW.erased_on IS NOT NULL AND NEW.erased_under <> '' AND NEW.erasure_id IS NOT NULL"
        f" AND {blanked}"
    )
    rewritten = f"NOT ({free} AND OLD.erased_on IS NULL) AND ({_changed(every)})"
    condition = f"NOT ({erased}) AND ({_changed(TOMBSTONE)} OR ({rewritten}))"
    return [_refusal(f"{name}_only_blanked", (*every, *TOMBSTONE), condition), _erased_now(name)]


def _erased_now(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=f"{name}_erased_now",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("erasure_id"),
        condition=pgtrigger.Condition("NEW.erasure_id IS NOT NULL AND OLD.erasure_id IS NULL"),
        func="""
            IF NOT EXISTS (
                SELECT 1 FROM accounts_erasure AS e WHERE e.id = NEW.erasure_id AND e.txid = txid_current()
                    AND e.on = NEW.erased_on AND e.rule = NEW.erased_under
            ) THEN
                RAISE EXCEPTION 'cannot blank %: no erasure of this transaction says so', TG_TABLE_NAME;
            END IF;
            RETURN NEW;
        """,
    )


def own_transaction(name: str, condition: str = "TRUE") -> pgtrigger.Trigger:
    """Write the number of the present transaction into `txid`, whatever the writer says it is."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition(condition),
        func="NEW.txid := txid_current(); RETURN NEW;",
    )


def traced(name: str, *quiet: str) -> pgtrigger.Trigger:
    """A trigger that writes each change of a setting into `SettingChange`, by whatever way it came: which columns, from
    what to what, and the database's role. Columns that are `quiet` change all day by themselves; a password's values
    stay unsaid."""
    unsaid = ", ".join(f"'{column}'" for column in ("id", *quiet)) if quiet else "'id'"
    return pgtrigger.Trigger(
        name=f"{name}_traced",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("before", "jsonb"), ("after", "jsonb"), ("changed", "jsonb")],
        func=f"""
            before := CASE WHEN TG_OP = 'INSERT' THEN '{{}}' ELSE to_jsonb(OLD) END;
            after := CASE WHEN TG_OP = 'DELETE' THEN '{{}}' ELSE to_jsonb(NEW) END;
            SELECT jsonb_object_agg(key, CASE WHEN key = 'password' THEN '["*", "*"]'
                    ELSE jsonb_build_array(before -> key, after -> key) END)
                INTO changed FROM jsonb_object_keys(before || after) AS key
                WHERE key NOT IN ({unsaid}) AND before -> key IS DISTINCT FROM after -> key;
            IF changed IS NOT NULL THEN
                INSERT INTO accounts_settingchange (at, "table", row_id, act, db_role, changed)
                VALUES (clock_timestamp(), TG_TABLE_NAME, coalesce((after ->> 'id')::bigint, (before ->> 'id')::bigint),
                    lower(TG_OP), session_user, changed);
            END IF;
            RETURN NULL;
        """,  # noqa: S608 (column names of ours)
    )


def change_traced(name: str, *columns: str, unsaid: tuple[str, ...] = ()) -> pgtrigger.Trigger:
    """A trigger that writes into `SettingChange` that these columns of a row were changed, by whatever way: for what
    people are checked by and when they may be called. Of `unsaid` ones, which are somebody's own, no value."""
    every = (*columns, *unsaid)
    said = ", ".join(
        f"""'{column}', CASE WHEN OLD."{column}" IS DISTINCT FROM NEW."{column}" THEN """
        + ("""'["*", "*"]'::jsonb""" if column in unsaid else f"""jsonb_build_array(OLD."{column}", NEW."{column}")""")
        + " END"
        for column in every
    )
    return pgtrigger.Trigger(
        name=f"{name}_change_traced",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf(*every),
        condition=pgtrigger.Condition(f"({_changed(every)})"),
        func=f"""
            INSERT INTO accounts_settingchange (at, "table", row_id, act, db_role, changed)
            VALUES (clock_timestamp(), TG_TABLE_NAME, NEW.id, 'update', session_user,
                jsonb_strip_nulls(jsonb_build_object({said})));
            RETURN NULL;
        """,  # noqa: S608 (column names of ours)
    )


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
    answer yes. It answers no. Nor does a session's own table stand in for one that a trigger asks."""
    with connections[using].cursor() as cursor:
        cursor.execute(_NEVER)
        cursor.execute(_OWN_SCHEMA)
