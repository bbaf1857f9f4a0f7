"""The packs that ship with the product, read from their files."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from communications.policy.pack import Pack, PackSet, pack_from

FOLDER = Path(__file__).parent / "packs"
CODES = ("UK", "US", "MX", "AU", "firm")


def shipped_data(code: str) -> dict[str, Any]:
    """The plain data of a shipped pack."""
    return tomllib.loads((FOLDER / f"{code.lower()}.toml").read_text(encoding="utf-8"))


@cache
def shipped_pack(code: str) -> Pack:
    return pack_from(shipped_data(code))


@cache
def shipped_packs() -> PackSet:
    """All shipped packs together."""
    return PackSet([shipped_pack(code) for code in CODES])
