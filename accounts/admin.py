"""People and teams in the admin site: who may log in, as what, for whose accounts. Only administrators come here."""
"""The book in the admin: people and settings to change, money and events to look at."""

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
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.admin import TOTPDevice

from accounts.foundation import clock
from accounts.foundation.admin_by_role import EditByAdmin, ReadByRole, role_of
from accounts.foundation.events import record
from accounts.foundation.users import Role
from accounts.models import (
    Account,
    Approval,
    AuthorityLimit,
    Event,
    Hold,
    LedgerEntry,
    Party,
    Payment,
    Placement,
    Portfolio,
    Product,
    Reveal,
    Team,
    User,
)

admin.site.unregister(Group)
admin.site.unregister(TOTPDevice)


@admin.register(User)
class PeopleAdmin(EditByAdmin, UserAdmin):
    """Who works here. Nobody gives themselves another role, and no switch here makes a superuser."""

    list_display = ("username", "first_name", "last_name", "role", "team", "is_active")
    list_filter = ("role", "team", "is_active")
    list_select_related = ("team",)
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "language", "zone")}),
        (_("Work"), {"fields": ("role", "team", "is_active")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "usable_password", "password1", "password2")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "language", "zone")}),
        (_("Work"), {"fields": ("role", "team")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        dates = ("last_login", "date_joined")
        return (*dates, "role", "team", "is_active") if obj is not None and obj.pk == request.user.pk else dates

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.is_staff = obj.role in (Role.ADMIN, Role.COMPLIANCE)
        super().save_model(request, obj, form, change)


@admin.register(TOTPDevice)
class SecondStepAdmin(ReadByRole):
    """Whose log-in has a second step. Taking it away, when a phone is lost, is the one thing that is done here."""

    list_display = ("user", "name", "confirmed", "created_at")
    fields = ("user", "name", "confirmed", "created_at", "last_used_at")
    list_select_related = ("user",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return role_of(request) == Role.ADMIN

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        record("user.second_step_removed", subject=obj.user, actor=request.user, at=clock.now())
        super().delete_model(request, obj)


@admin.register(Team)
class TeamAdmin(EditByAdmin):
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
@admin.register(Portfolio)
class PortfolioAdmin(EditByAdmin):
    """What is closed and posted through is the closing's to say."""

    list_display = ("code", "name", "creditor", "product", "jurisdiction", "capacity", "currency")
    list_filter = ("jurisdiction", "capacity", "product")
    list_select_related = ("product",)
    readonly_fields = ("closed_through", "cash_posted_through")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Its accounts are in this currency and under these laws already.
        fixed = ("code", "currency", "jurisdiction", "product") if obj is not None else ()
        return (*self.readonly_fields, *fixed)


@admin.register(Product)
class ProductAdmin(EditByAdmin):
    list_display = ("code", "kind", "name_en", "name_es")


@admin.register(AuthorityLimit)
class AuthorityLimitAdmin(EditByAdmin):
    list_display = ("role", "portfolio", "promise_max_days", "settlement_max_discount", "write_off_max")
    list_filter = ("role",)
    list_select_related = ("portfolio",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "role":
            db_field.choices = Role.choices
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Account)
class AccountAdmin(ReadByRole):
    list_display = ("reference", "portfolio", "state", "balance", "due_now", "currency", "next_kind", "next_on")
    list_filter = ("state", "next_kind", "portfolio")
    list_select_related = ("portfolio",)
    search_fields = ("reference", "external_reference")
    exclude = ("parties",)


@admin.register(Party)
class PartyAdmin(ReadByRole):
    """Names and dates of birth are read on the account's page, where looking is logged."""

    list_display = ("id", "kind", "language", "name_supplied")
    list_filter = ("kind", "language", "name_supplied")
    fields = ("kind", "language", "name_supplied", "stated_zone", "root")


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadByRole):
    list_display = ("id", "account", "kind", "amount", "currency", "effective_on", "recorded_at", "actor")
    list_filter = ("kind", "currency")
    list_select_related = ("account", "actor")
    search_fields = ("account__reference", "source_key")


@admin.register(Payment)
class PaymentAdmin(ReadByRole):
    list_display = ("id", "account", "amount", "currency", "method", "received_on", "clears_on", "state")
    list_filter = ("state", "method")
    list_select_related = ("account",)
    search_fields = ("account__reference",)


@admin.register(Hold)
class HoldAdmin(ReadByRole):
    list_display = ("id", "kind", "scope", "account", "state", "from_on", "review_on")
    list_filter = ("kind", "state", "scope")
    list_select_related = ("account",)
    search_fields = ("account__reference",)
    exclude = ("contact_point",)


@admin.register(Approval)
class ApprovalAdmin(ReadByRole):
    """To look at. Requests are decided on their own page, never here."""

    list_display = ("id", "kind", "account", "state", "maker", "checker", "requested_at", "decided_at")
    list_filter = ("state", "kind")
    list_select_related = ("account", "maker", "checker")
    search_fields = ("account__reference",)
    exclude = ("answer",)


@admin.register(Event)
class EventAdmin(ReadByRole):
    list_display = ("id", "at", "kind", "actor", "account", "reason")
    list_select_related = ("actor", "account")
    search_fields = ("account__reference", "=kind")


@admin.register(Reveal)
class RevealAdmin(ReadByRole):
    list_display = ("at", "user", "account", "field", "reason")
    list_filter = ("field", "reason")
    list_select_related = ("user", "account")


@admin.register(Placement)
class PlacementAdmin(ReadByRole):
    list_display = ("id", "portfolio", "state")
    list_filter = ("state", "portfolio")
    list_select_related = ("portfolio",)
