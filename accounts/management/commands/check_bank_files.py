"""Look at bank files without posting anything."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.bank.reading import MOST_BYTES, read_bank_file
from accounts.bank.refusals import BankFileRefused


class Command(BaseCommand):
    help = "Read every bank file of a folder: format, movements, signed sum, or why it is refused. Nothing is posted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder, its subfolders included, or one file")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not folder.exists():
            raise CommandError(f"{folder} is not there.")
        paths = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else [folder]
        read = refused = 0
        for path in paths:
            outcome = {"file": str(path.relative_to(folder)) if folder.is_dir() else path.name, **outcome_of(path)}
            read, refused = read + (outcome["outcome"] == "read"), refused + (outcome["outcome"] == "refused")
            self.stdout.write(json.dumps(outcome, ensure_ascii=False) if options["as_json"] else _line(outcome))
        if not options["as_json"]:
            self.stdout.write(f"{len(paths)} files: {read} read, {refused} refused.")


def outcome_of(path: Path) -> dict[str, Any]:
    """What would become of a file, in words and figures."""
    with path.open("rb") as stream:
        content = stream.read(MOST_BYTES + 1)
    try:
        file = read_bank_file(content)
    except BankFileRefused as refusal:
        return {"outcome": "refused", "code": refusal.code, "reason": str(refusal)}
    return {
        "outcome": "read",
        "format": file.format,
        "movements": file.count,
        "sum": str(file.signed_sum),
        "notes": file.notes,
    }


def _line(outcome: dict[str, Any]) -> str:
    if outcome["outcome"] == "refused":
        return f"{outcome['file']}: refused. {outcome['reason']}"
    notes = f" ({', '.join(outcome['notes'])})" if outcome["notes"] else ""
    return f"{outcome['file']}: {outcome['format']}, {outcome['movements']} movements, sum {outcome['sum']}{notes}"
