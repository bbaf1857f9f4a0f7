"""`bin/manage state_digest [--tables]`: one hash over everything in the book."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from collections_crm.proof.digest import state_digest, table_digests


class Command(BaseCommand):
    """Two books with the same rows have the same hash, whatever the numbers and moments at which they were written."""

    help = "Print a hash over every business table."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tables", action="store_true", help="the hash and the number of rows of each table")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["tables"]:
            for table, (count, digest) in table_digests().items():
                self.stdout.write(f"{digest[:16]} {count:>9} {table}")
        self.stdout.write(state_digest())
