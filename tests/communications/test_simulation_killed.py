"""A simulation over many decisions: its worker is killed in the middle, several ask at once, memory stays flat."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from communications.models import PolicyDecision
from communications.services.policy_simulations import (
    LOST_AFTER,
    ask_for_simulation,
    give_back_lost,
    run_simulation,
)
from tests.factories import NOW, make_user
from tests.support.at_once import at_once
from tests.support.simulations import again, drafted, rung, simulated

pytestmark = pytest.mark.usefixtures("db")
ROOT = Path(__file__).resolve().parent.parent.parent
DECISIONS = 8_000
PATIENCE = 300

# The same question again and again, a second apart: the facts say what they said, so each changes as its pattern does.
COPIES = """
    INSERT INTO communications_policydecision
        (at, actor_id, party_id, contact_point_id, channel, purpose, account_ids, verdict, reasons, next_allowed_at,
         pack_versions, facts, facts_digest, override_id, txid)
    SELECT d.at + copy * interval '1 second', d.actor_id, d.party_id, d.contact_point_id, d.channel, d.purpose,
           d.account_ids, 'refuse', d.reasons, d.next_allowed_at, d.pack_versions, d.facts, d.facts_digest, NULL, 0
    FROM communications_policydecision AS d CROSS JOIN generate_series(1, %s) AS copy
    WHERE d.id = ANY(%s)
"""


@pytest.fixture(scope="module")
def draft(real_db, django_db_blocker):
    """A draft with a lower cap, over thousands of decisions of which half would change."""
    with django_db_blocker.unblock():
        admin = make_user("admin")
        ids = [decision.pk for decision in rung(2, days_ago=20)]
        with connection.cursor() as cursor:
            cursor.execute(COPIES, [DECISIONS // len(ids), ids])
            cursor.execute("ANALYZE communications_policydecision")
        yield drafted(admin, UK=1), admin


def found(simulation):
    return simulation.counts, list(
        simulation.changes.order_by("decision_id").values_list("decision_id", "before", "after")
    )


def worker(database, simulation):
    """A process that claims the simulation and judges, as a Celery worker's child does."""
    place = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    task = f"from communications.tasks import simulate_policy; simulate_policy.run({simulation.pk})"
    return subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-c", task],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": place, "FROZEN_NOW": NOW.isoformat()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for(simulation, judged):
    ends = time.monotonic() + PATIENCE
    while again(simulation).counts.get("judged", 0) < judged:
        assert time.monotonic() < ends, again(simulation).state
        time.sleep(0.05)


def test_a_worker_killed_in_the_middle_costs_nothing_and_counts_nothing_twice(draft, real_db):
    version, admin = draft
    whole = simulated(version, admin)
    simulation = ask_for_simulation(version_id=version.pk, days=30, actor=admin, now=NOW)

    process = worker(real_db, simulation)
    wait_for(simulation, 1000)
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    killed = again(simulation)
    later = NOW + LOST_AFTER * 2
    assert give_back_lost(now=later) == [simulation.pk]
    run_simulation(simulation_id=simulation.pk, clock=lambda: later)

    assert killed.state == "running", "it was killed too late to show anything"
    assert 1000 <= killed.counts["judged"] < DECISIONS
    assert whole.counts["changed"] == DECISIONS // 2 + 1
    assert found(again(simulation)) == found(whole)


def test_many_nudges_at_once_make_one_run(draft):
    version, admin = draft
    simulation = ask_for_simulation(version_id=version.pk, days=30, actor=admin, now=NOW)

    def nudged():
        return run_simulation(simulation_id=simulation.pk, clock=lambda: NOW, size=20_000)

    ran = at_once(nudged, nudged, nudged)

    assert sorted(ran) == [False, False, True]
    done = again(simulation)
    assert (done.state, done.tries, done.counts["judged"]) == ("done", 1, PolicyDecision.objects.count())
    assert done.changes.count() == done.counts["changed"]


def test_two_who_ask_at_once_get_the_same_one(draft):
    version, admin = draft

    def ask():
        return ask_for_simulation(version_id=version.pk, days=9, actor=admin, now=NOW).pk

    first, second = at_once(ask, ask)

    assert first == second
