"""Long statements are planned once a connection and answer what they would answer otherwise."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection

from accounts.foundation.prepared_statements import ask, planned_once
from accounts.foundation.users import User

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


def test_lists_of_one_and_of_many_answer_alike_and_a_list_of_one_is_planned_once():
    statement = "SELECT count(*) FROM accounts_account WHERE id = ANY(%(some)s)"
    for _time in range(7):
        assert (
            answered(statement, some=[-1]) == answered(statement, some=[-1, -2]) == answered(statement, some=[]) == (0,)
        )

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans > 0 FROM pg_prepared_statements WHERE statement LIKE %s",
            ["%(integer) AS SELECT count(*) FROM accounts_account%"],
        )
        assert cursor.fetchall() == [(True,)]


def test_a_queryset_answers_inside_what_it_answers_outside_and_is_planned_once():
    one, other = User.objects.create_user("100%"), User.objects.create_user("it's")
    asked = [
        User.objects.filter(username__contains="%").order_by("pk"),
        User.objects.filter(pk__in=[one.pk, other.pk], is_active=True).order_by("pk")[:1],
        User.objects.filter(pk=other.pk).only("username"),
        User.objects.none(),
    ]
    outside = [list(queryset.all()) for queryset in asked]
    before = prepared()
    with planned_once():
        inside = [[list(queryset.all()) for queryset in asked] for _time in range(7)]

    assert inside == [outside] * 7
    assert outside[0] == [one]
    assert before < prepared() <= before + len(asked)


def test_what_writes_is_carried_out_as_ever_while_plans_are_kept():
    with planned_once():
        User.objects.filter(pk=User.objects.create_user("someone").pk).update(first_name="Ana")
        assert User.objects.filter(first_name="Ana").count() == 1
