"""Reading placements: what a file did, its rows, and the words for the codes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.placements.reasons import reason_words


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
    if outcome["unknown_columns"]:
        lines.append(_("Columns not used: %(names)s") % {"names": ", ".join(outcome["unknown_columns"])})
    control = outcome["control_totals"]
    lines += [
        f"  {_('Sum of the column %(name)s') % {'name': name}}: {total['sum']}"
        for name, total in control["columns"].items()
    ]
    agrees = _("agrees with the file's columns") if control["agrees"] else _("DOES NOT agree with the file's columns")
    lines.append(_("Opened with %(total)s: %(agrees)s.") % {"total": control["opened"], "agrees": agrees})
    return lines
