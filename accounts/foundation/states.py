"""Nothing moves a state but its machine.

The moves that a django-fsm field declares are written to the table `StateMove` after each migration. A trigger on every
table with a state asks it before an UPDATE, whoever the writer is. Services move one row with `move`, a set with
`accounts.foundation.set_moves.move_set`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import models, transaction
from django_fsm import FSMField, FSMModelMixin

from accounts.foundation.errors import Refused
from accounts.foundation.events import Event, record


class StateMove(models.Model):
    """One move that one machine allows. Filled from the code; the trigger reads it."""

    machine = models.CharField(max_length=80)
    source = models.CharField(max_length=40)
    target = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["machine", "source", "target"], name="state_move_once")]

    def __str__(self) -> str:
        return f"{self.machine}: {self.source} -> {self.target}"


class StateField(FSMField):
    """A state column that nothing but its machine sets. A migration knows it as plain text: machines are code, and each
    field of this kind in the models of history would listen to every model made after it, until migrating took minutes.
    """

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("protected", None)
        return name, "django.db.models.CharField", args, kwargs


def state_field(choices: type[models.TextChoices], default: str, **options: Any) -> StateField:
    """A protected state column."""
    return StateField(choices=choices.choices, default=default, protected=True, max_length=40, **options)


def state_trigger(table: str, field: str = "state") -> pgtrigger.Trigger:
    """Refuse any UPDATE of the state column that the machine doesn't declare."""
    return pgtrigger.Trigger(
        name=f"{field}_moves_by_machine",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf(field),
        condition=pgtrigger.Condition(f"OLD.{field} IS DISTINCT FROM NEW.{field}"),
        func=f"""
            IF NOT EXISTS (
                SELECT 1 FROM accounts_statemove
                WHERE machine = '{table}.{field}' AND source = OLD.{field} AND target = NEW.{field}
            ) THEN
                RAISE EXCEPTION 'no move of {table}.{field} from % to %', OLD.{field}, NEW.{field}
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{table}_{field}_moves_by_machine';
            END IF;
            RETURN NEW;
        """,  # noqa: S608 (the names are ours, from the code)
    )


def begins(table: str, *states: str, unless: str = "false") -> pgtrigger.Trigger:
    """Refuse a new row in any other state than these, so that no way of the machine is skipped by writing its end.
    `unless` is a condition on NEW (SQL) under which a row may come in any state."""
    first = ", ".join(f"'{state}'" for state in states)
    return pgtrigger.Trigger(
        name="state_begins_at_first",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition(f"NEW.state NOT IN ({first}) AND NOT ({unless})"),
        func=f"""
            RAISE EXCEPTION 'cannot begin {table} as %', NEW.state
                USING ERRCODE = 'check_violation', CONSTRAINT = '{table}_state_begins_at_first';
        """,
    )


def declared_moves() -> set[tuple[str, str, str]]:
    """(machine, source, target) of every FSM field of every installed model."""
    moves = set()
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, FSMField):
                machine = f"{model._meta.db_table}.{field.name}"
                moves |= {(machine, str(move.source), str(move.target)) for move in field.get_all_transitions(model)}
    return moves


def write_declared_moves(**_signal: Any) -> None:
    """Make the table say what the code says. Runs after each migration."""
    wanted = declared_moves()
    with transaction.atomic():
        have = set(StateMove.objects.values_list("machine", "source", "target"))
        for machine, source, target in have - wanted:
            StateMove.objects.filter(machine=machine, source=source, target=target).delete()
        StateMove.objects.bulk_create(
            [StateMove(machine=m, source=s, target=t) for m, s, t in sorted(wanted - have)], ignore_conflicts=True
        )


def move(
    row: FSMModelMixin,
    name: str,
    *,
    actor: Any,
    at: datetime,
    reason: str = "",
    given: dict[str, Any] | None = None,
    codes: dict[str, Any] | None = None,
) -> Event:
    """Take one transition of a locked row, save its state and the fields that it set, and record the event.

    `given` are the arguments of the transition, `codes` what else the event is to keep. Refuses with
    `move_not_allowed` when the machine or a guard says no.
    """
    if not can_take(row, name):
        raise Refused("move_not_allowed", move=name, state=row.state)
    before = _columns(row)
    getattr(row, name)(**(given or {}))
    after = _columns(row)
    row.save(update_fields=["state", *(column for column in after if after[column] != before[column])])
    codes = {"from": before["state"], "to": row.state, **(codes or {})}
    return record(f"{row._meta.model_name}.{name}", subject=row, actor=actor, at=at, reason=reason, codes=codes)


def _columns(row: models.Model) -> dict[str, Any]:
    deferred = row.get_deferred_fields()
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname not in deferred}


def can_take(row: FSMModelMixin, name: str) -> bool:
    """True when the machine declares the transition from here and its guards hold."""
    return any(t.name == name for t in row.get_available_state_transitions())
