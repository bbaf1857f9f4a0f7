"""The browser of the browser tests: one on the PATH, else Debian's package (as root), else Playwright's own.

The headless shell comes first everywhere: the same Chromium without windows draws a page in half the time.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 240
HOW_TO = "The browser tests need Chromium: install it (Debian: apt-get install chromium) or put one on the PATH."


class NoBrowser(RuntimeError):
    """There is no Chromium and none could be fetched."""


def find() -> str | None:
    """The path of a Chromium that is already here."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or _from_playwright()


def ensure() -> str:
    """The path of a Chromium, fetched if need be; raises NoBrowser, whose text says how to get one."""
    found = find()
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        found = _from_debian()
    if not found:
        _try([sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"])
        found = find()
    if not found:
        raise NoBrowser(HOW_TO)
    return found


def _from_debian() -> str | None:
    """The shell, which older releases don't have, else the whole browser."""
    _try(["apt-get", "update", "-qq"])
    for package in ("chromium-headless-shell", "chromium"):
        _try(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package, "fonts-dejavu-core"])
        if found := find():
            return found
    return None


def _from_playwright() -> str | None:
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    places = ("chromium_headless_shell-*/chrom*/*headless*shell", "chromium-*/chrome-*/chrome")
    return next((str(path) for place in places for path in sorted(cache.glob(place))), None)


def _try(command: list[str]) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, env=environment, timeout=PATIENCE, stdout=sys.stderr, check=False)
    except subprocess.TimeoutExpired:
        sys.stderr.write(f"Gave up after {PATIENCE} s: {command[0]}\n")
