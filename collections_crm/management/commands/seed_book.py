"""Fill the database with the demo book."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.foundation import clock
from collections_crm.demo.book import write_book
from collections_crm.demo.endings import bring_to_every_state
from collections_crm.demo.history import live_through, serve_first_notices, story_ends
from collections_crm.demo.people import hire_staff, open_portfolios
from collections_crm.demo.plan import plan_book
from collections_crm.demo.unidentified import leave_in_suspense
from communications.models import Contact

FIRST_NOTICES = {"us-loans": "validation"}


class Command(BaseCommand):
    help = "Fill the database with invented accounts: the same number and seed give the same book."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts", type=int, default=2000)
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--bare", action="store_true", help="accounts only, without a month of history")
        parser.add_argument("--truth", type=Path, help="write the planted duplicates to this file, as JSON")

    def handle(self, *, accounts: int, seed: int, bare: bool, truth: Path | None, **_options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo book is not for production: it would stand beside real accounts.")
        now = clock.now()
        lives = not bare and not Contact.objects.exists()
        began = now - timedelta(days=31 if lives else 0)
        plans = plan_book(accounts=accounts, seed=seed, today=now.date())
        portfolios = {portfolio.code: portfolio for portfolio in open_portfolios()}
        staff = hire_staff(list(portfolios.values()))
        owners = [staff["agent"], staff["agent2"]]
        write_book(plans, portfolios=portfolios, team=staff["agent"].team, owners=owners, now=began)
        if lives:
            serve_first_notices(portfolios, kinds=FIRST_NOTICES, now=began)
            latest = now - timedelta(hours=2)
            live_through(portfolios, staff, seed=seed, until=story_ends(portfolios.values(), latest))
            bring_to_every_state(staff, now=latest)
            leave_in_suspense(now=latest)
        if truth:
            pairs = [[p.twin_of, p.reference, p.shares] for p in plans if p.twin_of]
            truth.write_text(json.dumps(pairs, indent=1))
        self.stdout.write(f"{len(plans)} accounts in {len(portfolios)} portfolios.")
