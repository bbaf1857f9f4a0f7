"""`bin/manage add_first_admin NAME`: the first person of a new installation, with the password of ADMIN_PASSWORD."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.services.first_admin import add_first_admin


class Command(BaseCommand):
    """Without ADMIN_PASSWORD in the environment the password is asked for."""

    help = "Add the first administrator, who adds everybody else. Refuses when there is one already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")

    def handle(self, *, name: str, **_options: Any) -> None:
        password = os.environ.get("ADMIN_PASSWORD") or getpass()
        try:
            add_first_admin(username=name, password=password, now=clock.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        except ValidationError as weak:
            raise CommandError(" ".join(weak.messages)) from None
        self.stdout.write(f"{name} may log in and add everybody else in the administration.")
