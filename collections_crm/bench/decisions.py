"""The gate: how many contacts it decides in a second, in memory, with its facts read, and with all that is kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.foundation.days import ONE_DAY
from accounts.models import Account, ContactPoint, Portfolio
from collections_crm.bench.books import book_of
from collections_crm.bench.figures import Figure
from collections_crm.bench.pages_book import MORNING, analyse, talked, worker
from communications.policy.decide import decide
from communications.selectors.contact_facts import ContactRequest, gather, gather_many
from communications.services.authorise import authorise_contact, decide_many

ASKED = 2000
ROUNDS = 5


def measure(sizes: list[int]) -> Iterator[Figure]:
    """At the first of the sizes; each of the accounts asked about was called three times in the last weeks."""
    with book_of(sizes[0]) as portfolio:
        requests = _requests(portfolio)
        analyse()
        yield from _measure(sizes[0], requests)


def _requests(portfolio: Portfolio) -> list[ContactRequest]:
    ids = list(Account.objects.filter(portfolio=portfolio).order_by("pk").values_list("pk", flat=True)[:ASKED])
    agent = worker()
    with transaction.atomic():
        for days in (20, 9, 2):
            talked(ids, agent, MORNING - days * ONE_DAY)
    phones = ContactPoint.objects.filter(kind="phone", party__account_parties__account_id__in=ids)
    found = phones.order_by("pk").values_list("party__account_parties__account_id", "party_id", "pk")
    return [ContactRequest((account,), party, point, "call", "demand") for account, party, point in found]


def _measure(size: int, requests: list[ContactRequest]) -> Iterator[Figure]:
    key, gathered = settings.DIGEST_KEY.encode(), gather_many(requests, now=MORNING)
    in_memory = _rate(gathered, lambda one: decide(one.facts, one.packs, key=key), time.process_time)
    yield Figure("decided in memory, on one core", size, in_memory, "decisions/s", aim=5000)
    read = _rate(requests[: ASKED // 4], lambda one: _decide(one, key), time.perf_counter)
    yield Figure("decided with its facts read, one by one", size, read, "decisions/s")
    together = _rate([requests], lambda many: decide_many(requests=many, now=MORNING), time.perf_counter)
    yield Figure(
        "decided together, from the database to the answers", size, together * len(requests), "decisions/s", aim=1000
    )
    with CaptureQueriesContext(connection) as captured:
        _decide(requests[0], key)
    yield Figure("queries of a decision", size, len(captured), "queries", most=4)
    kept = _rate(requests[: ASKED // 4], _authorise, time.perf_counter, rounds=1)
    yield Figure("contacts authorised: locked, kept, reserved, queued", size, kept, "contacts/s")


def _decide(request: ContactRequest, key: bytes) -> None:
    gathered = gather(request, now=MORNING)
    decide(gathered.facts, gathered.packs, key=key)


def _authorise(request: ContactRequest) -> None:
    authorise_contact(
        account_ids=request.account_ids, party_id=request.party_id, contact_point_id=request.contact_point_id,
        channel=request.channel, purpose=request.purpose, actor=None, now=MORNING,
    )  # fmt: skip


def _rate(over: Sequence[Any], act: Callable[[Any], Any], clock: Callable[[], float], *, rounds: int = ROUNDS) -> float:
    """How many a second, in the best of some rounds: what else the machine does only ever slows it."""
    took = []
    for _ in range(rounds):
        began = clock()
        for one in over:
            act(one)
        took.append(clock() - began)
    return len(over) / min(took)
