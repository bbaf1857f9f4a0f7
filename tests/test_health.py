"""The health page: what an operator and a load balancer read."""

import pytest
from django.core.cache import cache

from collections_crm.selectors.health import BEAT_SEEN, WORKER_SEEN, note_seen
from collections_crm.tasks import pulse


@pytest.mark.django_db
def test_a_house_without_worker_serves_pages_and_says_that_it_is_degraded(client):
    answer = client.get("/health")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "degraded",
        "database": "up",
        "cache": "up",
        "broker": "up",
        "worker": "down",
        "beat": "down",
    }


@pytest.mark.django_db
def test_a_house_whose_worker_and_beat_were_seen_is_well(client):
    note_seen(WORKER_SEEN)
    pulse()

    assert client.get("/health").json()["status"] == "ok"


@pytest.mark.django_db
@pytest.mark.parametrize("silent", [WORKER_SEEN, BEAT_SEEN])
def test_a_part_that_fell_silent_is_down(client, silent):
    note_seen(WORKER_SEEN)
    note_seen(BEAT_SEEN)
    cache.set(silent, 1.0)

    assert client.get("/health").json()["status"] == "degraded"


def test_a_house_without_database_is_down_and_tells_no_secret(client, settings, monkeypatch):
    monkeypatch.setattr("collections_crm.selectors.health._database_answers", lambda: False)

    answer = client.get("/health")

    assert answer.status_code == 503
    assert answer.json()["status"] == "down"
    assert "postgres" not in answer.content.decode()
