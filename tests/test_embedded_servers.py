"""The embedded servers: shared by commands, found again after a crash, gone at the end."""

import os
import signal
from pathlib import Path

import psycopg2
import pytest
import redis

from collections_crm.embedded.servers import Servers


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A data folder of its own; PostgreSQL's own user must be able to walk to it."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name)
    made = []

    def servers(*, durable=False):
        made.append(Servers(tmp_path / "data", durable=durable))
        return made[-1]

    yield servers
    for one in made:
        one.leave()
    made[0].postgres.remove()


def answer(found):
    with psycopg2.connect(found["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute("SHOW listen_addresses")
        return cursor.fetchone()[0], redis.Redis.from_url(found["REDIS_URL"]).ping()


def test_a_second_command_uses_the_same_servers_and_the_last_one_stops_them(folder):
    first, second = folder(), folder()

    found = first.start()
    assert second.start() == found
    first.leave()

    assert answer(found) == ("", True)
    second.leave()
    with pytest.raises(psycopg2.OperationalError):
        answer(found)


def test_servers_killed_at_once_come_back_with_what_they_held(folder):
    servers = folder(durable=True)
    found = servers.start()
    with psycopg2.connect(found["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('here')")
    connection.close()

    os.kill(servers.valkey._process_id(), signal.SIGKILL)
    lock = servers.postgres.cluster / "postmaster.pid"
    os.kill(int(lock.read_text().split()[0]), signal.SIGKILL)
    found = folder(durable=True).start()

    with psycopg2.connect(found["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT word FROM kept")
        assert cursor.fetchone() == ("here",)
    assert redis.Redis.from_url(found["REDIS_URL"]).ping()


def test_a_process_number_that_another_program_got_does_not_stop_the_start(folder):
    servers = folder()
    servers.start()
    servers.leave()
    stale = servers.postgres.cluster / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{servers.postgres.cluster}\n")

    found = folder().start()

    assert answer(found) == ("", True)


def test_only_the_owner_may_reach_the_servers(folder):
    servers = folder()
    found = servers.start()

    assert Path(servers.postgres._socket_folder).stat().st_mode & 0o777 == 0o700
    assert servers.valkey._file.stat().st_mode & 0o777 == 0o600
    stranger = redis.Redis.from_url(
        found["REDIS_URL"].split("@")[0].split("//")[0] + "//" + found["REDIS_URL"].split("@")[1]
    )
    with pytest.raises(redis.exceptions.AuthenticationError):
        stranger.ping()
    stranger.close()
