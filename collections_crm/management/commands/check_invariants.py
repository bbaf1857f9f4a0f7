"""`bin/manage check_invariants [--json]`: every invariant of the book, with how many rows break it and which."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.foundation import clock
from collections_crm.proof.invariants import INVARIANTS, violators
from collections_crm.proof.recomputed import RECOMPUTED

SAMPLE = 5


class Command(BaseCommand):
    """Writes nothing. Ends with 1 when anything is broken."""

    help = "Check every invariant of the book."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        found = [(one.name, one.says, violators(one)) for one in INVARIANTS]
        found += [(name, says, check(now)) for name, says, check in RECOMPUTED]
        if options["json"]:
            self.stdout.write(json.dumps({name: {"broken": len(ids), "ids": ids[:SAMPLE]} for name, _, ids in found}))
        else:
            for name, says, ids in found:
                self.stdout.write(f"{'ok' if not ids else len(ids):>6}  {name}: {says}{_which(ids)}")
        broken = [name for name, _, ids in found if ids]
        if broken:
            raise CommandError(f"Broken: {', '.join(broken)}")


def _which(ids: list[int]) -> str:
    return f" Broken by {', '.join(map(str, ids[:SAMPLE]))}{' ...' if len(ids) > SAMPLE else ''}" if ids else ""
