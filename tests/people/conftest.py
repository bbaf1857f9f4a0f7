"""Somebody who may log in."""

import pytest
from django.test import Client

from accounts.models import User

PASSWORD = "a long enough secret"


@pytest.fixture
def agent(db):
    return User.objects.create_user("ana", "ana@example.com", PASSWORD, role="agent", first_name="Ana")


@pytest.fixture
def at_work(client, agent):
    """A browser where the agent is logged in."""
    client.force_login(agent)
    return client


@pytest.fixture
def client_class():
    """For a second browser."""
    return Client
