"""Next, pressed by several at the same moment."""

from __future__ import annotations

from threading import Barrier, Thread

from django.db import connection, transaction

from collections_crm.models import Lease, QueueEntry
from collections_crm.work.leases import take_next
from tests.factories import NOW, make_party, make_portfolio, make_team, make_user, place_account


def test_two_agents_pressing_next_at_once_get_two_persons(real_db):
    team = make_team(make_portfolio("UK"))
    agents = [make_user("agent", team) for _ in range(4)]
    for number in range(6):
        party = make_party(f"Person {number}")
        place_account(party=party), place_account(party=party)
    start, taken = Barrier(len(agents)), []

    def press(agent) -> None:
        start.wait()
        taken.append(take_next(actor=agent, now=NOW))
        connection.close()

    threads = [Thread(target=press, args=[agent]) for agent in agents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    persons = set(QueueEntry.objects.filter(pk__in=taken).values_list("person_id", flat=True))
    assert len(taken) == len(agents)
    assert len(persons) == len(agents)
    assert Lease.objects.count() == len(agents)


def test_next_does_not_wait_for_an_account_that_somebody_is_just_changing(real_db):
    team = make_team(make_portfolio("UK"))
    agent = make_user("agent", team)
    best = place_account(due="900.00", owed="900.00", party=make_party("Best"))
    place_account(party=make_party("Next best"))
    taken = []

    def press() -> None:
        taken.append(take_next(actor=agent, now=NOW))
        connection.close()

    with transaction.atomic():
        QueueEntry.objects.select_for_update().get(pk=best.pk)
        thread = Thread(target=press)
        thread.start()
        thread.join(timeout=3)
        waited = thread.is_alive()
    thread.join()

    assert not waited
    assert taken[0] != best.pk
