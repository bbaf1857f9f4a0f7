from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CommunicationsConfig(AppConfig):
    """Every contact, allowed or refused."""

    name = "communications"
    label = "communications"
    verbose_name = _("Communications")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("communications.services.contact_sentences")
        import_module("communications.services.policy_sentences")
        import_module("communications.services.stop_sentences")
        import_module("communications.services.message_sentences")
        # After a migration the product can be worked with: the outcomes and the policy that it ships with are there.
        post_migrate.connect(_load_outcomes, sender=self, dispatch_uid="shipped-outcomes")
        post_migrate.connect(_load_packs, sender=self, dispatch_uid="shipped-packs")
        post_migrate.connect(_load_templates, sender=self, dispatch_uid="shipped-templates")


def _load_outcomes(*, using: str, **_signal: Any) -> None:
    from communications.models import Outcome
    from communications.services.outcomes import load_outcomes

    if _has_table(Outcome, using):
        load_outcomes()


def _load_packs(*, using: str, **_signal: Any) -> None:
    from accounts.foundation import clock
    from accounts.foundation.states import write_declared_moves
    from communications.models import PolicyRule
    from communications.services.policy_packs import load_shipped_packs

    if _has_table(PolicyRule, using):
        # The packs move through their states, so the table of moves must be there first.
        write_declared_moves()
        load_shipped_packs(now=clock.now())


def _load_templates(*, using: str, **_signal: Any) -> None:
    from accounts.foundation import clock
    from communications.models import Template
    from communications.services.templates import load_templates

    if _has_table(Template, using):
        load_templates(now=clock.now())


def _has_table(model: Any, using: str) -> bool:
    """Migrating backwards or a part of the way may leave the table away."""
    return model._meta.db_table in connections[using].introspection.table_names()
