"""A new installation has nobody: the first administrator comes from the command line, once."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import Event, User


@pytest.fixture
def add(monkeypatch):
    def run(name, password):
        monkeypatch.setenv("ADMIN_PASSWORD", password)
        call_command("add_first_admin", name, verbosity=0)

    return run


def test_the_first_administrator_can_open_the_administration(db, add, client):
    add("olga", "a long enough secret")

    client.force_login(User.objects.get(username="olga"))
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 200
    assert Event.objects.filter(kind="user.added").exists()


def test_there_is_only_one_first_administrator(db, add):
    add("olga", "a long enough secret")

    with pytest.raises(CommandError, match="already"):
        add("petra", "another long secret")

    assert not User.objects.filter(username="petra").exists()


def test_a_weak_password_is_refused(db, add):
    with pytest.raises(CommandError, match="12"):
        add("olga", "secret")

    assert not User.objects.exists()
