"""Where policy stands in the admin, and who may come in: administrators draft, compliance publishes, both read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation import clock
from accounts.models import Role
from collections_crm.policy_admin.inquiry_page import inquiry_case, inquiry_page
from collections_crm.policy_admin.pages import pack_page, rule_page, version_page
from collections_crm.policy_admin.simulations import simulation_page
from communications.models import PolicyDecision, PolicyPack, PolicyRule, PolicySimulation, PolicyVersion

READERS = {Role.ADMIN, Role.COMPLIANCE}


class PolicyAdmin(admin.ModelAdmin):
    """Read by administrators and compliance; what changes goes through services, on our own pages."""

    page: Callable[..., HttpResponse]
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return getattr(request.user, "role", None) in READERS

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return getattr(request.user, "role", None) in READERS

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        return type(self).page(request, row, context)


@admin.register(PolicyPack)
class PolicyPackAdmin(PolicyAdmin):
    page = staticmethod(pack_page)
    list_display = ("named", "code", "jurisdiction", "live_version")
    change_list_template = "admin/policy/packs.html"

    def get_urls(self) -> list[Any]:
        guarded = self.admin_site.admin_view
        own = [
            path("in-force/", guarded(self.inquiry_view), name="policy_inquiry"),
            path("in-force/case.json", guarded(inquiry_case), name="policy_inquiry_case"),
        ]
        return own + super().get_urls()

    def inquiry_view(self, request: HttpRequest) -> HttpResponse:
        return inquiry_page(request, {**self.admin_site.each_context(request), "opts": self.opts})

    @admin.display(description=pgettext_lazy("policy", "title"))
    def named(self, pack: PolicyPack) -> str:
        return pack.title

    @admin.display(description=_("in force"))
    def live_version(self, pack: PolicyPack) -> str:
        live = PolicyVersion.objects.in_force(clock.now()).filter(pack=pack).first()
        return str(live.number) if live else "-"


@admin.register(PolicyVersion)
class PolicyVersionAdmin(PolicyAdmin):
    page = staticmethod(version_page)
    list_display = ("pack", "number", "state", "effective_from", "effective_to", "maker", "checker")
    list_filter = ("state", "pack")
    list_select_related = ("pack", "maker", "checker")


@admin.register(PolicyRule)
class PolicyRuleAdmin(PolicyAdmin):
    page = staticmethod(rule_page)
    list_display = ("code", "version", "kind", "action", "legal_force", "citation", "confidence")
    list_filter = ("kind", "action", "legal_force", "confidence", "version__state")
    list_select_related = ("version__pack",)
    search_fields = ("code", "citation", "sentence_en", "sentence_es")


@admin.register(PolicySimulation)
class PolicySimulationAdmin(PolicyAdmin):
    page = staticmethod(simulation_page)
    list_display = ("id", "pack", "number", "days", "state", "asked_at", "asked_by", "ended_at")
    list_filter = ("state", "pack")
    list_select_related = ("pack", "asked_by")


@admin.register(PolicyDecision)
class PolicyDecisionAdmin(admin.ModelAdmin):
    """The gate's answers, to look at."""

    list_display = ("id", "at", "verdict", "channel", "purpose", "actor")
    list_filter = ("verdict", "channel", "purpose")
    list_select_related = ("actor",)
    actions = None
    show_full_result_count = False
    fields = (
        "at", "actor", "channel", "purpose", "account_ids", "verdict", "reasons", "next_allowed_at", "pack_versions",
        "facts_digest",
    )  # fmt: skip

    has_module_permission = PolicyAdmin.has_module_permission
    has_view_permission = PolicyAdmin.has_view_permission
    has_change_permission = PolicyAdmin.has_change_permission
    has_add_permission = PolicyAdmin.has_add_permission
    has_delete_permission = PolicyAdmin.has_delete_permission
