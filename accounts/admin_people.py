"""People and teams in the admin site: who may log in, as what, for whose accounts."""

from __future__ import annotations

from typing import Any

from axes.utils import reset
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.foundation import clock
from accounts.foundation.admin_by_role import EditByAdmin, role_of
from accounts.foundation.events import record
from accounts.foundation.users import Role, Team, User
from accounts.services.two_step import end_two_step


class KeptByAdmin(EditByAdmin):
    """Seen and changed by administrators only. What people did points at them: who leaves is made inactive."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return role_of(request) == Role.ADMIN

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return role_of(request) == Role.ADMIN


@admin.register(Team)
class TeamAdmin(KeptByAdmin):
    list_display = ("name",)
    filter_horizontal = ("portfolios",)


@admin.register(User)
class PeopleAdmin(KeptByAdmin, UserAdmin):
    """Nobody gives themselves another role or mark, and no switch here makes a superuser."""

    # Who was let in, as what and for whose accounts, is evidence.
    kept_values = frozenset({"role", "team", "is_specialist", "is_active"})
    list_display = ("username", "first_name", "last_name", "role", "team", "language", "is_active", "last_login")
    list_filter = ("role", "team", "is_active")
    list_select_related = ("team",)
    actions = ("unlock", "remove_second_step")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "language", "zone", "single_key_shortcuts")}),
        (_("Work"), {"fields": ("role", "team", "is_specialist", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        (_("Work"), {"fields": ("role", "team", "language", "zone")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        own = obj is not None and obj.pk == request.user.pk
        return (*self.readonly_fields, "role", "team", "is_specialist", "is_active") if own else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.is_staff = obj.role in (Role.ADMIN, Role.COMPLIANCE)
        obj.password_is_given = obj.password_is_given or not change
        super().save_model(request, obj, form, change)

    @transaction.atomic
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Who sets somebody's password could come in as them: it stays on record whose was set, and by whom, and its
        owner chooses another before anything else."""
        before = self._password_of(request, id)
        answer = super().user_change_password(request, id, form_url)
        if self._password_of(request, id) != before:
            person = User.objects.get(pk=id)
            person.password_is_given = person.pk != request.user.pk
            person.save(update_fields=["password_is_given"])
            record("user.password_reset", subject=person, actor=request.user, at=clock.now())
        return answer

    def _password_of(self, request: HttpRequest, id: str) -> str | None:
        person = self.get_object(request, unquote(id))
        return person.password if person else None

    @admin.action(description=_("Unlock log-in after wrong passwords"))
    def unlock(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people:
            reset(username=person.username)
        self._say(request, len(people))

    @admin.action(description=_("Remove the second step of log-in (lost phone)"))
    def remove_second_step(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people:
            end_two_step(user_id=person.pk, actor=request.user, now=clock.now())
            self.log_change(request, person, "Second step of log-in removed.")
        self._say(request, len(people))

    def _say(self, request: HttpRequest, count: int) -> None:
        done = ngettext("Done for %(count)d person.", "Done for %(count)d people.", count) % {"count": count}
        self.message_user(request, done, messages.SUCCESS)
