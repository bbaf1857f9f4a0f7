"""What becomes of one row: placed, skipped or rejected, by our own format."""

import csv
from datetime import date, datetime
from decimal import Decimal

import pytest

from accounts.placements.mapping import mapping_from
from accounts.placements.refusals import FileRefused
from tests.support.placement_files import HEADER, ROW, csv_bytes, row, workbook_bytes
from tests.support.shared_data import ROOT


@pytest.fixture
def read_row(read):
    def one(**cells):
        [found] = read(csv_bytes(rows=[row(**cells)]))
        return found

    return one


def test_a_row_in_our_own_format_is_placed_with_what_it_says(read_row):
    placed = read_row().placed

    assert (placed.reference, placed.name, placed.total) == ("A-1", "Ana Pérez", Decimal("1240.50"))
    assert placed.due == [(date(2026, 10, 1), Decimal("120.00"))]
    assert placed.phones == [("+12125550100", "geographic")]
    assert (placed.region, placed.postcode, placed.country) == ("NY", "10001", "US")


@pytest.mark.parametrize(
    ("cells", "reason", "column"),
    [
        ({"reference": ""}, "reference_missing", ""),
        ({"reference": "x" * 61}, "text_too_long", "reference"),
        ({"principal": "0"}, "nothing_owed", "principal"),
        ({"principal": ""}, "nothing_owed", "principal"),
        ({"principal": "-5.00"}, "amount_negative", "principal"),
        ({"principal": "1.240,50"}, "amount_unreadable", "principal"),
        ({"principal": "ten"}, "amount_unreadable", "principal"),
        ({"principal": "NaN"}, "amount_unreadable", "principal"),
        ({"principal": "10.005"}, "amount_too_precise", "principal"),
        ({"principal": "=1+1"}, "formula_cell", "principal"),
        ({"due_now": "1240.51"}, "due_exceeds_balance", "due_now"),
        ({"due_now": ""}, "due_now_missing", "due_now"),
        ({"past_due_on": ""}, "past_due_on_missing", "past_due_on"),
        ({"past_due_on": "01/10/2026"}, "date_unreadable", "past_due_on"),
        ({"past_due_on": "2026-11-21"}, "date_after_as_of", "past_due_on"),
        ({"past_due_on": "2026-02-30"}, "date_unreadable", "past_due_on"),
        ({"country": "Narnia"}, "country_unreadable", "country"),
    ],
)
def test_a_row_that_cannot_be_right_is_rejected_with_its_reason_and_column(read_row, cells, reason, column):
    found = read_row(**cells)

    assert (found.result, found.reason, found.column) == ("rejected", reason, column)
    assert found.placed is None


@pytest.mark.parametrize(
    ("cells", "warning"),
    [
        ({"phone": "12"}, ("phone_unreadable", "phone")),
        ({"postcode": "701"}, ("postcode_padded", "postcode")),
        ({"postcode": "0"}, ("postcode_blanked", "postcode")),
        ({"name": "=HYPERLINK(1)"}, ("formula_kept_as_text", "name")),
        ({"name": "@SUM(A1)"}, ("formula_kept_as_text", "name")),
        ({"name": "Jos\ufffd"}, ("damaged_text", "name")),
    ],
)
def test_an_oddity_that_can_be_lived_with_is_placed_with_a_warning(read_row, cells, warning):
    found = read_row(**cells)

    assert found.result == "placed"
    assert found.warnings == [warning]


def test_a_formula_stays_the_text_it_is(read_row):
    assert read_row(name='=cmd|"/c calc"!A0').placed.name == '=cmd|"/c calc"!A0'


def test_nothing_overdue_is_skipped_rather_than_rejected(read_row):
    found = read_row(due_now="0")

    assert (found.result, found.reason) == ("skipped", "not_overdue")


def test_the_second_row_with_a_reference_is_rejected(read):
    found = read(csv_bytes(rows=[ROW, row(name="Somebody Else")]))

    assert [(one.result, one.reason) for one in found] == [("placed", ""), ("rejected", "reference_repeated")]


