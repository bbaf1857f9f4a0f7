"""Production: the compose file names what exists, the settings are clean, the web role can't rewrite history."""

import os
import re
import subprocess
import sys
import time
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.urls import resolve

from collections_crm import tasks
from collections_crm.services.web_role import grant_web_role
from tests.factories import pay, place_account

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OURS = [name for name, service in COMPOSE["services"].items() if "build" in service]
SECRETS = {
    "SECRET_KEY": "".join(map(chr, range(48, 122))).replace("\\", ""),
    "ALLOWED_HOSTS": "crm.example.com",
    "CSRF_TRUSTED_ORIGINS": "https://crm.example.com",
    "EMAIL_URL": "smtp+tls://u:p@mail.example.com:587",
}


def words(command):
    """The words of a command, a shell's line included."""
    return [word for part in command for word in part.split()]


def filled(value):
    """A value as compose fills it: ${NAME:?} and ${NAME:-default}."""
    return re.sub(
        r"\$\{(\w+)(?::[?-]([^}]*))?\}", lambda found: SECRETS.get(found[1]) or found[2] or "a-secret", str(value)
    )


def production(*command, **changed):
    settings = {name: filled(value) for name, value in COMPOSE["services"]["web"]["environment"].items()}
    clean = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | settings | changed
    clean = {name: value for name, value in clean.items() if value is not None}
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=clean, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", OURS)
def test_each_command_of_the_compose_file_exists(name):
    said = words(COMPOSE["services"][name]["command"])

    for before, word in pairwise(said):
        if before == "manage.py":
            assert word in get_commands()
        if before == "gunicorn":
            assert callable(import_module(word).application)
        if before == "-A":
            assert import_module(word).celery_app.main == word
    assert said[0] in {"sh", "gunicorn", "celery"}


def test_the_workers_serve_every_queue_that_a_task_is_sent_to():
    from django.conf import settings

    from collections_crm.celery import app

    app.loader.import_default_modules()
    commands = [words(COMPOSE["services"][name]["command"]) for name in OURS]
    served = {queue for said in commands if "-Q" in said for queue in said[said.index("-Q") + 1].split(",")}
    routed = {route["queue"] for route in (getattr(settings, "CELERY_TASK_ROUTES", None) or {}).values()}
    declared = {task.queue for task in app.tasks.values() if getattr(task, "queue", None)}

    assert routed | declared | {settings.CELERY_TASK_DEFAULT_QUEUE} <= served


@pytest.mark.parametrize("name", OURS)
def test_each_setting_of_the_compose_file_is_read(name):
    read = set()
    for source in [*ROOT.glob("collections_crm/*.py"), *ROOT.glob("collections_crm/management/commands/*.py")]:
        read |= set(re.findall(r"env\.\w+\(\s*\"(\w+)\"", source.read_text()))

    assert set(COMPOSE["services"][name]["environment"]) <= read


def test_the_health_check_asks_a_page_that_exists():
    asked = re.search(r"http://localhost:8000(/\w+)", " ".join(COMPOSE["services"]["web"]["healthcheck"]["test"]))

    assert resolve(asked[1]).view_name == "health"


def test_every_service_that_runs_for_long_has_a_health_check():
    long_running = {name for name, service in COMPOSE["services"].items() if service.get("restart") != "no"}

    assert long_running >= {"web", "replies", "bulk", "beat"}
    assert {name for name in long_running if "healthcheck" not in COMPOSE["services"][name]} == set()


@pytest.mark.parametrize("name", ["replies", "bulk"])
def test_the_health_check_of_a_worker_asks_that_very_worker(name):
    service = COMPOSE["services"][name]
    said, asked = words(service["command"]), words(service["healthcheck"]["test"])

    assert asked[asked.index("-d") + 1] == said[said.index("-n") + 1].replace("%h", "$$HOSTNAME")


def beat_looks_well(folder):
    service = COMPOSE["services"]["beat"]
    how, line = service["healthcheck"]["test"]
    line = line.replace(service["environment"]["BEAT_FOLDER"], str(folder))
    assert how == "CMD-SHELL"
    return subprocess.run(["/bin/sh", "-c", line], capture_output=True, check=False).returncode == 0


