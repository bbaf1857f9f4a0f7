from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArrangementsConfig(AppConfig):
    """What is agreed, and what happens when it is not."""

    name = "arrangements"
    label = "arrangements"
    verbose_name = _("Arrangements")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("arrangements.services.escalation_kinds.catalogue").register_approvals()
