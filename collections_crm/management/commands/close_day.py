"""`bin/manage close_day [--date D] [--portfolio CODE]`: close a civil day, and every missed one before it."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.runs import Run
from accounts.models import Portfolio
from collections_crm.closing.close import close_ended_days


class Command(BaseCommand):
    """Without options: whatever has ended, in every portfolio. A day that is closed already is only answered."""

    help = "Close a civil day of each portfolio, in its own time zone, once its cash is in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, help="the civil day to close, as 2026-11-20")
        parser.add_argument("--portfolio", help="the code of one portfolio")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = Portfolio.objects.all()
        if options["portfolio"]:
            chosen = chosen.filter(code=options["portfolio"])
            if not chosen:
                raise CommandError(f"There is no portfolio {options['portfolio']}.")
        try:
            runs = close_ended_days(
                now=clock.now(),
                on=options["date"],
                portfolio_ids=list(chosen.values_list("pk", flat=True)),
                tell=lambda run: self.stdout.write(said(run)),
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        if not runs:
            self.stdout.write("Nothing to close: every ended day is closed.")


def said(run: Run) -> str:
    """One line: the portfolio, the day, and what each step wrote."""
    wrote = [
        f"{step} {kind} {count}"
        for step, counts in run.counts.items()
        for kind, count in sorted(counts.items())
        if count
    ]
    return f"{run.scope} {run.period} closed: {', '.join(wrote) or 'nothing changed'}"
