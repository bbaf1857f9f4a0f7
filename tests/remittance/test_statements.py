"""A bank's statement read: credits only, every other row with its reason, a whole file refused in words."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.foundation.errors import Refused
from accounts.placements.refusals import FileRefused
from accounts.remittance.statements import Columns, first_rows, guessed, read_statement
from tests.support.advances import bank_file

TODAY = date(2026, 11, 18)
NAMED = Columns("Date", "Credit")


def read(*rows, columns=NAMED, header="Date,Description,Credit,Debit"):
    return read_statement(bank_file(*rows, header=header), "bank.csv", columns, until=TODAY)


def test_credits_count_and_debits_are_left_out():
    found = read('2026-11-02,Cards,"1,000.50",', "2026-11-03,Rent,,400.00", "2026-11-04,Fee,-12.00,", "2026-11-05,,0,")

    assert [(line.row, line.on.day, str(line.amount)) for line in found.lines] == [(2, 2, "1000.50")]
    assert [(row, reason) for row, _column, reason in found.left_out] == [
        (3, "no_amount"),
        (4, "debit"),
        (5, "no_amount"),
    ]
    assert found.rejected == []
    assert (min(found.days), max(found.days)) == (date(2026, 11, 2), date(2026, 11, 5))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("02/11/2026,Cards,10.00,", "date_unreadable"),
        (",Cards,10.00,", "day_missing"),
        ("2026-11-19,Cards,10.00,", "day_to_come"),
        ('2026-11-02,Cards,"1.000,00",', "amount_unreadable"),
        ("2026-11-02,Cards,1.005,", "amount_too_precise"),
        ("2026-11-02,Cards,=SUM(C3:C9),", "formula_cell"),
        ("2026-11-02,Cards,10.00", "wrong_number_of_cells"),
    ],
)
def test_a_row_that_can_not_be_read_is_rejected_with_its_reason(row, reason):
    found = read("2026-11-02,Cards,5.00,", row, "2026-11-03,Cards,5.00,")

    assert [(at, why) for at, _column, why in found.rejected] == [(3, reason)]
    assert found.total == 10


def test_days_are_read_as_the_person_says_they_are_written():
    rows = ("03/11/2026,Cards,10.00,", "04/11/2026,Cards,10.00,")

    assert [line.on.month for line in read(*rows, columns=Columns("Date", "Credit", "day_first")).lines] == [11, 11]
    assert [line.on.month for line in read(*rows, columns=Columns("Date", "Credit", "month_first")).lines] == [3, 4]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "placement.empty_file"),
        ("Fecha,Dep\u00f3sito\n2026-11-02,5\n".encode("cp1252"), "placement.wrong_encoding"),
        (b"%PDF-1.7", "placement.not_a_table"),
        (b"Date,Credit\n", "placement.no_rows"),
        (b'Date,Credit\n"2026-11-02,5\n', "placement.unterminated_quote"),
    ],
)
def test_a_file_that_is_no_table_of_text_is_refused_in_words(content, code):
    with pytest.raises(FileRefused) as refused:
        first_rows(content, "bank.csv")

    assert refused.value.code == code
    assert str(refused.value) != code


def test_columns_that_are_not_there_are_refused():
    for columns in (Columns("Day", "Credit"), Columns("Credit", "Credit"), Columns("", "")):
        with pytest.raises(Refused, match="which column holds the day"):
            read(columns=columns)


@pytest.mark.parametrize(
    ("header", "guess"),
    [
        ("Date,Description,Credit,Debit", ("Date", "Credit")),
        ("Posting Date;Amount;Balance", ("Posting Date", "Amount")),
        ("FECHA,CONCEPTO,DEPÓSITO,RETIRO", ("FECHA", "DEPÓSITO")),
        ("a,b", ("", "")),
    ],
)
def test_columns_are_guessed_by_their_names(header, guess):
    cells = header.replace(";", ",").split(",")

    assert (guessed(cells).day, guessed(cells).amount) == guess
