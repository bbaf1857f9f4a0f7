"""How large a file, row or cell may be before it is refused unread."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Everything is counted before it is kept, so a hostile file costs its own size and no more."""

    file_bytes: int = 512 * 1024 * 1024
    unpacked_bytes: int = 512 * 1024 * 1024
    packing_ratio: int = 150
    archive_entries: int = 500
    columns: int = 256
    rows: int = 2_000_000
    excel_cells: int = 10_000_000
    line_bytes: int = 1024 * 1024
    cell_characters: int = 32_767


DEFAULT_LIMITS = Limits()
