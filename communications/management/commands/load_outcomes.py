"""`bin/manage load_outcomes`: the shipped contact outcomes."""

from typing import Any

from django.core.management.base import BaseCommand

from communications.services.outcomes import load_outcomes


class Command(BaseCommand):
    help = "Add the shipped contact outcomes that are missing; existing ones stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_outcomes()} outcomes added")
