"""`bin/up`: the whole product on one machine, for a desk or a demonstration. Ctrl-C stops all of it."""

import argparse
import fcntl
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import IO
from urllib.parse import urlsplit

import django

from collections_crm.embedded.children import MARK, Child, end_leftovers, stop_all
from collections_crm.embedded.places import ROOT, data_folder
from collections_crm.embedded.servers import Servers
from collections_crm.embedded.valkey import free_port

DATA = data_folder()
FIRST_PORT = 8000
DEMO_BOOK = {"accounts": 2000, "seed": 7}
SERVER_CHECK_EVERY = 5.0
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> None:
    began = time.monotonic()
    options = _options()
    _stop_on_signals()
    with _only_supervisor():
        end_leftovers(DATA)
        port = _port(options.host, options.port)
        servers = Servers(DATA)
        if options.fresh and servers.postgres:
            servers.postgres.remove()
            servers = Servers(DATA)
        children: list[Child] = []
        try:
            os.environ.update(servers.start())
            os.environ.setdefault("DEMO", "1" if servers.postgres else "0")
            os.environ.setdefault("SMS_EMULATOR_URL", f"http://127.0.0.1:{free_port()}")
            logins = _prepare_book()
            os.environ |= _webhooks(options.host, port)
            os.environ.setdefault("PUBLIC_ADDRESS", f"http://{_reachable(options.host)}:{port}")
            children.extend(_children(options.host, port))
            # The pages first: on a small machine the workers would slow them down.
            children[0].start()
            _wait_until_served(options.host, port)
            for child in children[1:]:
                child.start()
            _announce(options.host, port, logins, time.monotonic() - began)
            _look_after(children, servers)
        finally:
            # From here on a second Ctrl-C must not leave half of it running.
            for number in STOPPING:
                signal.signal(number, signal.SIG_IGN)
            say("Stopping ...")
            stop_all(children)
            servers.leave()


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/up", description=__doc__)
    parser.add_argument("--port", type=int, help=f"the port of the pages (default: {FIRST_PORT}, or the next free one)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    parser.add_argument("--fresh", action="store_true", help="throw the local database away and fill a new one")
    return parser.parse_args()


def _stop_on_signals() -> None:
    def leave(number: int, _: FrameType | None) -> None:
        sys.exit(0 if number in {signal.SIGINT, signal.SIGTERM} else 128 + number)

    for number in STOPPING:
        signal.signal(number, leave)


def _only_supervisor() -> IO[str]:
    """A lock that lasts as long as this process, however it ends."""
    DATA.mkdir(parents=True, exist_ok=True)
    lock = (DATA / "up.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit("bin/up is running in this checkout already.")
    return lock


# -- Where the pages are ----------------------------------------------------------------------------------------------


def _port(host: str, asked: int | None) -> int:
    if asked is not None:
        if not _is_free(host, asked):
            sys.exit(f"Port {asked} is taken. Choose another: bin/up --port N")
        return asked
    for port in range(FIRST_PORT, FIRST_PORT + 100):
        if _is_free(host, port):
            return port
    sys.exit(f"No port from {FIRST_PORT} to {FIRST_PORT + 99} is free. Choose one: bin/up --port N")


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _wait_until_served(host: str, port: int) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{_reachable(host)}:{port}/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    sys.exit(f"The pages did not come up; see {DATA / 'logs' / 'web.log'}")


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound


# -- The book ---------------------------------------------------------------------------------------------------------


def _prepare_book() -> list[str]:
    """Bring the tables up to date, and fill an empty book with the demo. Returns who may log in."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collections_crm.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command, get_commands
    from django.db import connection, transaction

    call_command("migrate", verbosity=0, interactive=False)
    from accounts.foundation.users import User

    if settings.DEMO and "seed_book" in get_commands() and not User.objects.exists():
        say(f"Filling the demo book with {DEMO_BOOK['accounts']} accounts (once) ...")
        with transaction.atomic():  # a start that is cut short leaves no half-filled book
            call_command("seed_book", **DEMO_BOOK)
    logins = _demo_logins() if settings.DEMO else []
    connection.close()
    return logins


def _demo_logins() -> list[str]:
    """User name and password of each demo user that is there."""
    from accounts.foundation.users import User
    from collections_crm.demo.people import STAFF, password_of

    roles = dict(
        User.objects.filter(username__in=[name for name, *_ in STAFF]).order_by("pk").values_list("username", "role")
    )
    return [f"{username:<12} {password_of(role)}" for username, role in roles.items()]


# -- The processes ----------------------------------------------------------------------------------------------------


def _children(host: str, port: int) -> list[Child]:
    logs = DATA / "logs"
    logs.mkdir(exist_ok=True)
    web = [
        "gunicorn",
        "collections_crm.wsgi",
        "--bind",
        f"{host}:{port}",
        "--workers",
        "2",
        "--threads",
        "4",
        "--preload",
        # It would lie in the home folder, shared by every checkout.
        "--no-control-socket",
    ]
    celery = ["celery", "-A", "collections_crm"]
    worker = [*celery, "worker", "--loglevel", "INFO", "--concurrency", "1", "--without-mingle"]
    commands = {
        "web": web,
        "replies": [*worker, "-Q", "replies,default", "-n", "replies@%h"],
        "bulk": [*worker, "-Q", "bulk", "-n", "bulk@%h"],
        "beat": [*celery, "beat", "--loglevel", "INFO", "--pidfile", ""],
    }
    texts = urlsplit(os.environ["SMS_EMULATOR_URL"]).port
    commands["texts"] = ["collections_crm.embedded.sms_emulator", "--port", str(texts), "--data", str(DATA / "texts")]
    environment = {MARK: str(DATA), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return [_child(name, command, logs, environment) for name, command in commands.items()]


def _webhooks(host: str, port: int) -> dict[str, str]:
    """Where the stand-in for texts calls back."""
    hooks = f"http://{_reachable(host)}:{port}/webhooks/texts"
    return {"SMS_STATUS_URL": f"{hooks}/status", "SMS_INBOUND_URL": f"{hooks}/inbound"}


def _child(name: str, command: list[str], logs: Path, environment: dict[str, str]) -> Child:
    log = logs / f"{name}.log"
    if log.exists() and log.stat().st_size:
        # What the run before said is what is asked for when it ended badly.
        log.replace(logs / f"{name}.log.before")
    log.write_bytes(b"")
    return Child(name, [sys.executable, "-m", *command], log, environment)


def _look_after(children: list[Child], servers: Servers) -> None:
    """Until a signal ends it: start again whatever dies."""
    next_check = time.monotonic() + SERVER_CHECK_EVERY
    while True:
        time.sleep(0.5)
        for child in children:
            if child.look_after():
                say(f"{child.name} had stopped and was started again; see {child.log}")
        if time.monotonic() > next_check:
            servers.revive()
            next_check = time.monotonic() + SERVER_CHECK_EVERY


def _announce(host: str, port: int, logins: list[str], seconds: float) -> None:
    say(f"\nCollections CRM is up after {seconds:.0f} s:  http://{_reachable(host)}:{port}/")
    if logins:
        say("DEMO: nobody outside is called or written to. User name and password:")
        say("\n".join(f"  {login}" for login in logins))
    say(f"Logs: {DATA / 'logs'}.  Ctrl-C stops everything.")


if __name__ == "__main__":
    main()
