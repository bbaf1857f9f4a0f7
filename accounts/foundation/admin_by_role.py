"""Django admin by role: administrators change what is theirs to change, compliance reads, nobody deletes.

Permissions come from the role alone: neither Django's permissions nor `is_superuser` open anything here.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from accounts.foundation import clock
from accounts.foundation.card_numbers import refuse_card_numbers
from accounts.foundation.events import record
from accounts.foundation.users import Role

READERS = {Role.ADMIN, Role.COMPLIANCE}


def role_of(request: HttpRequest) -> str:
    user = request.user
    return user.role if user.is_authenticated and user.is_active else ""


class ReadByRole(admin.ModelAdmin):
    """For looking: every field read-only, nothing added, changed or deleted."""

    actions = None
    show_full_result_count = False

    def __init__(self, model: type[models.Model], admin_site: Any) -> None:
        super().__init__(model, admin_site)
        _head_by_what_they_point_to(model)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return role_of(request) in READERS

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return role_of(request) in READERS

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _head_by_what_they_point_to(model: type[models.Model]) -> None:
    """A column such as `account` takes the name of the model it points to, which has its Spanish."""
    for field in model._meta.fields:
        related = field.related_model
        if isinstance(related, type) and field.name == related._meta.model_name:
            field.verbose_name = related._meta.verbose_name


class EditByAdmin(ReadByRole):
    """For settings: administrators add and change, each change leaves an event with the names of the fields.

    `keeps_values`: the event holds old and new values too. Not for pages with anything personal: there `kept_values`
    names the fields that say nothing of a person.
    """

    keeps_values = False
    kept_values: frozenset[str] = frozenset()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return role_of(request) == Role.ADMIN

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return role_of(request) == Role.ADMIN

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """No card number is kept, wherever it is typed."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, forms.CharField):
            field.validators = [*field.validators, refuse_card_numbers]
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        kind = f"{obj._meta.model_name}.{'edited' if change else 'added'}"
        fields = sorted(set(form.changed_data) - {"password1", "password2"})
        codes: dict[str, Any] = {"fields": fields}
        told = fields if self.keeps_values else [name for name in fields if name in self.kept_values]
        if told:
            codes["values"] = {name: [_code(form.initial.get(name)), _code(getattr(obj, name))] for name in told}
        record(kind, subject=obj, actor=request.user, at=clock.now(), codes=codes)


def _code(value: Any) -> Any:
    """A value as an event keeps it: a row by its id, an amount as its text."""
    if isinstance(value, models.Model):
        return value.pk
    return value if value is None or isinstance(value, bool | int | list) else str(value)
