"""`bin/manage`: a management command with embedded servers started for it, unless the environment names real ones."""

import os
import signal
import sys

from django.core.management import execute_from_command_line

from collections_crm.embedded.places import data_folder
from collections_crm.embedded.servers import Servers

# These read code only. makemigrations would otherwise compare with whatever an old local database holds.
NEED_NO_SERVER = {"check", "makemigrations", "help", "version", "--help", "--version", "collectstatic", "diffsettings"}


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collections_crm.settings")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if not arguments or arguments[0] in NEED_NO_SERVER:
        execute_from_command_line(["manage", *arguments])
        return
    servers = Servers(data_folder())
    try:
        os.environ.update(servers.start())
        execute_from_command_line(["manage", *arguments])
    finally:
        servers.leave()


if __name__ == "__main__":
    main(sys.argv[1:])
