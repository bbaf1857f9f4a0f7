"""People and teams in the admin site: who may log in, as what, for whose accounts. Only administrators come here."""

from __future__ import annotations

from typing import Any

from axes.utils import reset
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.foundation.users import Role, Team, User
from accounts.services.two_step import end_two_step


class AdministratorsOnly:
    """Nothing is ever deleted: what people did points at them. Somebody who leaves is made inactive."""

    def _is_administrator(self, request: HttpRequest) -> bool:
        return getattr(request.user, "role", None) == Role.ADMIN

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._is_administrator(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_administrator(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._is_administrator(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_administrator(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Team)
class TeamAdmin(AdministratorsOnly, admin.ModelAdmin):
    list_display = ("name",)
    filter_horizontal = ("portfolios",)


@admin.register(User)
class PeopleAdmin(AdministratorsOnly, UserAdmin):
    list_display = ("username", "first_name", "last_name", "role", "team", "language", "is_active", "last_login")
    list_filter = ("role", "team", "is_active")
    list_select_related = ("team",)
    actions = ("unlock", "remove_second_step")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "language", "zone", "single_key_shortcuts")}),
        (_("Work"), {"fields": ("role", "team", "is_staff", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        (_("Work"), {"fields": ("role", "team", "language", "is_staff")}),
    )

    @admin.action(description=_("Unlock log-in after wrong passwords"))
    def unlock(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people:
            reset(username=person.username)
        self._say(request, len(people))

    @admin.action(description=_("Remove the second step of log-in (lost phone)"))
    def remove_second_step(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people:
            end_two_step(user_id=person.pk)
            self.log_change(request, person, "Second step of log-in removed.")
        self._say(request, len(people))

    def _say(self, request: HttpRequest, count: int) -> None:
        done = ngettext("Done for %(count)d person.", "Done for %(count)d people.", count) % {"count": count}
        self.message_user(request, done, messages.SUCCESS)
