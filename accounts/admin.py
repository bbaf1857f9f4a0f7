"""The book in the admin: settings to change, money and events to look at. People: `admin_people`."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.admin import TOTPDevice

from accounts import admin_people  # noqa: F401 - registers people and teams
from accounts.foundation.admin_by_role import EditByAdmin, ReadByRole
from accounts.foundation.users import Role
from accounts.models import (
    CREDITOR,
    Account,
    AccountAccess,
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
    SettingChange,
)

admin.site.unregister(Group)
admin.site.unregister(TOTPDevice)


@admin.register(Portfolio)
class PortfolioAdmin(EditByAdmin):
    """What is closed and posted through is the closing's to say."""

    keeps_values = True

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
    keeps_values = True
    list_display = ("code", "kind", "name_en", "name_es")


@admin.register(SettingChange)
class SettingChangeAdmin(ReadByRole):
    """Written by the database, by whatever way a setting was changed."""

    list_display = ("at", "table", "row_id", "act", "db_role", "changed")
    list_filter = ("table", "act")


@admin.register(AuthorityLimit)
class AuthorityLimitAdmin(EditByAdmin):
    keeps_values = True
    list_display = (
        "role", "portfolio", "product", "jurisdiction", "currency", "promise_max_days", "plan_max_days",
        "settlement_max_discount", "write_off_max",
    )  # fmt: skip
    list_filter = ("role", "jurisdiction", "product")
    list_select_related = ("portfolio", "product")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "role":
            db_field.choices = [*Role.choices, (CREDITOR, _("everybody: the creditor's own limit"))]
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


@admin.register(AccountAccess)
class AccountAccessAdmin(ReadByRole):
    list_display = ("at", "user", "account", "page")
    list_filter = ("page",)
    list_select_related = ("user", "account")
    search_fields = ("account__reference", "=user__username")
    show_full_result_count = False


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
