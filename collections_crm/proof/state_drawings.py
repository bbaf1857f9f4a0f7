"""The state machines as drawings, made from the transitions that the models declare.

The drawings are Mermaid's `stateDiagram-v2`. Their order is that of the code: a state stands where its choices list it.
"""

from __future__ import annotations

from collections.abc import Iterator
from inspect import getdoc
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db.models import Model
from django_fsm import FSMField, Transition

FLOORS = ("accounts", "communications", "arrangements", "collections_crm")

OPENING = """\
# State machines

Each drawing is made from the code: `bin/manage draw_states > docs/state-machines.md` writes this page anew, and a test
compares the two. An arrow bears the name of the transition, in brackets what must be true for it. The database knows
the same moves (`accounts/foundation/states.py`): a trigger refuses any other, whoever writes.
"""


def machines() -> list[tuple[type[Model], FSMField]]:
    """Every model with a state, from the ground up."""
    models = sorted(apps.get_models(), key=lambda model: (_floor(model), model._meta.model_name))
    return [(m, field) for m in models for field in m._meta.get_fields() if isinstance(field, FSMField)]


def page() -> str:
    """The whole page of drawings."""
    return "\n".join([OPENING, *(_section(model, field) for model, field in machines())])


def _floor(model: type[Model]) -> int:
    label = model._meta.app_label
    return FLOORS.index(label) if label in FLOORS else len(FLOORS)


def _section(model: type[Model], field: FSMField) -> str:
    says = (getdoc(model) or "").split("\n\n")[0].replace("\n", " ")
    where = model.__module__.replace(".", "/") + ".py"
    drawing = "\n".join(["```mermaid", "stateDiagram-v2", *_lines(model, field), "```"])
    return f"## {model.__name__}\n\n{says} `{where}`\n\n{drawing}\n"


def _lines(model: type[Model], field: FSMField) -> Iterator[str]:
    states = [str(value) for value, _label in field.choices]
    moves = sorted(
        field.get_all_transitions(model),
        key=lambda move: (states.index(str(move.source)), states.index(str(move.target)), move.name),
    )
    yield f"    [*] --> {field.default}"
    for (source, target), same in groupby(moves, key=lambda move: (str(move.source), str(move.target))):
        yield f"    {source} --> {target}: {', '.join(_named(move) for move in same)}"
    sources = {str(move.source) for move in moves}
    for state in states:
        if state not in sources:
            yield f"    {state} --> [*]"


def _named(move: Transition) -> str:
    guards = " and ".join(_words(guard) for guard in move.conditions)
    return move.name.replace("_", " ") + (f" [{guards}]" if guards else "")


def _words(guard: Any) -> str:
    return guard.__name__.strip("_").replace("_", " ")
