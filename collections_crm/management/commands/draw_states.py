"""`bin/manage draw_states`: every state machine as a page of drawings."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from collections_crm.proof.state_drawings import page


class Command(BaseCommand):
    """Reads the code only, no database."""

    help = "Print docs/state-machines.md as the code says it."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(page(), ending="")
