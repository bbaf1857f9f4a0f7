"""Leases: who is working with a person just now."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Lease(models.Model):
    """An agent has a person, with all their accounts, until an instant; activity moves it on.

    While the agent's contact with the person is open it holds even past that instant. An agent has one at most.
    """

    person_id = models.BigIntegerField(primary_key=True)
    agent = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="lease")
    taken_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"person {self.person_id} with {self.agent_id}"
