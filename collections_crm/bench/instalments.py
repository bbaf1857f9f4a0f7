"""Closing a day on which every one of many plans has a payment to decide on, against its rows written bare."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import median

from accounts.models import Portfolio
from collections_crm.bench.books import book_of
from collections_crm.bench.closing import MANY, as_counted, evening, rounds_of
from collections_crm.bench.figures import Figure
from collections_crm.bench.plans_book import PLANS, bring_plans_to_evening, live_instalments


def measure(sizes: list[int]) -> Iterator[Figure]:
    """In the largest book of at most 100,000 accounts: 20,000 plans of ten payments, as far as there are accounts."""
    size = max([one for one in sizes if one <= MANY], default=min(sizes))
    with tempfile.TemporaryDirectory(prefix="crm-bench-") as folder, book_of(size) as placed:
        yield from _measure(size, placed, Path(folder))


def _measure(size: int, placed: Portfolio, folder: Path) -> Iterator[Figure]:
    expected: dict[str, int] = {}

    def bring(portfolio: Portfolio, day: date) -> None:
        expected.update(bring_plans_to_evening(portfolio, day, min(PLANS, size)))

    portfolio, day = evening(placed, bring)
    live = live_instalments()
    rounds = rounds_of(portfolio, day, folder, size, lambda counts: as_counted(counts, expected))
    closing = median(one.closing for one in rounds)
    yield Figure("live instalments", size, live, "rows")
    for kind, count in rounds[0].moved.items():
        yield Figure(f"rows: {kind}", size, count, "rows")
    yield Figure("live instalments seen to", size, live / closing, "a second", aim=20_000)
    yield Figure("instalments that moved", size, sum(expected.values()) / closing, "a second")
    yield Figure("closing the day", size, closing, "s")
    yield Figure("closing / bare, with a decision on every plan", size,
                 median(one.closing / one.bare for one in rounds), "", most=5)  # fmt: skip
    yield Figure("the same day again / the first time", size, median(one.again / one.closing for one in rounds), "",
                 most=0.1)  # fmt: skip
