"""Make the Python environment in .venv equal to requirements.txt, and compile the translations.

Needs Python 3.11 and its standard library only. A second run finds everything in place and takes no time. Prints the
path of the environment's Python. Two runs at once wait for each other.
"""

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RECORD = VENV / "installed.sha256"


# What a Python tells of itself: its version, whether it can make environments, whether it runs out of a shared library.
TELLS = """
import importlib.util, pathlib, sys
maps = pathlib.Path("/proc/self/maps")
shared = maps.exists() and "/libpython" in maps.read_text()
print(*sys.version_info[:2], bool(importlib.util.find_spec("ensurepip")), shared)
"""
SYSTEM_PYTHON = "/usr/bin/python3"


def told_by(python: str) -> list[str]:
    """Its answers; none when it isn't there."""
    try:
        return subprocess.run([python, "-c", TELLS], capture_output=True, text=True, check=False).stdout.split()
    except OSError:
        return []


def quicker_python() -> str | None:
    """The system's own Python where it can stand in for this one and runs everything a quarter faster, because this one
    runs out of a shared library. None when somebody named a Python, or there is nothing to gain."""
    if os.environ.get("PYTHON"):
        return None
    *version, _makes_environments, shared = told_by(sys.executable)
    return SYSTEM_PYTHON if shared == "True" and told_by(SYSTEM_PYTHON) == [*version, "True", "False"] else None


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def wanted() -> str:
    content = (ROOT / "requirements.txt").read_bytes() + str(VENV).encode()
    return hashlib.sha256(content).hexdigest()


def version_there() -> str:
    """The version of the environment's own Python; empty when it has none that runs here, moved or upgraded away."""
    if not PYTHON.exists():
        return ""
    asked = [PYTHON, "-c", f"import sys; print(sys.version.split()[0] if sys.prefix == {str(VENV)!r} else '')"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


def is_current() -> bool:
    return RECORD.exists() and RECORD.read_text() == wanted()


def install() -> None:
    say("Setting up the Python environment in .venv (about ten seconds the first time) ...")
    RECORD.unlink(missing_ok=True)
    if not version_there():
        venv.create(VENV, with_pip=True, clear=True, symlinks=True)
    run(PYTHON, "-m", "pip", "install", "--quiet", "uv")
    run(PYTHON, "-m", "uv", "pip", "sync", "--quiet", "--require-hashes", "requirements.txt")
    RECORD.write_text(wanted())


def compile_translations() -> None:
    """Only when a catalogue is newer than its compiled form."""
    for source in (ROOT / "locale").glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns:
            fresh = compiled.with_suffix(f".{os.getpid()}")
            run(VENV / "bin" / "pybabel", "--quiet", "compile", "-i", source, "-o", fresh)
            fresh.replace(compiled)


def run(*command: object) -> None:
    done = subprocess.run([str(part) for part in command], cwd=ROOT, stdout=sys.stderr, check=False)
    if done.returncode:
        sys.exit(f"This step of the set-up failed: {' '.join(str(part) for part in command)}")


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python reads this file too
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit("This Python can't make environments: install its venv (Debian: apt-get install python3-venv).")
    (ROOT / ".data").mkdir(exist_ok=True)
    with (ROOT / ".data" / "environment.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Something may be running out of it: another Python than the one that made it must not take it away.
        there = version_there()
        if not there or not is_current():
            if other := quicker_python():
                # It begins anew, and waits for the lock that ends with this program.
                os.execv(other, [other, __file__])  # noqa: S606 - there is nothing in it that a shell would read
            install()
        elif there.split(".")[:2] != sys.version.split(".")[:2]:
            say(f"Goes on with Python {there} of .venv. Remove .venv to begin again with {sys.version.split()[0]}.")
        compile_translations()
    print(PYTHON)


if __name__ == "__main__":
    main()
