"""Fixtures of the whole suite. Start tests with `bin/test`, which provides the servers."""

import os

import pytest
from django.conf import settings
from django.core.cache import cache

from tests.support.databases import cloned


def pytest_configure(config):
    if not os.environ.get("DATABASE_URL"):
        pytest.exit("Start the tests with bin/test: it starts the database they need.", returncode=4)
    # Each worker has a cache of its own, beside the broker (0) and the live servers' cache (1).
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    settings.CACHES["default"]["LOCATION"] = f"{settings.REDIS_URL}/{2 + int(worker)}"


def pytest_collection_modifyitems(items):
    """What drives a browser says so by asking for one; `--fast` leaves it out by the mark."""
    for item in items:
        if {"browser_page", "live_app"} & set(item.fixturenames):
            item.add_marker("browser")


@pytest.fixture(autouse=True)
def _empty_cache():
    yield
    cache.clear()


@pytest.fixture(scope="session")
def template_database():
    return settings.DATABASES["default"]["NAME"]


@pytest.fixture(scope="session")
def django_db_setup(template_database, django_db_blocker):
    """Each worker's own database. Tests with `db` roll back in it."""
    with django_db_blocker.unblock(), cloned(template_database):
        yield


@pytest.fixture(scope="module")
def real_db(template_database, django_db_setup, django_db_blocker):
    """A database of this module's own, where transactions are real: for races, kills and live servers."""
    with django_db_blocker.unblock(), cloned(template_database) as name:
        yield name
