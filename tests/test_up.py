"""`bin/up`: everything starts, nothing is left behind, and a kill of everything is survived."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from collections_crm.embedded.children import MARK
from collections_crm.embedded.postgres import Postgres
from tests.support import prepared_cluster

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120

pytestmark = pytest.mark.whole


class Desk:
    """A data folder of its own, and what runs on it."""

    def __init__(self, folder):
        self.folder = folder
        self.started = []
        prepared_cluster.fill(Postgres(folder / "postgres").cluster)

    def up(self, *options):
        """Start, and wait for the address."""
        own = {"DATA_FOLDER": str(self.folder), "DEMO": "0", "PYTHONPATH": str(ROOT)}
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        command = [sys.executable, "-m", "collections_crm.embedded.supervisor", *options]
        running = subprocess.Popen(command, cwd=ROOT, env=kept | own, stdout=subprocess.PIPE, text=True)
        self.started.append(running)
        said = next((line for line in running.stdout if "is up" in line), "")
        return running, (re.search(r"http://\S+", said) or [""])[0]

    def processes(self):
        """Everything that was started for this folder: ours by their mark, the servers by their folder."""
        place = str(self.folder).encode()
        return [number for number in _running() if place in _read(number, "cmdline") + _marked(number)]


def _running():
    return [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]


def _read(number, what):
    try:
        return Path(f"/proc/{number}/{what}").read_bytes()
    except OSError:
        return b""


def _marked(number):
    return next((one for one in _read(number, "environ").split(b"\0") if one.startswith(MARK.encode())), b"")


def health(address, wanted):
    """The health page's last answer, awaited until its status is the wanted one."""
    deadline, said = time.monotonic() + PATIENCE, {}
    while said.get("status") != wanted and time.monotonic() < deadline:
        time.sleep(0.5)
        try:
            with urllib.request.urlopen(f"{address}health", timeout=10) as answer:  # noqa: S310 - our own address
                said = json.load(answer)
        except OSError:
            continue
    return said


@pytest.fixture
def desk(tmp_path_factory):
    # A short and open path: PostgreSQL's own user walks there when we are root.
    folder = tmp_path_factory.mktemp("desk")
    desk = Desk(folder)
    yield desk
    for running in desk.started:  # first, or it would start again what is ended here
        running.kill()
        running.wait()
    for number in desk.processes():
        os.kill(number, signal.SIGKILL)
    Postgres(folder / "postgres").remove()


def test_a_port_that_is_taken_is_told_in_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = subprocess.run(
            [sys.executable, "-m", "collections_crm.embedded.supervisor", "--port", port],
            env=os.environ | {"DATA_FOLDER": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )

    assert refused.returncode == 1
    assert refused.stderr.strip() == f"Port {port} is taken. Choose another: bin/up --port N"


def test_after_a_kill_of_everything_the_next_start_recovers_restarts_what_dies_and_leaves_no_process(desk):
    running, address = desk.up()
    assert address
    for number in {running.pid, *desk.processes()}:
        os.kill(number, signal.SIGKILL)
    running.wait()

    running, address = desk.up()
    web = min(number for number in desk.processes() if b"gunicorn" in _read(number, "cmdline"))
    os.kill(web, signal.SIGKILL)
    running_again = health(address, "ok")
    running.send_signal(signal.SIGINT)

    assert (running_again["status"], running_again["worker"]) == ("ok", "up")
    assert running.wait(PATIENCE) == 0
    assert desk.processes() == []
