"""PostgreSQL and Valkey together, shared by every command of one checkout.

Each command that uses them holds a shared lock on one file; the one that can take it alone at its end is the last, and
stops them. A second file lets one command at a time start or stop. The system drops the locks of a killed command, so
a crash leaves nothing to clear up.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg2
from psycopg2 import sql

from collections_crm.embedded.postgres import DATABASE, Postgres
from collections_crm.embedded.valkey import Valkey


class Servers:
    """The servers of one data folder. What the environment already points at is not started here."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._users = folder / "servers.users"
        self._changing = folder / "servers.lock"
        self._use: IO[str] | None = None
        self.postgres = None if os.environ.get("DATABASE_URL") else Postgres(folder / "postgres", durable=durable)
        self.valkey = None if os.environ.get("REDIS_URL") else Valkey(folder / "valkey", durable=durable)

    def start(self) -> dict[str, str]:
        """Start what is missing, and return the variables that point at it."""
        found: dict[str, str] = {}
        with self._one_at_a_time():
            self._use = self._users.open("a+")
            fcntl.flock(self._use, fcntl.LOCK_SH)
            if self.postgres:
                ensure_database(self.postgres.start(), DATABASE)
                found["DATABASE_URL"] = self.postgres.url()
            if self.valkey:
                found["REDIS_URL"] = self.valkey.start().url
        return found

    def revive(self) -> None:
        """Start again a server that died; does nothing while both answer."""
        with self._one_at_a_time():
            for server in (self.postgres, self.valkey):
                if server and not server.answers():
                    server.start()

    def leave(self) -> None:
        """Stop the servers if nobody else uses them."""
        if self._use is None:
            return
        with self._one_at_a_time():
            if self._is_last():
                for server in (self.valkey, self.postgres):
                    if server:
                        server.stop()
            self._use.close()
            self._use = None

    def remove(self) -> None:
        """Stop whatever runs and delete the folder with all its data, for good."""
        if self.valkey:
            self.valkey.stop()
        if self.postgres:
            self.postgres.remove()
        shutil.rmtree(self._users.parent, ignore_errors=True)

    def _is_last(self) -> bool:
        if self._use is None:
            return False
        try:
            fcntl.flock(self._use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        with self._changing.open("a+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def ensure_database(postgres: Postgres, name: str) -> None:
    connection = psycopg2.connect(postgres.url("postgres"))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    finally:
        connection.close()
