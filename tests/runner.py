"""What `bin/test` runs: linters, then pytest against a database and a broker made for this run and removed after it."""

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from collections_crm.embedded.servers import Servers  # noqa: E402 - after the path
from tests import mutants  # noqa: E402
from tests.support import chromium, prepared_cluster  # noqa: E402

PREFIX = "crm-test-"
LINTERS = [
    ["ruff", "check", "."],
    ["ruff", "format", "--check", "."],
    ["djlint", "--lint", "--quiet", "templates"],
    ["lint-imports", "--no-cache"],
    ["mypy"],
]


PYTEST = [sys.executable, "-m", "pytest"]


def main() -> int:
    options, rest = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.environ.update(ENVIRONMENT="test", PYTHONPATH=str(ROOT), DJANGO_SETTINGS_MODULE="collections_crm.settings")
    began = time.monotonic()
    try:
        code = with_servers(lambda: mutants.run_mutants(PYTEST)) if options.mutants else checks(options.fast, rest)
    except KeyboardInterrupt:
        code = 130
    except chromium.NoBrowser as missing:
        sys.exit(str(missing))
    report(began)
    return code


def arguments() -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(prog="bin/test", description=__doc__)
    parser.add_argument("--fast", action="store_true", help="linters, and tests without browser or workers")
    parser.add_argument("--mutants", action="store_true", help="switch guards off one at a time: a test must notice")
    return parser.parse_known_args()


def checks(fast: bool, rest: list[str]) -> int:
    """Linters and every test; with paths, only the tests there."""
    chosen = [part for part in rest if not part.startswith("-") and Path(part.split("::")[0]).exists()]
    if not fast and not chosen:
        chromium.ensure()
    with ThreadPoolExecutor(max_workers=1) as beside:
        # They read while the database is made; the tests then have the machine to themselves.
        linting = beside.submit(lambda: [] if chosen else failed_linters())

        def tested() -> int:
            linting.result()
            return run(*PYTEST, *pytest_arguments(rest, fast=fast, everything=not chosen))

        code = with_servers(tested)
    if failed := linting.result():
        print(f"Linters that complained: {', '.join(failed)}", flush=True)
    return code or bool(failed)


def failed_linters() -> list[str]:
    return [linter[0] for linter in LINTERS if run(tool(linter[0]), *linter[1:])]


def tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def run(*command: str) -> int:
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def pytest_arguments(rest: list[str], *, fast: bool, everything: bool) -> list[str]:
    chosen = ["-m", "not browser and not whole"] if fast else []
    workers = os.environ.get("TEST_WORKERS", "2")
    spread = ["-n", workers, "--dist", "loadfile", "--no-loadscope-reorder"] if everything else []
    return [*chosen, *spread, *rest]


def with_servers(work: Callable[[], int]) -> int:
    """Run `work` against servers of this run's own, so that any number of runs may go on at once."""
    sweep_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    folder.chmod(0o711)
    for name in ("DATABASE_URL", "REDIS_URL", "BROKER_URL", "CACHE_URL"):
        os.environ.pop(name, None)
    servers = Servers(folder, durable=False)
    try:
        return migrated(servers) or work()
    finally:
        servers.leave()
        servers.remove()


def migrated(servers: Servers) -> int:
    """Start the servers with every table in place; every worker then clones that database."""
    cluster = servers.postgres.cluster
    is_kept = prepared_cluster.fill(cluster)
    os.environ.update(servers.start())
    code = run(sys.executable, "manage.py", "migrate", "--verbosity", "0")
    if code == 0 and not is_kept:
        servers.leave()
        prepared_cluster.keep(cluster)
        servers.start()
    return code


def sweep_abandoned() -> None:
    """Stop and remove the servers of test runs that were killed before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).split("-")[0]
        if owner.isdecimal() and folder.stat().st_uid == os.geteuid() and not is_alive(int(owner)):
            Servers(folder, durable=False).remove()


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def report(began: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{time.monotonic() - began:.0f} s, peak memory of one process {peak} MB", flush=True)


if __name__ == "__main__":
    sys.exit(main())
