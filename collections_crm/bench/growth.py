"""How much the queue page and Next read as the book grows: shared buffers touched by their statements, by EXPLAIN."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.foundation.users import User
from accounts.models import Portfolio
from collections_crm.bench.books import book_of
from collections_crm.bench.figures import Figure
from collections_crm.bench.pages import Visitor, on_a_working_morning
from collections_crm.bench.pages_book import MORNING, analyse, with_history, worker
from collections_crm.work.leases import take_next
from collections_crm.work.minute import turn_minute

ASKED = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "(")


def measure(sizes: list[int]) -> Iterator[Figure]:
    """At every size, in one run. The gate compares the largest book with the smallest."""
    touched: dict[str, dict[int, int]] = {"queue page": {}, "Next": {}}
    for size in sizes:
        with book_of(size) as portfolio, on_a_working_morning():
            agent = _ready_book(portfolio)
            touched["queue page"][size] = _of_the_page(agent)
            touched["Next"][size] = _of_next(agent)
        for what, found in touched.items():
            yield Figure(f"buffers touched by the {what}", size, found[size], "buffers")
    least, largest = min(sizes), max(sizes)
    for what, found in touched.items():
        ratio = found[largest] / found[least]
        yield Figure(f"{what}: buffers against {least:,} accounts", largest, ratio, "", most=1.5)


def _ready_book(portfolio: Portfolio) -> User:
    agent = worker()
    with_history(portfolio, agent)
    turn_minute(now=MORNING)
    analyse()
    return agent


def _of_the_page(agent: User) -> int:
    visitor = Visitor(agent)
    visitor.ask(reverse("queue"))
    statements = [sql for sql in visitor.queries_of(reverse("queue")) if sql.strip().upper().startswith(ASKED)]
    return sum(_buffers(sql) for sql in statements)


def _of_next(agent: User) -> int:
    """Taken and put back, to see what that asks; then asked again statement by statement, and put back once more."""
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        take_next(actor=agent, now=MORNING)
        transaction.set_rollback(True)
    asked = [query["sql"] for query in captured if query["sql"].strip().upper().startswith(ASKED)]
    with transaction.atomic():
        touched = sum(_buffers(sql) for sql in asked)
        transaction.set_rollback(True)
    return touched


def _buffers(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
    top = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])
