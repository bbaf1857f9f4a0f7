"""Arrangements and cases in the admin, to look at."""

from __future__ import annotations

from django.contrib import admin

from accounts.foundation.admin_by_role import ReadByRole
from arrangements.models import Arrangement, EnforcementCase, Escalation, Instalment


@admin.register(Arrangement)
class ArrangementAdmin(ReadByRole):
    list_display = ("id", "account", "kind", "state", "amount", "currency", "agreed_on", "made_by")
    list_filter = ("kind", "state")
    list_select_related = ("account", "made_by")
    search_fields = ("account__reference",)
    exclude = ("party",)


@admin.register(Instalment)
class InstalmentAdmin(ReadByRole):
    list_display = ("id", "account", "number", "due_on", "judged_on", "amount", "state")
    list_filter = ("state",)
    list_select_related = ("account",)
    search_fields = ("account__reference",)


@admin.register(Escalation)
class EscalationAdmin(ReadByRole):
    list_display = ("id", "account", "kind", "state", "raised_by", "raised_at", "closed_at")
    list_filter = ("kind", "state")
    list_select_related = ("account", "raised_by")
    search_fields = ("account__reference",)
    exclude = ("note", "answer_note", "evidence")


@admin.register(EnforcementCase)
class EnforcementCaseAdmin(ReadByRole):
    list_display = ("id", "account", "kind", "state", "opened_on", "filed_on", "file_number", "lapses_on")
    list_filter = ("kind", "state")
    list_select_related = ("account",)
    search_fields = ("account__reference", "file_number")
