from importlib import import_module

from django.apps import AppConfig


class ArrangementsConfig(AppConfig):
    """What is agreed, and what happens when it is not."""

    name = "arrangements"
    label = "arrangements"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("arrangements.services.escalation_kinds.catalogue").register_approvals()
