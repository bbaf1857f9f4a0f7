"""`bin/manage grant_web_role NAME`: the role that pages and workers use in production."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from collections_crm import env
from collections_crm.services.web_role import BadRoleName, grant_web_role


class Command(BaseCommand):
    help = (
        "Make or refresh a database role that owns nothing and can't change what is append-only. WEB_PASSWORD is its."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")

    def handle(self, *, name: str, **_options: Any) -> None:
        try:
            tables = grant_web_role(name=name, password=env.required("WEB_PASSWORD"))
        except BadRoleName as wrong:
            raise CommandError(f"Not a role name: {wrong}") from wrong
        self.stdout.write(f"{name} may only add to: {', '.join(tables)}")
