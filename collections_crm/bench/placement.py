# ruff: noqa: S608 - statements are put together from the table names of this file
"""Placing a file against a bare COPY of the rows it makes: same tables, keys, indexes and triggers."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from accounts.models import Account
from accounts.services.placements.checking import check_placement, confirm_placement
from accounts.services.placements.loading import announce_batch, load_batch
from accounts.services.placements.staging import stage_file
from accounts.services.placements.uploads import receive_file
from collections_crm.bench.books import PLACED_AT, to_be_kept
from collections_crm.bench.databases import fresh_database
from collections_crm.bench.figures import Figure
from collections_crm.bench.synthetic import AS_OF, make_portfolio, write_file

# In the order in which a bare COPY has to write them; those of the book around the accounts come first, unmeasured.
AROUND = [
    "accounts_product", "accounts_portfolio", "accounts_team", "accounts_team_portfolios", "accounts_placement",
]  # fmt: skip
MADE = [
    "accounts_party", "accounts_account", "accounts_accountparty", "accounts_contactpoint", "accounts_dueitem",
    "accounts_ledgerentry", "accounts_hold", "accounts_followup", "accounts_origin", "accounts_event",
]  # fmt: skip
# What follows once the accounts are live: the queue's entries, with the windows that they share.
QUEUED = ["collections_crm_contactwindow", "collections_crm_queueentry"]
# What triggers and generated columns write by themselves.
BY_ITSELF = {("accounts_party", "person_id"), ("accounts_event", "id")}
WHICH = {"accounts_event": "WHERE account_id IS NOT NULL"}
BEGINS = {
    "accounts_account": dict.fromkeys(["balance", "principal", "interest", "fees", "costs", "credited"], "0"),
    "accounts_placement": {"state": "'uploaded'"},
}


def measure(sizes: list[int]) -> Iterator[Figure]:
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="crm-bench-") as folder:
            yield from _measure(size, Path(folder))


def _measure(size: int, folder: Path) -> Iterator[Figure]:
    file = folder / "accounts.csv"
    write_file(file, size)
    with to_be_kept(size):
        placement_id, live = _timed(lambda: _place(file))
        _told, queued = _timed(lambda: _tell(placement_id))
        if Account.objects.live().count() != size:
            raise RuntimeError("the import did not place every account")
        rows = _dump(folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with fresh_database():
        copying, copying_queue = _copy(folder)
    yield Figure("import, from the file to live accounts", size, size / live, "accounts/s", aim=5000)
    yield Figure("... and until they stand in the queue", size, size / (live + queued), "accounts/s")
    yield Figure("bare COPY of the same rows", size, size / copying, "accounts/s")
    yield Figure("rows written", size, rows, "rows")
    yield Figure("import / bare COPY", size, copying / live, "", least=0.3)
    everything = (copying + copying_queue) / (live + queued)
    # An aim, no gate: entries are worked out from the facts of the gate, account by account, and no row of the file.
    yield Figure("import with queue entries / bare COPY of both", size, everything, "", aim=0.3)
    yield Figure("peak memory of the process", size, peak, "MiB", most=1024)


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.monotonic()
    return work(), time.monotonic() - began


def _place(file: Path) -> int:
    """From the file to live accounts, by the steps that a worker takes. Answers the placement."""
    portfolio, now = make_portfolio(), PLACED_AT
    with file.open("rb") as stream:
        placement, _new = receive_file(
            portfolio_id=portfolio.pk, stream=stream, file_name=file.name, as_of=AS_OF, actor=None, now=now,
            keep_content=False,
        )  # fmt: skip
        stage_file(placement_id=placement.pk, mapping_name="standard", stream=stream, actor=None, now=now)
    check_placement(placement_id=placement.pk, actor=None, now=now)
    confirm_placement(placement_id=placement.pk, actor=None, now=now)
    while load_batch(placement_id=placement.pk, now=now):
        pass
    return placement.pk


def _tell(placement_id: int) -> None:
    """What follows in batches of its own: the queue hears of the accounts."""
    while announce_batch(placement_id=placement_id, now=PLACED_AT):
        pass


def _dump(folder: Path) -> int:
    """Write every table's rows to a file of its own; answers how many rows the import made."""
    made = 0
    with connection.cursor() as cursor:
        for table in [*AROUND, *MADE, *QUEUED]:
            with (folder / table).open("wb") as target:
                cursor.copy_expert(
                    f"COPY (SELECT {_read(table)} FROM {table} {WHICH.get(table, '')}) TO STDOUT", target
                )
            made += cursor.rowcount if table in MADE else 0
    return made


def _copy(folder: Path) -> tuple[float, float]:
    """Seconds for the rows of the import, and for those of the queue."""
    _copy_all(folder, AROUND)
    _nothing, made = _timed(lambda: _copy_all(folder, MADE))
    _nothing, queued = _timed(lambda: _copy_all(folder, QUEUED))
    return made, queued


def _copy_all(folder: Path, tables: list[str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            _copy_in(cursor, folder, table)


def _copy_in(cursor, folder: Path, table: str) -> None:
    with (folder / table).open("rb") as source:
        cursor.copy_expert(f"COPY {table} ({', '.join(_columns(table))}) FROM STDIN", source)


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, table)
    return [f'"{column.name}"' for column in columns if (table, column.name) not in BY_ITSELF]


def _read(table: str) -> str:
    """An account is written with nothing on it, since its balance follows from the ledger, and a placement as it
    begins: for COPY as for anybody."""
    begins = {f'"{name}"': value for name, value in BEGINS.get(table, {}).items()}
    return ", ".join(f"{begins[column]} AS {column}" if column in begins else column for column in _columns(table))
