"""Place a file of accounts from the command line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.models import Portfolio
from accounts.placements.refusals import FileRefused
from accounts.selectors.placements import outcome_of
from accounts.services.placements.importing import import_file, preview_file


class Command(BaseCommand):
    help = "Place a file of accounts in a portfolio. The same file again places nothing; an interrupted one goes on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--portfolio", required=True, help="the portfolio's code")
        parser.add_argument("--mapping", required=True, help="standard, lendingclub, sba_chargedoff or a saved mapping")
        parser.add_argument(
            "--as-of", required=True, type=date.fromisoformat, help="the day on which the file was true"
        )
        parser.add_argument("--dry-run", action="store_true", help="read and count, write nothing")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        portfolio = Portfolio.objects.filter(code=options["portfolio"]).first()
        if portfolio is None:
            raise CommandError(_("There is no portfolio %(code)s.") % {"code": options["portfolio"]})
        try:
            outcome = self._outcome(portfolio, options)
        except Refused as refusal:
            outcome = {"error": refusal.code, "sentence": str(refusal)}
        except OSError as missing:
            raise CommandError(str(missing)) from missing
        self._print(outcome, as_json=options["as_json"])
        if "error" in outcome:
            raise CommandError(outcome["sentence"])

    def _outcome(self, portfolio: Portfolio, options: dict[str, Any]) -> dict[str, Any]:
        path: Path = options["file"]
        with path.open("rb") as stream:
            chosen = {
                "stream": stream,
                "file_name": path.name,
                "mapping_name": options["mapping"],
                "as_of": options["as_of"],
            }
            if options["dry_run"]:
                seen = preview_file(portfolio=portfolio, **chosen)
                same = seen["same_file"] is not None
                return outcome_of(
                    seen["counts"], seen["control"], placement_id=seen["same_file"], same_file=same, dry_run=True
                )
            done = import_file(portfolio_id=portfolio.pk, actor=None, now=clock.now(), **chosen)
        if done.placement.failure_code:
            refusal = FileRefused(done.placement.failure_code, **done.placement.failure_params)
            return {"placement": done.placement.pk, "error": refusal.code, "sentence": str(refusal)}
        return outcome_of(
            done.placement.counts, done.placement.control_totals,
            placement_id=done.placement.pk, same_file=done.same_file, dry_run=False,
        )  # fmt: skip

    def _print(self, outcome: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(outcome, ensure_ascii=False, indent=2))
        elif "error" not in outcome:
            for line in outcome["lines"]:
                self.stdout.write(str(line))
