"""An import killed in the middle, and taken up again."""

import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.db.models import Sum

from accounts.models import Account, AccountParty, DueItem, Event, LedgerEntry, Party, Placement, StagedRow
from tests import factories
from tests.support.placement_files import csv_bytes, row
from tests.support.shared_data import ROOT

ROWS = 4_000


@pytest.fixture
def portfolio(real_db):
    portfolio = factories.make_portfolio("US")
    factories.make_team(portfolio)
    return portfolio


@pytest.fixture
def start(real_db, portfolio, tmp_path):
    """Start the import in a process of its own, with small batches."""
    path = tmp_path / "accounts.csv"
    path.write_bytes(csv_bytes(rows=[row(reference=f"A-{n}", principal="100", due_now="10") for n in range(ROWS)]))
    place = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{real_db}").geturl()
    command = ["manage.py", "import_placement", path, "--portfolio", portfolio.code, "--mapping", "standard"]

    def started():
        return subprocess.Popen(
            [sys.executable, *map(str, command), "--as-of", "2026-11-17"],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": place, "PLACEMENT_BATCH": "100"},
            stdout=subprocess.PIPE,
            text=True,
        )

    return started


def loaded_through():
    return Placement.objects.values_list("loaded_through", flat=True).first() or 0


def wait_for(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "the import did not get there in a minute"
        time.sleep(0.005)


def test_an_import_killed_while_loading_is_taken_up_where_it_stopped(start):
    process = start()
    wait_for(loaded_through)
    process.send_signal(signal.SIGKILL)
    process.wait()
    placement = Placement.objects.get()
    written = Account.objects.count()
    assert placement.state == "loading"
    assert 0 < written < ROWS
    assert written == placement.loaded_through - 1, "each batch is there whole or not at all"
    assert not Account.objects.live().exists()

    assert start().wait(120) == 0

    placement = Placement.objects.get()
    assert placement.state == "live"
    for model in (Account, Party, AccountParty, DueItem, LedgerEntry):
        assert model.objects.count() == ROWS
    assert Event.objects.filter(kind="account.placed").count() == ROWS
    assert Account.objects.aggregate(Sum("balance"))["balance__sum"] == Decimal(100 * ROWS)
    assert not StagedRow.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM collections_crm_queueentry")
        assert cursor.fetchone()[0] == ROWS


def test_a_third_run_places_nothing(start):
    process = start()

    said, _errors = process.communicate(timeout=120)

    assert "0 imported, 0 new" in said
    assert Account.objects.count() == ROWS
