from django.apps import AppConfig


class CommunicationsConfig(AppConfig):
    """Every contact, allowed or refused."""

    name = "communications"
    label = "communications"
    default_auto_field = "django.db.models.BigAutoField"
