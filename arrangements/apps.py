from django.apps import AppConfig


class ArrangementsConfig(AppConfig):
    """What is agreed, and what happens when it is not."""

    name = "arrangements"
    label = "arrangements"
    default_auto_field = "django.db.models.BigAutoField"