def test_a_row_with_a_cell_too_many_is_rejected_and_the_others_are_placed(read):
    found = read(csv_bytes(rows=[[*ROW, "extra"], row(reference="A-2")]))

    assert [(one.number, one.result, one.reason) for one in found] == [
        (2, "rejected", "wrong_number_of_cells"),
        (3, "placed", ""),
    ]


def test_empty_lines_are_no_rows(read):
    assert len(read(csv_bytes() + b"\r\n,,,,,,,,\r\n\r\n")) == 1


@pytest.mark.parametrize(
    "dialect", [{"delimiter": ";"}, {"delimiter": "\t"}, {"lineterminator": "\n"}, {"quoting": csv.QUOTE_ALL}]
)
def test_every_usual_way_to_write_a_csv_file_reads_the_same(read, dialect):
    assert read(csv_bytes(**dialect)) == read(csv_bytes())


def test_a_byte_order_mark_is_no_part_of_the_first_column(read):
    assert read(csv_bytes(encoding="utf-8-sig")) == read(csv_bytes())


def test_a_workbook_reads_as_the_same_text_would(read):
    native = row(principal=1240.5, due_now=120, postcode=10001)

    def dates(sheet, workbook):
        sheet.write_datetime(
            1,
            HEADER.index("past_due_on"),
            datetime.fromisoformat("2026-10-01"),
            workbook.add_format({"num_format": "d/m/y"}),
        )

    [found] = read(workbook_bytes(rows=[native], write=dates), name="accounts.xlsx")

    assert found.placed == read(csv_bytes())[0].placed


def test_a_computed_cell_of_a_workbook_rejects_its_row_only(read):
    rows = [ROW, row(reference="A-2")]
    place = HEADER.index("principal")

    found = read(
        workbook_bytes(rows=rows, write=lambda sheet, _book: sheet.write_formula(1, place, "=5*5", None, 25)),
        name="a.xlsx",
    )

    assert [(one.result, one.reason, one.column) for one in found] == [
        ("rejected", "formula_cell", "principal"),
        ("placed", "", ""),
    ]


def test_a_year_of_two_digits_needs_a_century(read):
    mapping = mapping_from(
        "two_digits",
        {
            "fields": {"reference": "ref", "principal": "owed", "charged_off_on": "on"},
            "dates": ["%d-%b-%y"],
            "century_from": 1950,
        },
    )
    content = csv_bytes(
        header=["ref", "owed", "on"], rows=[["1", "5", "1-Jan-49"], ["2", "5", "1-Jan-50"], ["3", "5", "29-Feb-04"]]
    )

    found = read(content, mapping=mapping, as_of=date(2050, 1, 1))

    assert [one.placed.charged_off_on.year for one in found] == [2049, 1950, 2004]


def test_another_currency_than_the_portfolios_is_rejected(read):
    content = csv_bytes(header=[*HEADER, "currency"], rows=[[*ROW, "GBP"]])

    [found] = read(content)

    assert (found.reason, found.column) == ("other_currency", "currency")


@pytest.mark.parametrize(
    "terms",
    [
        {"fields": {"principal": "owed"}},
        {"fields": {"reference": "ref"}},
        {"fields": {"reference": "ref", "principal": "owed", "shoe_size": "x"}},
        {"fields": {"reference": {"column": "ref", "minus": "x"}, "principal": "owed"}},
        {"fields": {"reference": "ref", "principal": "owed"}, "defaults": {"shoe_size": "44"}},
        {"fields": {"reference": "ref", "principal": "owed", "status": "s"}, "statuses": {"Late": {"explode": True}}},
    ],
)
def test_a_mapping_that_cannot_work_is_refused_before_any_file(terms):
    with pytest.raises(FileRefused) as refusal:
        mapping_from("mine", terms)

    assert refusal.value.code == "placement.bad_mapping"


def test_columns_that_no_field_uses_are_named():
    mapping = mapping_from("mine", {"fields": {"reference": "Ref", "principal": "Owed"}, "set_aside": ["Branch"]})

    assert mapping.unknown(["ref", " OWED ", "branch", "Shoe size"]) == ["Shoe size"]


def test_the_written_example_of_our_format_is_placed_whole(read):
    content = (ROOT / "docs" / "placement-example.csv").read_bytes()

    found = read(content)

    assert [(one.result, one.warnings) for one in found] == [("placed", [])] * 3
