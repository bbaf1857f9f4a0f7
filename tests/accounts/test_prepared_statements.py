"""Long statements are planned once a connection and answer what they would answer otherwise."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection

from accounts.foundation.prepared_statements import ask

pytestmark = pytest.mark.django_db
STATEMENT = "SELECT %(a)s, %(b)s, 'x' LIKE 'x%%', %(a)s"


def answered(statement, **given):
    with connection.cursor() as cursor:
        ask(cursor, statement, given)
        return cursor.fetchone()


def prepared():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE starts_with(name, 'page_')")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (1, "it's"),
        (2**40, ["a", "b"]),
        (True, date(2026, 11, 18)),
        (Decimal("1.10"), datetime(2026, 11, 18, 15, tzinfo=UTC)),
        ([1, 2, 3], "%"),
    ],
)
def test_a_statement_answers_what_it_would_answer_unprepared(one, two):
    for _time in range(7):
        assert answered(STATEMENT, a=one, b=two) == (one, two, True, one)


def test_the_same_statement_is_prepared_once_whatever_its_values():
    before = prepared()
    for number in range(5):
        answered(STATEMENT, a=number, b="text")

    assert prepared() <= before + 1


def test_what_has_no_type_is_asked_in_the_ordinary_way():
    assert answered("SELECT 1 WHERE 1 = ANY(%(some)s::int[])", some=[]) is None
    assert answered("SELECT %(nothing)s::int", nothing=None) == (None,)
