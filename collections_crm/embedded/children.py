"""The processes that the supervisor keeps alive: started, restarted when they die, stopped together."""

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

# Every child and grandchild carries this variable, so that those of a killed supervisor are found by the next one.
MARK = "COLLECTIONS_CRM_UP"
LONGEST_PAUSE = 30


@dataclass
class Child:
    """One long-running command with its own log file."""

    name: str
    command: list[str]
    log: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    pause: float = 1.0
    start_again_at: float = 0.0
    started_at: float = field(default=0.0)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=os.environ | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A group of its own: Ctrl-C reaches the supervisor only, who stops the children in their turn.
                start_new_session=True,
            )
        self.started_at = time.monotonic()

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def look_after(self) -> bool:
        """Start again what died, waiting longer each time it dies young. True when it was started again."""
        now = time.monotonic()
        if self.is_running() or now < self.start_again_at:
            return False
        lived = now - self.started_at
        self.pause = 1.0 if lived > 2 * LONGEST_PAUSE else min(self.pause * 2, LONGEST_PAUSE)
        self.start_again_at = now + self.pause
        self._kill_group()
        self.start()
        return True

    def ask_to_stop(self) -> None:
        if self.process and self.is_running():
            self.process.terminate()

    def make_sure(self, deadline: float) -> None:
        """Wait for the end until `deadline`, then end the whole group by force."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, deadline - time.monotonic()))
        self._kill_group()
        self.process.wait(5)

    def _kill_group(self) -> None:
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return  # all of them have ended by themselves


def stop_all(children: list[Child], *, patience: float = 10.0) -> None:
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + patience
    for child in children:
        child.make_sure(deadline)


def end_leftovers(data: Path) -> int:
    """End what a killed supervisor of this same data folder left behind. Finds them by their mark (Linux)."""
    wanted = f"{MARK}={data}".encode()
    found = [number for number in _process_ids() if wanted in _environment_of(number)]
    for number in found:
        try:
            os.kill(number, signal.SIGKILL)
        except ProcessLookupError:
            continue
    return len(found)


def _process_ids() -> list[int]:
    return [int(folder.name) for folder in Path("/proc").glob("[0-9]*")] if Path("/proc").exists() else []


def _environment_of(number: int) -> list[bytes]:
    try:
        return Path(f"/proc/{number}/environ").read_bytes().split(b"\0")
    except OSError:
        return []  # it ended meanwhile, or belongs to somebody else
