"""Fixtures of the whole suite. Start tests with `bin/test`, which provides the servers."""

import gc
import os
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation
from playwright.sync_api import expect, sync_playwright

from collections_crm.celery import app as celery
from tests import factories
from tests.support import chromium
from tests.support.browser import Complaints
from tests.support.databases import cloned
from tests.support.live import LiveApp
from tests.support.mutations import switch_off


def pytest_configure(config):
    if not os.environ.get("DATABASE_URL"):
        pytest.exit("Start the tests with bin/test: it starts the database they need.", returncode=4)
    # Each worker has a cache of its own, beside the broker (0) and the live servers' cache (1).
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    settings.CACHES["default"]["LOCATION"] = f"{settings.REDIS_URL}/{2 + int(worker)}"
    if mutant := os.environ.get("MUTANT"):
        switch_off(mutant)


def pytest_collection_finish():
    """What is loaded by now stays until the end: the collector of garbage needn't look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_collection_modifyitems(items):
    """What drives a browser says so by asking for one; `--fast` leaves it out by the mark.

    The files that take long come first, so that no worker is left alone with one at the end.
    """
    for item in items:
        if {"browser_page", "live_app"} & set(item.fixturenames):
            item.add_marker("browser")
    long = {item.path for item in items if "real_db" in item.fixturenames or item.get_closest_marker("whole")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(autouse=True)
def _english():
    """A page read in Spanish leaves its language on in this thread: the next test begins in English again."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _empty_cache():
    yield
    cache.clear()


@pytest.fixture
def frozen(settings):
    """The clock of the pages stands at the moment in which the made-up people live."""
    settings.FROZEN_NOW = factories.NOW


@pytest.fixture
def eager():
    """Background work runs inside the request. Celery reads Django's settings once only, so its own are changed."""
    before, celery.conf.task_always_eager = celery.conf.task_always_eager, True
    yield
    celery.conf.task_always_eager = before


@pytest.fixture(scope="session")
def template_database():
    return settings.DATABASES["default"]["NAME"]


@pytest.fixture(scope="session")
def django_db_setup(template_database, django_db_blocker):
    """Each worker's own database. Tests with `db` roll back in it; the four portfolios of most of them stay."""
    with django_db_blocker.unblock(), cloned(template_database):
        factories.make_team(*map(factories.make_portfolio, factories.PLACES))
        yield


@pytest.fixture(scope="module")
def real_db(template_database, django_db_setup, django_db_blocker):
    """A database of this module's own, where transactions are real: for races, kills and live servers."""
    with django_db_blocker.unblock(), cloned(template_database) as name:
        yield name


@pytest.fixture
def db(request):
    """The database of this test. Beside `real_db`, a live server or a browser it commits; else it rolls back."""
    request.getfixturevalue("real_db" if "real_db" in request.fixturenames else "_django_db_helper")


@pytest.fixture(scope="module")
def live_env():
    """Settings of the live server; a module that needs others (a frozen clock, say) defines its own."""
    return {}


@pytest.fixture(scope="module")
def live_app(real_db, live_env):
    """The product in a process of its own over this module's database; background work runs inside the request."""
    place = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{real_db}").geturl()
    own = {"DATABASE_URL": place, "CACHE_PREFIX": real_db, "CELERY_TASK_ALWAYS_EAGER": "1"}
    app = LiveApp(own | live_env)
    try:
        yield app.start()
    finally:
        app.stop()


# A busy machine is slow to draw: waiting longer costs nothing where the page is right.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser():
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    path = chromium.ensure()
    with sync_playwright() as playwright:
        # Without a graphics card its drawing is imitated, which takes a third longer than to draw plainly.
        options = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        running = playwright.chromium.launch(executable_path=path, args=options)
        yield running
        running.close()


@pytest.fixture
def complaints():
    """What the browser complained of; the test fails at its end if anything is left in it."""
    return Complaints()


@pytest.fixture
def browser_page(browser, live_app, complaints):
    """A fresh browser window at the live server. Any console error or CSP violation fails the test."""
    context = browser.new_context(base_url=live_app.url, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    complaints.watch(page)
    yield page
    context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def now():
    """A Wednesday afternoon in London, morning in Mexico and New York: everybody but Australia may be called."""
    return factories.NOW


@pytest.fixture
def team(db):
    """Works a portfolio in each of the four countries."""
    return factories.make_team(*map(factories.make_portfolio, factories.PLACES))


@pytest.fixture
def agent(team):
    return factories.make_user("agent", team)


@pytest.fixture
def as_agent(client, agent):
    client.force_login(agent)
    return client


@pytest.fixture
def manager(team):
    return factories.make_user("manager", team)


@pytest.fixture
def finance(db):
    return factories.make_user("finance")


@pytest.fixture
def compliance(db):
    return factories.make_user("compliance")


@pytest.fixture
def admin(db):
    return factories.make_user("admin")
