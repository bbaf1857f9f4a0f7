from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class CommunicationsConfig(AppConfig):
    """Every contact, allowed or refused."""

    name = "communications"
    label = "communications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("communications.services.contact_sentences")
        # After a migration the product can be worked with: the outcomes that it ships with are there.
        post_migrate.connect(_load_outcomes, sender=self, dispatch_uid="shipped-outcomes")


def _load_outcomes(*, using: str, **_signal: Any) -> None:
    from communications.models import Outcome
    from communications.services.outcomes import load_outcomes

    # Migrating backwards or a part of the way may leave the table away.
    if Outcome._meta.db_table in connections[using].introspection.table_names():
        load_outcomes()
