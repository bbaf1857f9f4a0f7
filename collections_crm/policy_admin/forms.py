"""Forms of policy: beginning a draft, acting on a version, and one rule with its numbers and scope."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.foundation import clock
from collections_crm.policy_admin.rule_fields import param_fields, params_from, scope_fields, scope_from
from collections_crm.ui.fields import CivilDateField, ClockField
from collections_crm.ui.forms import PageForm
from collections_crm.ui.words import place, zone_named
from communications.models import PolicyRule, PolicyVersion
from communications.models.policy_simulation import LONGEST
from communications.policy.civil import instants_of
from communications.selectors.live_policy import rule_token

ACTS = ("submit", "publish", "send_back", "drop", "call_off", "way_back")
# Shown once more with what they change before they are done.
FAR_REACHING = ("submit", "publish", "drop")


class DraftForm(PageForm):
    """Begin the next version of a pack."""

    note = forms.CharField(label=_("What changes and why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class ActForm(PageForm):
    """One act on a version."""

    act = forms.ChoiceField(choices=[(act, act) for act in ACTS], widget=forms.HiddenInput)
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, version: PolicyVersion, **kwargs: Any) -> None:
        self.version = version
        super().__init__(*args, **kwargs)

    def said(self) -> dict[str, Any]:
        """What the service is told beside the version."""
        return {}

    @property
    def is_to_be_confirmed(self) -> bool:
        return self.cleaned_data["act"] in FAR_REACHING and not self.cleaned_data["confirmed"]


class PublishForm(ActForm):
    """Publishing: at once, or from a day and time by the clock of the pack."""

    begins_on = CivilDateField(label=_("From (day)"), required=False, widget=forms.TextInput({"autocomplete": "off"}))
    begins_at = ClockField(label=_("At (time)"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["begins_on"].zone = self.version.pack.zone
        self.fields["begins_on"].help_text = _("Both empty: at once. Else by the clock of {place}.").format(
            place=place(self.version.pack.zone)
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        day, at = cleaned.get("begins_on"), cleaned.get("begins_at")
        if not self.errors and (day is None) != (at is None):
            self.add_error("begins_at" if day else "begins_on", _("Write the day and the time, or neither."))
        elif day and at:
            cleaned["begins"] = self._instant(day, at.hour * 60 + at.minute)
        return cleaned

    def _instant(self, day: date, minute: int) -> datetime | None:
        """The first time that the clock of the pack's zone shows it; none when that clock jumps over it."""
        zone = self.version.pack.zone
        instant = instants_of(day, minute, zone)[0]
        local = instant.astimezone(zone_named(zone))
        if local.hour * 60 + local.minute != minute:
            self.add_error("begins_at", _("There is no such time on that day: the clock is set forward over it."))
            return None
        if instant <= clock.now():
            self.add_error("begins_on", _("That instant has passed. Choose a later one, or publish at once."))
        return instant

    def said(self) -> dict[str, Any]:
        return {"begins": self.cleaned_data.get("begins")}


class CallOffForm(ActForm):
    """Calling a version off that has not begun."""

    reason = forms.CharField(label=_("Why it is called off"), max_length=200)

    def said(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


class WayBackForm(ActForm):
    """A draft with the rules of an earlier version."""

    note = forms.CharField(label=_("Why back to it"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def said(self) -> dict[str, Any]:
        return {"note": self.cleaned_data["note"]}


FORMS: dict[str, type[ActForm]] = {"publish": PublishForm, "call_off": CallOffForm, "way_back": WayBackForm}


def act_form(version: PolicyVersion, data: Any) -> ActForm:
    """The form of the act that was sent, filled with it."""
    return FORMS.get(data.get("act", ""), ActForm)(data, version=version)


class SimulateForm(PageForm):
    """Try a version on the decisions of some past days."""

    refused_heading = _("Not begun")
    days = forms.IntegerField(label=_("Days to look back"), initial=30, min_value=1, max_value=LONGEST)


class RuleForm(PageForm):
    """One rule of a draft: what it does, its numbers, whom it covers, its source and its sentences."""

    def __init__(self, *args: Any, rule: PolicyRule, **kwargs: Any) -> None:
        self.rule = rule
        language = get_language() or "en"
        self.base_fields = {
            "action": _choice_of("action", rule),
            **param_fields(rule.kind, rule.params, language),
            "sentence_en": _text(_("Refusal sentence (English)"), rule.sentence_en),
            "sentence_es": _text(_("Refusal sentence (Spanish)"), rule.sentence_es),
            "legal_force": _choice_of("legal_force", rule),
            "citation": _text(_("Source"), rule.citation),
            "confidence": _choice_of("confidence", rule),
            "effective_from": forms.DateField(label=_("In force from"), initial=rule.effective_from, required=False),
            "effective_to": forms.DateField(label=_("In force until"), initial=rule.effective_to, required=False),
            **scope_fields(rule.scope, language),
            # Which rule the editor saw: what somebody else saves meanwhile isn't written over unseen.
            "seen": forms.Field(widget=forms.HiddenInput, required=False, initial=rule_token(rule)),
        }
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in list(cleaned):
            day, _underscore, end = name.partition("_")
            if end == "opens" and bool(cleaned[name]) != bool(cleaned.get(f"{day}_closes")):
                self.add_error(name, _("Write both times, or none for a day without contact."))
        return cleaned

    @property
    def seen(self) -> str:
        return self.cleaned_data["seen"] or ""

    def shown_again_over(self, rule: PolicyRule) -> None:
        """What was written stays in the fields; sent once more, it is meant for the rule as it is now."""
        self.data = self.data.copy()
        self.data["seen"] = rule_token(rule)

    def changes(self) -> dict[str, Any]:
        """What the filled form says, as `edit_rule` takes it."""
        said = self.cleaned_data
        plain = ("action", "sentence_en", "sentence_es", "legal_force", "citation", "confidence")
        return {
            **{name: said[name] for name in (*plain, "effective_from", "effective_to")},
            "params": params_from(self.rule.kind, said),
            "scope": scope_from(said),
        }


def _choice_of(name: str, rule: PolicyRule) -> forms.ChoiceField:
    column = PolicyRule._meta.get_field(name)
    label = str(column.verbose_name).capitalize()
    return forms.ChoiceField(label=label, choices=column.choices, initial=getattr(rule, name))


def _text(label: Any, value: str) -> forms.CharField:
    return forms.CharField(label=label, initial=value, max_length=250, widget=forms.Textarea(attrs={"rows": 2}))
