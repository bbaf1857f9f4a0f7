from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who owes what and why, and the ground that every floor stands on."""

    name = "accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
