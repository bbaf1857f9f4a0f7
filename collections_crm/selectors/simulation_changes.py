"""The decisions that a simulation would change: a page of them, or all of them as a file for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.foundation.spreadsheets import BYTE_ORDER_MARK, Line, inert
from accounts.foundation.users import User
from accounts.models import Account
from collections_crm.selectors.simulation_figures import verdict_in_words
from communications.models import PolicySimulation, SimulatedChange
from communications.policy.tally import NOBODY, rules_of
from communications.policy.wording import word

AT_ONCE = 500


@dataclass(frozen=True)
class Row:
    """One change as its reader may see it. `references` are those of the accounts that they may open; `opens` says
    whether these are all, without which the decision's page is closed to them."""

    change: SimulatedChange
    references: list[str]
    opens: bool
    before: str
    after: str


def narrowed_by(simulation: PolicySimulation, asked: Mapping[str, str]) -> dict[str, str]:
    """What a list is narrowed to, of what was asked for: only what is a figure of this simulation."""
    counts = simulation.counts
    rules = set().union(*rules_of(counts).values())
    groups = {"agent": "agents", "jurisdiction": "jurisdictions", "channel": "channels", "pair": "pairs"}
    known = {"rule": rules, **{name: set(counts.get(group, {})) for name, group in groups.items()}}
    return {name: asked[name] for name in known if asked.get(name) in known[name]}


def changes_of(simulation: PolicySimulation, narrowed: dict[str, str]) -> QuerySet[SimulatedChange]:
    """The changes of a finished simulation, narrowed by what a figure stands for."""
    changes = simulation.changes.select_related("decision", "actor").defer("decision__facts", "decision__reasons")
    for name, value in narrowed.items():
        changes = changes.filter(_condition(name, value))
    return changes


def _condition(name: str, value: str) -> Q:
    if name == "pair":
        before, _to, after = value.partition(">")
        return Q(before=before, after=after)
    if name == "rule":
        return Q(appeared__contains=[value]) | Q(gone__contains=[value]) | Q(otherwise__contains=[value])
    if name == "agent":
        return Q(actor__isnull=True) if value == NOBODY else Q(actor=int(value))
    return Q(**{name: value})


def rows_of(changes: Iterable[SimulatedChange], user: User) -> list[Row]:
    """Changes with the accounts that the reader may see, in one query for all of them."""
    found = list(changes)
    ids = {pk for change in found for pk in change.decision.account_ids}
    seen = dict(Account.objects.visible_to(user).filter(pk__any=ids).values_list("pk", "reference"))
    return [_row(change, seen) for change in found]


def _row(change: SimulatedChange, seen: dict[int, str]) -> Row:
    ids = change.decision.account_ids
    references = [seen[pk] for pk in ids if pk in seen]
    before, after = (verdict_in_words(verdict) for verdict in (change.before, change.after))
    return Row(change, references, len(references) == len(ids), before, after)


def every_row(changes: QuerySet[SimulatedChange], user: User) -> Iterator[Row]:
    """All of them, the latest decision first, some hundred in memory at a time."""
    last: int | None = None
    while True:
        left = changes if last is None else changes.filter(decision_id__lt=last)
        rows = rows_of(left.order_by("-decision_id")[:AT_ONCE], user)
        yield from rows
        if len(rows) < AT_ONCE:
            return
        last = rows[-1].change.decision_id


def change_file(rows: Iterable[Row]) -> Iterator[str]:
    """CSV that a spreadsheet opens as it is: no cell of it is computed there."""
    writer: Any = csv.writer(Line())
    names = [
        _("Decision"), _("Decided (UTC)"), _("Account"), _("Asked by"), _("Jurisdiction"), _("Channel"), _("Purpose"),
        _("In force"), _("With this version"), _("Newly speaks"), _("No longer speaks"), _("Does something else"),
        _("Contact made"),
    ]  # fmt: skip
    yield BYTE_ORDER_MARK + writer.writerow(names)
    language = get_language() or "en"
    for row in rows:
        yield writer.writerow(list(map(inert, _cells(row, language))))


def _cells(row: Row, language: str) -> list[str]:
    change, decision = row.change, row.change.decision
    about = [
        change.jurisdiction,
        word("channel", change.channel, language),
        word("purpose", decision.purpose, language),
    ]
    sides = [" ".join(rules) for rules in (change.appeared, change.gone, change.otherwise)]
    who = str(change.actor) if change.actor else _("the system")
    at = decision.at.strftime("%Y-%m-%d %H:%M:%S")
    made = word("param", "yes" if change.made else "no", language)
    return [str(decision.pk), at, " ".join(row.references), who, *about, row.before, row.after, *sides, made]
