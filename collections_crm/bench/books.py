"""Books of accounts, each size placed once in a run: `placement` measures the placing, and whoever needs one later gets
a copy of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from accounts.foundation.days import ONE_DAY
from accounts.models import Portfolio
from accounts.services.placements.importing import import_file
from collections_crm.bench.databases import fresh_database
from collections_crm.bench.pages_book import MORNING
from collections_crm.bench.synthetic import AS_OF, make_portfolio, write_file

# The day before the morning on which pages are looked at.
PLACED_AT = MORNING - ONE_DAY
_placed: dict[int, str] = {}


@contextmanager
def to_be_kept(size: int) -> Iterator[None]:
    """An empty database, in which somebody places a book of this size that others will get copies of."""
    with fresh_database(kept=True) as name:
        yield
    _placed[size] = name


@contextmanager
def book_of(size: int) -> Iterator[Portfolio]:
    """A copy of the book of this size, in the queue; it is placed now if nobody did before."""
    if size not in _placed:
        with to_be_kept(size):
            _place(size)
    with fresh_database(_placed[size]):
        yield Portfolio.objects.get()


def _place(size: int) -> None:
    portfolio = make_portfolio()
    with tempfile.TemporaryDirectory(prefix="crm-bench-") as folder:
        file = Path(folder) / "accounts.csv"
        write_file(file, size)
        with file.open("rb") as stream:
            import_file(
                portfolio_id=portfolio.pk, stream=stream, file_name=file.name, mapping_name="standard", as_of=AS_OF,
                actor=None, now=PLACED_AT,
            )  # fmt: skip
