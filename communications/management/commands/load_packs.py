"""Load the shipped policy packs that are not in the database yet."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.foundation import clock
from communications.services.policy_packs import load_shipped_packs


class Command(BaseCommand):
    help = "Publish version 1 of every shipped policy pack that is not there yet."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_shipped_packs(now=clock.now())
        for version in loaded:
            self.stdout.write(f"{version.pack.code} {version.number}: {version.rules.count()} rules")
        if not loaded:
            self.stdout.write("Every shipped pack is there already.")
