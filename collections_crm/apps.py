from importlib import import_module

from django.apps import AppConfig


class CollectionsConfig(AppConfig):
    """The top floor: pages that show several rooms, the closing of the day, the work queue."""

    name = "collections_crm"
    label = "collections_crm"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("collections_crm.wiring").connect()
