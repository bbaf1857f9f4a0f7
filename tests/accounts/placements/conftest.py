import io
from datetime import date

import pytest

from accounts.placements.mapping import shipped_mapping
from accounts.placements.reading import RowReader, read_rows
from accounts.placements.table import open_table
from accounts.placements.totals import FileTotals

AS_OF = date(2026, 11, 20)


@pytest.fixture
def read():
    """Read bytes as a file; answers what became of each row."""

    def read_file(
        content, *, name="accounts.csv", mapping="standard", as_of=AS_OF, currency="USD", country="US", **more
    ):
        table = open_table(io.BytesIO(content), name, **more)
        chosen = shipped_mapping(mapping) if isinstance(mapping, str) else mapping
        reader = RowReader(chosen, table.header, as_of=as_of, currency=currency, country=country)
        return [found for _raw, found in read_rows(table, reader)]

    return read_file


@pytest.fixture
def totals():
    """Read a file on disk; answers its totals and the rows that were placed."""

    def totals_of(path, *, mapping, as_of):
        with path.open("rb") as stream:
            table = open_table(stream, path.name)
            chosen = shipped_mapping(mapping)
            reader = RowReader(chosen, table.header, as_of=as_of, currency="USD", country="US")
            totals = FileTotals(chosen, reader.places)
            placed = []
            for raw, found in read_rows(table, reader):
                totals.add(raw, found)
                if found.placed:
                    placed.append((found, found.placed))
        return totals, placed, chosen.unknown(table.header)

    return totals_of