def test_beat_is_well_while_it_hands_jobs_over_and_not_two_minutes_later(tmp_path, settings):
    settings.BEAT_FOLDER = tmp_path
    before = beat_looks_well(tmp_path)

    tasks.beat_is_alive()
    lately = beat_looks_well(tmp_path)
    os.utime(tmp_path / "beat.alive", times=(time.time() - 121,) * 2)

    assert (before, lately, beat_looks_well(tmp_path)) == (False, True, False)


def test_whoever_sends_texts_tells_the_provider_where_to_answer():
    assert all("SMS_STATUS_URL" in COMPOSE["services"][name]["environment"] for name in ("web", "replies", "bulk"))
    assert resolve("/webhooks/texts/status").view_name == "text-status"


def test_the_deployment_check_is_clean():
    checked = production("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


@pytest.mark.parametrize(
    "changed",
    [
        {"DEBUG": "1"},
        {"DEMO": "1"},
        {"FROZEN_NOW": "2026-11-18T15:00+00:00"},
        {"CLOCK_OFFSET": "60"},
        {"CELERY_TASK_ALWAYS_EAGER": "1"},
        {"SECRET_KEY": None},
        {"DIGEST_KEY": None},
        {"DATABASE_URL": None},
        {"REDIS_URL": None},
        {"ENVIRONMENT": "prod"},
        {"DEBUG": "maybe"},
    ],
)
def test_production_refuses_to_start_with_what_belongs_to_a_desk(changed):
    started = production("-c", "from collections_crm import settings", **changed)

    assert started.returncode != 0
    assert "ImproperlyConfigured" in started.stderr


@pytest.fixture
def web_role(db):
    """Acts as the web role until the end of the test; the owner makes it."""
    account = place_account(owed="400.00")
    grant_web_role(name="crm_web_of_a_test", password="not-used-here")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE crm_web_of_a_test")
        yield account
        cursor.execute("RESET ROLE")


def test_the_web_role_takes_a_payment(web_role):
    pay(web_role, "100.00")

    web_role.refresh_from_db(fields=["balance"])
    assert web_role.balance == 300


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_ledgerentry SET source = 'x'",
        "DELETE FROM accounts_event",
        "TRUNCATE accounts_event",
        "ALTER TABLE accounts_ledgerentry DISABLE TRIGGER ALL",
        "DROP TABLE accounts_event",
        "INSERT INTO accounts_statemove (machine, source, target) VALUES ('a', 'b', 'c')",
        "UPDATE communications_policydecision SET verdict = 'allow'",
        "DELETE FROM communications_accountcontact",
        "DELETE FROM accounts_payment",
        "DELETE FROM communications_contact",
        "DELETE FROM accounts_authoritylimit",
        "DELETE FROM communications_outcome",
        "DELETE FROM axes_accesslog",
        "DELETE FROM accounts_user",
        "UPDATE django_admin_log SET change_message = 'x'",
    ],
)
def test_the_web_role_can_not_rewrite_what_an_auditor_may_ask_for(web_role, statement):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(statement)


def test_the_web_role_makes_no_table_of_its_own(web_role):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("CREATE TEMP TABLE accounts_statemove (machine text, source text, target text)")


@pytest.mark.parametrize(
    ("shadow", "statement", "guard"),
    [
        (
            "CREATE TEMP TABLE accounts_statemove AS SELECT 'accounts_payment.state' AS machine,"
            " unnest(ARRAY['posted', 'cleared']) AS source, 'received' AS target",
            "UPDATE accounts_payment SET state = 'received'",
            "no move of accounts_payment.state",
        ),
        (
            "CREATE TEMP TABLE communications_policyversion (id bigint, state text)",
            "UPDATE communications_policyrule SET action = 'warn'",
            "never change",
        ),
    ],
)
def test_no_temporary_table_stands_in_for_one_that_a_trigger_asks(db, shadow, statement, guard):
    pay(place_account(owed="400.00"), "100.00")
    connection.cursor().execute(shadow)

    with pytest.raises(DatabaseError, match=guard), transaction.atomic():
        connection.cursor().execute(statement)


def test_the_web_role_can_not_tell_the_triggers_to_look_away(web_role):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(tgname) FROM pg_trigger WHERE NOT tgisinternal")
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s::text, true)", [cursor.fetchone()[0]])

        with pytest.raises(DatabaseError, match="balance"), transaction.atomic():
            cursor.execute("UPDATE accounts_account SET balance = 1")
