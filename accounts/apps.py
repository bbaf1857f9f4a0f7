from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who owes what and why, and the ground that every floor stands on."""

    name = "accounts"
    label = "accounts"
    verbose_name = _("Accounts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.foundation.append_only import let_nobody_ignore_triggers
        from accounts.foundation.states import write_declared_moves

        import_module("accounts.foundation.any_of")
        import_module("accounts.services.sentences")
        import_module("accounts.services.placements.words")
        import_module("accounts.placements.refusals")
        # The end of a migration, the one moment at which the code's moves and the table's can come to differ.
        post_migrate.connect(write_declared_moves, sender=self, dispatch_uid="declared-moves")
        post_migrate.connect(let_nobody_ignore_triggers, sender=self, dispatch_uid="triggers-for-all")
