"""A worker dies in the middle of five hundred reminders: none is lost, none goes out twice."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from accounts.models import Consent, ContactPoint
from collections_crm.celery import app as celery
from collections_crm.demo.book import write_book
from collections_crm.demo.people import hire_staff, open_portfolios
from collections_crm.demo.plan import plan_book
from communications.models import Message
from communications.services.messages import LOST_AFTER, queue_message
from tests.factories import NOW, TODAY
from tests.support.texts import running_provider

ROOT = Path(__file__).resolve().parent.parent.parent
REMINDERS = 500
# Seconds that each of the two workers may take; an idle machine needs twenty.
PATIENCE = 600
BEAT = 15  # seconds between two sweeps


def queue_reminders_to(count):
    """Texts to as many people in the United Kingdom, where it is the middle of the afternoon."""
    plans = [
        p for p in plan_book(accounts=2000, seed=3, today=TODAY) if p.portfolio.jurisdiction == "UK" and p.reachable
    ]
    portfolios = {portfolio.code: portfolio for portfolio in open_portfolios()}
    team = hire_staff(list(portfolios.values()))["agent"].team
    write_book(plans[:count], portfolios=portfolios, team=team, owners=[], now=NOW)
    phones = list(ContactPoint.objects.filter(kind="phone").order_by("pk"))
    agreed = set(Consent.objects.filter(channel="text").values_list("contact_point_id", flat=True))
    missing = [p for p in phones if p.pk not in agreed]
    Consent.objects.bulk_create(Consent(contact_point=p, channel="text", given_at=NOW) for p in missing)
    for phone in phones:
        queue_message(
            account_id=phone.party.accounts.get().pk,
            contact_point_id=phone.pk,
            channel="text",
            template_code="promise-reminder",
            values={"amount": 40, "day": TODAY},
            actor=None,
            now=NOW,
            dedupe_key=f"reminder:{phone.pk}",
        )


class Worker:
    """A real Celery worker over the module's database; its clock stands still."""

    def __init__(self, database, sms_url, now):
        redis = os.environ["REDIS_URL"].rstrip("/")
        self.env = os.environ | {
            "DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl(),
            "BROKER_URL": f"{redis}/14",
            "SMS_EMULATOR_URL": sms_url,
            "SMS_API_URL": sms_url,
            "FROZEN_NOW": now.isoformat(),
            "CELERY_TASK_ALWAYS_EAGER": "0",
        }
        self.process = None

    def nudge(self):
        with celery.connection_for_write(self.env["BROKER_URL"]) as broker:
            celery.send_task("communications.tasks.sweep_messages", queue="bulk", connection=broker)

    def start(self):
        options = ["-Q", "bulk", "-c", "2", "--without-mingle", "--without-gossip", "-l", "ERROR"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "collections_crm", "worker", *options],
            env=self.env,
            cwd=ROOT,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.nudge()

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)


def wait_for(done, worker):
    """Until it is done; as beat does, the worker is asked to sweep every quarter of a minute."""
    began = nudged = time.monotonic()
    while not done():
        assert time.monotonic() < began + PATIENCE, states()
        time.sleep(0.2)
        if time.monotonic() > nudged + BEAT:
            worker.nudge()
            nudged = time.monotonic()


def states():
    connection.close()
    return Counter(Message.objects.values_list("state", flat=True))


def test_a_worker_killed_amid_reminders_loses_none_and_doubles_none(real_db, tmp_path):
    queue_reminders_to(REMINDERS)
    with running_provider(tmp_path) as provider:
        first = Worker(real_db, provider.url, NOW)
        first.start()
        wait_for(lambda: states()["sent"] >= 150, first)
        first.kill()
        killed_at = states()

        second = Worker(real_db, provider.url, NOW + LOST_AFTER + timedelta(minutes=1))
        second.start()
        try:
            wait_for(lambda: not (states()["queued"] or states()["sending"]), second)
        finally:
            second.kill()
        ended, taken = states(), provider.taken()

    assert killed_at["queued"] > 0, "the worker was killed too late to show anything"
    assert ended["sent"] + ended["refused"] + ended["unconfirmed"] == REMINDERS
    assert ended["sent"] > 400
    assert len({text["to"] for text in taken}) == len(taken)
    assert max(text["asked"] for text in taken) == 1
    assert ended["sent"] <= len(taken) <= ended["sent"] + ended["unconfirmed"]
