"""By what each row is known, whatever number the database gave it."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models

FLOORS = ["accounts", "communications", "arrangements", "collections_crm"]

# Rows whose number comes from a sequence that an interrupted run may have moved on. Every other model is known by its
# own number: nothing that can be interrupted makes such rows.
NATURAL: dict[str, tuple[str, ...]] = {
    "accounts.user": ("username",),
    "accounts.team": ("name",),
    "accounts.portfolio": ("code",),
    "accounts.product": ("code",),
    "accounts.account": ("reference",),
    "accounts.contactpoint": ("party", "kind", "value"),
    "accounts.consent": ("contact_point", "channel", "given_at", "opted_out"),
    "accounts.payment": ("source", "source_key"),
    "accounts.ledgerentry": ("account", "recorded_at", "kind", "amount", "effective_on"),
    "accounts.hold": ("person", "account", "kind", "placed_at"),
    "accounts.followup": ("account", "set_at", "kind", "reason"),
    "accounts.approval": ("kind", "account", "maker", "requested_at"),
    "accounts.note": ("account", "author", "written_at"),
    "accounts.attachment": ("account", "digest"),
    "accounts.placement": ("portfolio", "file_digest", "uploaded_at"),
    "accounts.skiptrace": ("party", "requested_at"),
    "accounts.contactpreference": ("party", "noted_at"),
    "accounts.workplace": ("party", "noted_at"),
    "accounts.limitationact": ("account", "kind", "noted_at"),
    "accounts.run": ("job", "scope", "period"),
    "communications.outcome": ("code",),
    "communications.template": ("code", "channel", "jurisdiction", "version"),
    "communications.contact": ("person_id", "started_at", "channel", "direction"),
    "communications.policydecision": ("party", "at", "channel", "purpose"),
    "communications.message": ("account", "channel", "purpose", "queued_at"),
    "arrangements.arrangement": ("account", "kind", "made_at"),
    "arrangements.instalment": ("arrangement", "number"),
    "arrangements.escalation": ("account", "kind", "raised_at"),
    "collections_crm.contactwindow": ("key",),
}


def business_models() -> list[type[models.Model]]:
    """Every model of our floors, in the order of their tables, many-to-many tables included."""
    ours = [m for floor in FLOORS for m in apps.get_app_config(floor).get_models(include_auto_created=True)]
    return sorted(ours, key=lambda model: model._meta.db_table)


class Keys:
    """Looks up the natural key of any row; each table is read once."""

    def __init__(self) -> None:
        self._of: dict[str, dict[Any, str]] = {}
        self._by_name = {model._meta.model_name: model for model in business_models()}

    def of(self, model: type[models.Model], pk: Any) -> str | None:
        if pk is None:
            return None
        label = model._meta.label_lower
        if label not in NATURAL:
            return str(pk)
        if label not in self._of:
            self._of[label] = self._read(model, NATURAL[label])
        return self._of[label].get(pk, f"missing {pk}")

    def of_named(self, model_name: str, pk: Any) -> str | None:
        """For columns that name a type and a number instead of referring to a table."""
        model = self._by_name.get(model_name)
        return str(pk) if model is None else self.of(model, pk)

    def _read(self, model: type[models.Model], names: tuple[str, ...]) -> dict[Any, str]:
        fields = [model._meta.get_field(name) for name in names]
        columns = [field.attname for field in fields]  # type: ignore[union-attr]
        rows = model._base_manager.values_list("pk", *columns).iterator()
        return {
            pk: "|".join(str(self.value(field, value)) for field, value in zip(fields, values, strict=True))
            for pk, *values in rows
        }

    def value(self, field: Any, value: Any) -> Any:
        """A column's value, with the natural key in place of a reference."""
        return self.of(field.related_model, value) if field.is_relation else value
