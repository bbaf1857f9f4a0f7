"""Reading placements: what a file did, its rows, and the words for the codes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Placement, Portfolio, SavedMapping
from accounts.placements.mapping import shipped_names
from accounts.placements.reasons import reason_words
from accounts.placements.refusals import FileRefused

PREVIEWED = 20
REJECTS_SHOWN = 50
SHIPPED_TITLES = {
    "standard": gettext_lazy("our own format (standard)"),
    "lendingclub": gettext_lazy("LendingClub loans"),
    "sba_chargedoff": gettext_lazy("SBA loans charged off"),
}


def outcome_of(
    counts: dict[str, Any], control: dict[str, Any], *, placement_id: int | None, same_file: bool, dry_run: bool
) -> dict[str, Any]:
    """What an import did, or a dry run would do, for a program and, in `lines`, for a person.

    `imported` is what this run placed: of a file that was live before, nothing.
    """
    imported = 0 if same_file else counts["placed"]
    outcome = {
        "placement": placement_id,
        "dry_run": dry_run,
        "same_file": same_file,
        "imported": imported,
        "new": imported,
        "rows": counts["rows"],
        "skipped": counts["skipped"],
        "rejected": counts["rejected"],
        "imported_by": {} if same_file else counts["placed_by"],
        "skipped_by": counts["skipped_by"],
        "rejected_by": counts["rejected_by"],
        "warnings": counts["warnings"],
        "unknown_columns": counts["unknown_columns"],
        "notes": counts["notes"],
        "control_totals": control,
    }
    return {**outcome, "lines": _lines(outcome)}


def _lines(outcome: dict[str, Any]) -> list[str]:
    lines = []
    if outcome["same_file"]:
        lines.append(
            _("This file is already placed (placement %(id)s). 0 imported, 0 new.") % {"id": outcome["placement"]}
        )
        return lines
    if outcome["dry_run"]:
        lines.append(_("Dry run: nothing was written."))
    rows = ngettext("%(n)d row", "%(n)d rows", outcome["rows"]) % {"n": outcome["rows"]}
    lines.append(
        _("%(rows)s: %(imported)d imported, %(skipped)d skipped, %(rejected)d rejected.")
        % {"rows": rows, **{name: outcome[name] for name in ("imported", "skipped", "rejected")}}
    )
    for title, name in ((_("Imported"), "imported_by"), (_("Skipped"), "skipped_by"), (_("Rejected"), "rejected_by")):
        lines += [f"  {title}: {reason_words(code)}: {count}" for code, count in outcome[name].items()]
    lines += [f"  {_('Warning')}: {reason_words(code)}: {count}" for code, count in outcome["warnings"].items()]
    lines += [f"  {_('Warning')}: {reason_words(note)}" for note in outcome["notes"]]
    if outcome["unknown_columns"]:
        lines.append(_("Columns not used: %(names)s") % {"names": ", ".join(outcome["unknown_columns"])})
    control = outcome["control_totals"]
    lines += [f"  {_column_sum(name, total)}" for name, total in control["columns"].items()]
    agrees = _("agrees with the file's columns") if control["agrees"] else _("DOES NOT agree with the file's columns")
    lines.append(_("Opened with %(total)s: %(agrees)s.") % {"total": control["opened"], "agrees": agrees})
    if outcome["rejected"] and not outcome["dry_run"]:
        said = _("What was rejected, with the reason of each row, is a file on the page of placement %(id)s.")
        lines.append(said % {"id": outcome["placement"]})
    return lines


def _column_sum(name: str, total: dict[str, Any]) -> str:
    """`Sum of the column x: 300.00 (placed 200.00, skipped 0.00, rejected 100.00)`."""
    title = _("Sum of the column %(name)s") % {"name": name}
    parts = _("imported %(placed)s, skipped %(skipped)s, rejected %(rejected)s") % total
    return f"{title}: {total['sum']} ({parts})"


def portfolios_of(user: Any) -> QuerySet[Portfolio]:
    """The portfolios into which the person may place accounts."""
    every = Portfolio.objects.order_by("code")
    return every if user.sees_every_account else every.filter(teams=user.team_id)


def placements_of(user: Any) -> QuerySet[Placement]:
    return Placement.objects.visible_to(user).select_related("portfolio", "uploaded_by", "confirmed_by")


def mapping_choices() -> list[tuple[str, str]]:
    """(name, title) of every mapping: the shipped ones, then the saved ones."""
    shipped = [(name, str(SHIPPED_TITLES.get(name, name))) for name in shipped_names()]
    return [*shipped, *SavedMapping.objects.order_by("name").values_list("name", "title")]


def seen_by_person(placement: Placement) -> dict[str, Any]:
    """All that the page of a placement shows. Rows only while the staging table has them."""
    counts, control = placement.counts, placement.control_totals
    return {
        "placement": placement,
        "failure": FileRefused(placement.failure_code, **placement.failure_params) if placement.failure_code else None,
        "groups": _groups(counts),
        "notes": [reason_words(note) for note in counts.get("notes", [])],
        "totals": [(name, total) for name, total in control.get("columns", {}).items()],
        "preview": placement.rows.filter(result="placed").order_by("number")[:PREVIEWED]
        if placement.state == "checked"
        else [],
        "rejected": [
            (row, reason_words(row.reason))
            for row in placement.rows.filter(result="rejected").order_by("number")[:REJECTS_SHOWN]
        ],
        "last_row": counts.get("rows", 0) + 1,
    }


RESULT_TITLES = {
    "placed": gettext_lazy("Placed"),
    "skipped": gettext_lazy("Skipped"),
    "rejected": gettext_lazy("Rejected"),
    "warnings": gettext_lazy("Warnings"),
}
_COUNTED_BY = {
    "placed": "placed_by",
    "skipped": "skipped_by",
    "rejected": "rejected_by",
    "warnings": "warnings",
}


def _groups(counts: dict[str, Any]) -> list[tuple[str, str, list[tuple[str, str, int]]]]:
    """Result, title and (code, words, count) of placed by status, skipped, rejected and warnings; no empty groups."""
    found = {result: counts.get(name, {}) for result, name in _COUNTED_BY.items()}
    return [
        (result, str(RESULT_TITLES[result]), [(code, reason_words(code), n) for code, n in by.items()])
        for result, by in found.items()
        if by
    ]
