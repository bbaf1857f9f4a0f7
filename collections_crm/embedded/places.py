"""Where the embedded servers may live, and as whom they run.

PostgreSQL refuses to run as root, so under root it runs as `nobody`, who must be able to walk to its programs and its
data. Where the checkout lies in a private folder, both move to a folder of /var/tmp whose name can't be guessed; its
address is kept in the checkout and trusted only while root owns it and nobody else may write to it.
"""

import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

# A Unix socket's address has room for 108 bytes, PostgreSQL's own file name included.
LONGEST_SOCKET_FOLDER = 80


ROOT = Path(__file__).resolve().parent.parent.parent


def data_folder() -> Path:
    """Where a desk keeps everything: `.data` of the checkout, or the folder that DATA_FOLDER names."""
    return Path(os.environ.get("DATA_FOLDER") or ROOT / ".data").resolve()


@dataclass(frozen=True)
class Runner:
    """The system user that PostgreSQL runs as: ourselves, or `nobody` when we are root."""

    uid: int
    gid: int
    is_other: bool

    @property
    def popen(self) -> dict[str, object]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}

    def own(self, path: Path) -> None:
        if self.is_other:
            os.chown(path, self.uid, self.gid)


def runner() -> Runner:
    if os.geteuid() != 0:
        return Runner(os.geteuid(), os.getegid(), is_other=False)
    nobody = pwd.getpwnam("nobody")
    return Runner(nobody.pw_uid, nobody.pw_gid, is_other=True)


def others_can_walk(path: Path) -> bool:
    """Whether any user may pass through this folder and every one above it."""
    return all(folder.stat().st_mode & 0o001 for folder in [path, *path.parents])


def private_elsewhere(pointer: Path) -> Path:
    """The folder outside the checkout that `pointer` names, made when there is none that may be trusted."""
    if pointer.exists():
        known = Path(pointer.read_text().strip())
        if _is_ours_alone(known):
            return known
    made = Path(tempfile.mkdtemp(prefix="crm-", dir="/var/tmp"))
    made.chmod(0o711)
    pointer.parent.mkdir(parents=True, exist_ok=True)
    pointer.write_text(f"{made}\n")
    return made


def forget_elsewhere(pointer: Path) -> None:
    """Remove the folder that `pointer` names, and the pointer."""
    if pointer.exists():
        known = Path(pointer.read_text().strip())
        if _is_ours_alone(known):
            shutil.rmtree(known, ignore_errors=True)
        pointer.unlink(missing_ok=True)


def _is_ours_alone(folder: Path) -> bool:
    if not folder.is_absolute() or folder.is_symlink() or not folder.is_dir():
        return False
    about = folder.stat()
    return about.st_uid == os.geteuid() and not about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
