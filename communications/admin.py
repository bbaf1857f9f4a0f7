"""Contacts and messages in the admin to look at, outcomes and templates to change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.foundation import clock
from accounts.foundation.admin_by_role import EditByAdmin, ReadByRole
from accounts.foundation.errors import Refused
from accounts.foundation.purposes import Channel
from accounts.models import ContactPointStatus, HoldKind, NextKind
from communications.models import Contact, FirstNotice, Message, Outcome, Template
from communications.policy.wording import word
from communications.services.template_versions import next_version, publish_template
from communications.services.templates import elements_of

NOTHING = ("", "-")
# What a save may do next by itself: other steps need something that an outcome can't name.
STEPS = (NextKind.ACT, NextKind.CALLBACK, NextKind.CHECK_PROMISE, NextKind.REVIEW_HOLD)
ENDS = (ContactPointStatus.WRONG_PARTY, ContactPointStatus.DEAD)
EFFECTS: dict[str, Any] = {
    "point_status": [NOTHING, *((end.value, end.label) for end in ENDS)],
    "hold_kind": [NOTHING, *HoldKind.choices],
    "next_kind": [(step.value, step.label) for step in STEPS],
}


@admin.register(Outcome)
class OutcomeAdmin(EditByAdmin):
    """Words, order, days and effects may change; the code stays, and with it what history means."""

    keeps_values = True

    list_display = ("code", "label_en", "label_es", "key", "reached", "hold_kind", "active")
    list_filter = ("reached", "active")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        label, initial = capfirst(db_field.verbose_name), db_field.get_default()
        if db_field.name == "channels":
            boxes = forms.CheckboxSelectMultiple
            return forms.MultipleChoiceField(label=label, choices=Channel.choices, widget=boxes)
        if db_field.name in EFFECTS:
            choices, required = EFFECTS[db_field.name], not db_field.blank
            return forms.ChoiceField(label=label, choices=choices, required=required, initial=initial)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code", "reached", "counts_attempt", "counts_conversation", "uncounts") if obj is not None else ()


@admin.register(Template)
class TemplateAdmin(EditByAdmin):
    """A draft is changed until it is published; a published version never changes, the next one begins as its copy."""

    keeps_values = True

    list_display = ("code", "version", "channel", "purpose", "jurisdiction", "published_at")
    list_filter = ("channel", "purpose", "jurisdiction")
    readonly_fields = ("version", "published_at", "carries")
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 10, "cols": 80})}}
    change_form_template = "admin/communications/template/change_form.html"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        draft = obj is None or obj.published_at is None
        return draft and super().has_change_permission(request, obj)

    @admin.display(description=_("every message carries"))
    def carries(self, template: Template) -> str:
        """What the rules on words find in it; the fields in braces put it there."""
        language = get_language() or "en"
        return ", ".join(word("element", element, language) for element in elements_of(template)) or "-"

    def response_change(self, request: HttpRequest, obj: Template) -> HttpResponse:
        if "_publish" in request.POST:
            _tell(request, lambda: publish_template(template_id=obj.pk, actor=request.user, now=clock.now()))
            return HttpResponseRedirect(reverse("admin:communications_template_change", args=[obj.pk]))
        return super().response_change(request, obj)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "POST" and "_next_version" in request.POST and self.has_add_permission(request):
            made = _tell(request, lambda: next_version(template_id=int(object_id), actor=request.user, now=clock.now()))
            return HttpResponseRedirect(
                reverse("admin:communications_template_change", args=[made.pk if made else object_id])
            )
        context = {**(extra_context or {}), "may_begin_next": self.has_add_permission(request)}
        return super().change_view(request, object_id, form_url, context)


def _tell(request: HttpRequest, act: Any) -> Any:
    """Do it, and say what came of it."""
    try:
        done = act()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None
    messages.success(request, _("Saved."))
    return done


@admin.register(Contact)
class ContactAdmin(ReadByRole):
    list_display = ("id", "started_at", "channel", "direction", "purpose", "state", "outcome", "agent")
    list_filter = ("channel", "direction", "state")
    list_select_related = ("outcome", "agent")
    exclude = ("party", "contact_point")


@admin.register(Message)
class MessageAdmin(ReadByRole):
    """Where each message stands. Its words and its recipient are read on the account's page."""

    list_display = ("id", "account", "channel", "purpose", "state", "queued_at", "sent_at", "failure_code")
    list_filter = ("state", "channel", "purpose")
    list_select_related = ("account",)
    exclude = ("party", "contact_point", "subject", "body")


@admin.register(FirstNotice)
class FirstNoticeAdmin(ReadByRole):
    list_display = ("id", "account", "kind", "sent_on", "wait_until", "recorded_by")
    list_filter = ("kind",)
    list_select_related = ("account", "recorded_by")
