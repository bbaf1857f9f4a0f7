"""Sixty days of a small book, closed in four manners: once a day, twice a day, after missed days, after kills.

Everything is done for real: each life has a database of its own, transactions commit, and the killed closings run in
processes that are killed with SIGKILL in the middle of a step.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings

from accounts.foundation.runs import Run
from accounts.models import Event, Portfolio
from collections_crm.closing.close import close_ended_days
from collections_crm.proof.digest import state_digest, table_digests
from tests.closing.stream import DARK, DAYS, Worker, draw, place_book
from tests.factories import TODAY
from tests.support.databases import cloned

ROOT = Path(__file__).resolve().parents[2]
SEED = 20261118
KILLED_IN = {7: "promises", 31: "holds", 44: "interest"}
# Runs the closing in batches of two, and kills itself when the step's second batch begins (or its first ends).
CHILD = """
import os, signal, sys
import django
django.setup()
from datetime import datetime
from collections_crm.closing import close, steps
steps.BATCH = 2
name, seen = sys.argv[1], []
def killing(step):
    def take(day, after):
        done = step(day, after)
        seen.append(day)
        if len(seen) > 1 or done.stopped_at is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    return take
steps.STEPS = [(n, killing(s) if n == name else s) for n, s in steps.STEPS]
close.close_ended_days(now=datetime.fromisoformat(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def book(template_database, django_db_setup, django_db_blocker):
    """The book on day 0, in a database that every life starts as a clone of."""
    with django_db_blocker.unblock(), cloned(template_database) as name:
        with transaction.atomic():
            place_book()
        yield name, state_digest()


@pytest.fixture(scope="module")
def once_a_day(book):
    """What the ordinary life ends with; the others are compared with it."""
    return live(book)


def morning(day):
    """After the cash of the day before is in, everywhere in the book."""
    return datetime.combine(TODAY + timedelta(days=day), time(13, 0), tzinfo=UTC)


def close_once(day, name):
    close_ended_days(now=morning(day))


def close_twice(day, name):
    close_ended_days(now=morning(day))
    close_ended_days(now=morning(day) + timedelta(minutes=40))


def close_unless_dark(day, name):
    if day not in DARK:
        close_ended_days(now=morning(day))


def close_with_kills(day, name):
    if step := KILLED_IN.get(day):
        place = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        child = subprocess.run(
            [sys.executable, "-c", CHILD, step, morning(day).isoformat()],
            env=os.environ | {"DATABASE_URL": place},
            cwd=ROOT,
            check=False,
        )
        assert child.returncode == -signal.SIGKILL
        assert Run.objects.filter(job="close_day", ended_at=None).exists()
    close_ended_days(now=morning(day))


def live(book, close=close_once):
    """Sixty days: close what has ended, then do what people and banks do. The digests at the end."""
    connection.close()  # a database that is being read can't be cloned
    with cloned(book[0]) as name:
        worker, acts = Worker(), draw(SEED)
        for day in range(DAYS):
            close(day, name)
            for act in (a for a in acts if a.at.date() == TODAY + timedelta(days=day)):
                worker.do(act)
        close(DAYS, name)
        return ending()


def ending():
    invariants_hold()
    kinds = Counter(Event.objects.values_list("kind", flat=True))
    closed = set(Portfolio.objects.values_list("closed_through", flat=True))
    return {"digest": state_digest(), "tables": table_digests(), "kinds": kinds, "closed": closed}


def invariants_hold():
    with override_settings(FROZEN_NOW=morning(DAYS)):
        call_command("check_invariants", stdout=StringIO())


def test_sixty_days_of_this_stream_meet_everything_that_closing_does(once_a_day, book):
    kinds = once_a_day["kinds"]

    assert once_a_day["digest"] != book[1]
    assert once_a_day["closed"] == {TODAY + timedelta(days=DAYS - 1)}
    for kind in ("instalment.keep", "instalment.fall_through", "instalment.keep_in_part", "arrangement.complete"):
        assert kinds[kind] > 1, kind
    for kind in ("arrangement.accept_late_money", "payment.clear", "payment.reverse", "hold.come_due", "hold.release"):
        assert kinds[kind] > 1, kind
    for kind in ("message.queued", "approval.expire", "account.pay_off"):
        assert kinds[kind] > 0, kind
    for move in ("signalled", "grant", "decline", "review", "end", "close"):
        assert kinds[f"hardshipcase.{move}"] > 0, move


@pytest.mark.parametrize("close", [close_twice, close_unless_dark, close_with_kills])
def test_every_manner_of_closing_ends_in_the_same_book(close, once_a_day, book):
    other = live(book, close)

    assert other["tables"] == once_a_day["tables"]
    assert other["digest"] == once_a_day["digest"]
