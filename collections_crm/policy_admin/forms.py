"""Forms of policy: beginning a draft, acting on a version, and one rule with its numbers and scope."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from collections_crm.policy_admin.rule_fields import param_fields, params_from, scope_fields, scope_from
from collections_crm.ui.forms import PageForm
from communications.models import PolicyRule

ACTS = ("submit", "publish", "send_back", "drop")
# Shown once more with what they change before they are done.
FAR_REACHING = ("publish", "drop")


class DraftForm(PageForm):
    """Begin the next version of a pack."""

    note = forms.CharField(label=_("What changes and why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class ActForm(PageForm):
    """One act on a version."""

    act = forms.ChoiceField(choices=[(act, act) for act in ACTS], widget=forms.HiddenInput)
    reason = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @property
    def is_to_be_confirmed(self) -> bool:
        return self.cleaned_data["act"] in FAR_REACHING and not self.cleaned_data["confirmed"]


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
        }
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in list(cleaned):
            day, _underscore, end = name.partition("_")
            if end == "opens" and bool(cleaned[name]) != bool(cleaned.get(f"{day}_closes")):
                self.add_error(name, _("Write both times, or none for a day without contact."))
        return cleaned

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
