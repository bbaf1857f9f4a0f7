"""Whatever the bytes: a table of rows, or a refusal. Never a crash, never another text than was written."""

import csv
import io
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.placements.cells import Unreadable, amount, day_reader
from accounts.placements.mapping import shipped_mapping
from accounts.placements.reading import RowReader, read_rows
from accounts.placements.refusals import FileRefused
from accounts.placements.table import open_table
from tests.support.placement_files import HEADER, csv_bytes, row, workbook_bytes

CELL = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), max_size=20)
STANDARD = shipped_mapping("standard")
WORKBOOK = workbook_bytes()


def outcomes(content, name):
    """What became of each row; of a refused file, none. A refusal without a sentence is a crash."""
    try:
        return read_through(content, name)
    except FileRefused as refusal:
        return [] if " " in str(refusal) else None


def read_through(content, name):
    table = open_table(io.BytesIO(content), name)
    reader = RowReader(STANDARD, table.header, as_of=date(2026, 11, 20), currency="USD", country="US")
    return [found for _raw, found in read_rows(table, reader)]


@given(st.lists(st.lists(CELL.map(lambda text: text + "x"), min_size=3, max_size=3), min_size=1, max_size=8))
def test_a_table_that_was_written_as_csv_is_read_back_cell_by_cell(rows):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["a", "b", "c"], *rows])

    table = open_table(io.BytesIO(text.getvalue().encode()), "t.csv")

    assert [raw.cells for raw in table.rows] == rows


@given(st.dictionaries(st.sampled_from(HEADER), CELL), st.binary(max_size=30))
@settings(max_examples=200)
def test_any_cells_end_in_a_result_or_a_refusal(cells, tail):
    found = outcomes(csv_bytes(rows=[row(**cells)]) + tail, "t.csv")

    assert all((one.placed is not None) == (one.result == "placed") for one in found)


@given(st.binary(max_size=400))
@settings(max_examples=200)
def test_any_bytes_end_in_rows_or_a_refusal(content):
    assert outcomes(content, "t") is not None


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_workbook_with_any_byte_changed_ends_in_rows_or_a_refusal(data):
    content = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    found = outcomes(bytes(content), "t.xlsx")

    assert found is not None


@given(
    st.decimals(min_value=0, max_value=Decimal("99999999999.99"), places=2),
    st.sampled_from(["{:,}", "{}", "${:,}", " {} "]),
)
def test_an_amount_reads_as_what_was_written(value, written):
    assert amount(written.format(value)) == value


@given(CELL)
def test_any_text_is_an_amount_of_two_decimals_or_unreadable(text):
    try:
        value = amount(text)
    except Unreadable:
        return
    assert value is None or value == value.quantize(Decimal("0.01"))


@given(
    st.dates(date(1970, 1, 1), date(2069, 12, 31)), st.sampled_from(["%d-%b-%y", "%m/%d/%Y", "%Y-%m-%d", "%d/%m/%y"])
)
def test_a_date_reads_as_what_was_written(day, form):
    assert day_reader([form], 1970)(day.strftime(form)) == day
