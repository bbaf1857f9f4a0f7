"""The state of each part of the house: database, cache, broker, worker, beat."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.db import DatabaseError, connection
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from collections_crm.celery import app

WORKER_SEEN = "health.worker"
BEAT_SEEN = "health.beat"
# A worker beats every few seconds and beat pulses every fifteen: a minute of silence is trouble.
SILENCE = 60

UP, DOWN = "up", "down"


@dataclass(frozen=True)
class Health:
    parts: dict[str, str]

    @property
    def serves_pages(self) -> bool:
        return self.parts["database"] == UP and self.parts["cache"] == UP

    @property
    def is_whole(self) -> bool:
        return set(self.parts.values()) == {UP}

    def as_dict(self) -> dict[str, object]:
        return {"status": "ok" if self.is_whole else "degraded" if self.serves_pages else "down", **self.parts}


def house_health() -> Health:
    """Ask every part once, each with a short wait."""
    checks: dict[str, Callable[[], bool]] = {
        "database": _database_answers,
        "cache": _cache_answers,
        "broker": _broker_answers,
        "worker": lambda: _seen_lately(WORKER_SEEN),
        "beat": lambda: _seen_lately(BEAT_SEEN),
    }
    return Health({name: UP if check() else DOWN for name, check in checks.items()})


def note_seen(key: str) -> None:
    """A worker or beat says that it is alive. Real time on purpose: a frozen demo clock must not look like silence."""
    cache.set(key, time.time(), timeout=10 * SILENCE)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _cache_answers() -> bool:
    try:
        cache.set("health.probe", 1, timeout=5)
    except RedisError:
        return False
    return True


def _broker_answers() -> bool:
    try:
        with app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (BrokerError, OSError):
        return False
    return True


def _seen_lately(key: str) -> bool:
    try:
        seen = cache.get(key)
    except RedisError:
        return False
    return seen is not None and time.time() - seen < SILENCE
