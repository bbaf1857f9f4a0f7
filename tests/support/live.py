"""The product served by a process of its own, as a browser meets it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


class LiveApp:
    """gunicorn on a free port, over the database it is given."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.url = f"http://127.0.0.1:{_free_port()}"
        self._environment = os.environ | environment
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - lives as long as the server
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> "LiveApp":
        address = self.url.removeprefix("http://")
        command = [
            "-m",
            "gunicorn",
            "collections_crm.wsgi",
            "--bind",
            address,
            "--threads",
            "4",
            "--log-level",
            "warning",
        ]
        self._process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=self._environment, stdout=self._log, stderr=self._log, text=True
        )
        deadline = time.monotonic() + 60
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The server did not start: {self.log()}")
            time.sleep(0.1)
        return self

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(15)

    def log(self) -> str:
        """What the server wrote: errors with their traces."""
        self._log.seek(0)
        return self._log.read()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=5) as answer:  # noqa: S310 - our own address
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
