"""What `bin/test` runs: linters, then pytest against a database and a broker made for this run and removed after it."""

import argparse
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from collections_crm.embedded.servers import Servers  # noqa: E402 - after the path

LINTERS = [
    ["ruff", "check", "."],
    ["ruff", "format", "--check", "."],
    ["djlint", "--lint", "--quiet", "templates"],
    ["lint-imports", "--no-cache"],
    ["mypy"],
]


def main() -> int:
    options, rest = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.environ.update(ENVIRONMENT="test", PYTHONPATH=str(ROOT), DJANGO_SETTINGS_MODULE="collections_crm.settings")
    began = time.monotonic()
    chosen = [part for part in rest if not part.startswith("-")]
    failed = [] if chosen else failed_linters()
    code = run_tests(pytest_arguments(rest, fast=options.fast, everything=not chosen))
    report(began, failed)
    return code or bool(failed)


def arguments() -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(prog="bin/test", description=__doc__)
    parser.add_argument("--fast", action="store_true", help="linters and the tests that need no browser")
    return parser.parse_known_args()


def tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def failed_linters() -> list[str]:
    return [linter[0] for linter in LINTERS if subprocess.run([tool(linter[0]), *linter[1:]], check=False).returncode]


def pytest_arguments(rest: list[str], *, fast: bool, everything: bool) -> list[str]:
    chosen = ["-m", "not browser"] if fast else []
    spread = ["-n", os.environ.get("TEST_WORKERS", "2"), "--dist", "loadfile"] if everything else []
    return [*chosen, *spread, *rest]


def run_tests(pytest: list[str]) -> int:
    """Run pytest against servers of this run's own, so that any number of runs may go on at once."""
    folder = Path(tempfile.mkdtemp(prefix=f"crm-test-{os.getpid()}-"))
    folder.chmod(0o711)
    for name in ("DATABASE_URL", "REDIS_URL", "BROKER_URL", "CACHE_URL"):
        os.environ.pop(name, None)
    servers = Servers(folder, durable=False)
    try:
        os.environ.update(servers.start())
        if code := prepare_template():
            return code
        return subprocess.run([sys.executable, "-m", "pytest", *pytest], cwd=ROOT, check=False).returncode
    except KeyboardInterrupt:
        return 130
    finally:
        servers.leave()
        if servers.postgres:
            servers.postgres.remove()
        shutil.rmtree(folder, ignore_errors=True)


def prepare_template() -> int:
    """Migrate once; every worker clones what this leaves."""
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def report(began: float, failed: list[str]) -> None:
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{time.monotonic() - began:.0f} s, peak memory of one process {peak} MB", flush=True)
    if failed:
        print(f"Linters that complained: {', '.join(failed)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
