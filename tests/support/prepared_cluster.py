"""A migrated cluster kept between runs: while no migration changes, a run copies it instead of migrating anew."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / ".data" / "test-clusters"
MOST_KEPT = 3
# Migrations, and what is loaded after them.
WHAT_MATTERS = (
    "requirements.txt",
    "*/migrations/*.py",
    "*/apps.py",
    "communications/policy/packs/**/*",
    "communications/services/outcome*.py",
    "communications/services/template*.py",
)


def fill(cluster: Path) -> bool:
    """Put the kept cluster of these migrations in the empty place `cluster`. False when there is none."""
    kept = _kept()
    if not (kept / "PG_VERSION").exists():
        return False
    _copy(kept, cluster)
    kept.touch()
    return True


def keep(cluster: Path) -> None:
    """Keep a copy of a stopped cluster for the next run; the oldest copies go."""
    KEPT.mkdir(parents=True, exist_ok=True)
    fresh = KEPT / f"fresh-{os.getpid()}"
    _copy(cluster, fresh)
    if _kept().exists():
        shutil.rmtree(fresh)
    else:
        fresh.rename(_kept())
    by_age = sorted(KEPT.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for old in by_age[MOST_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def _kept() -> Path:
    digest = hashlib.sha256()
    for pattern in WHAT_MATTERS:
        for file in sorted(path for path in ROOT.glob(pattern) if path.is_file() and path.suffix != ".pyc"):
            digest.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return KEPT / f"{digest.hexdigest()[:20]}-{os.geteuid()}"


def _copy(source: Path, target: Path) -> None:
    # cp keeps the owner, who is another user when we are root.
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)  # noqa: S607 - wherever cp is
