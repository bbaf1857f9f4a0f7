"""The forms of messages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collections_crm.ui.forms import PageForm
from collections_crm.ui.masks import masked_email, masked_phone
from communications.models import Template
from communications.selectors.messages import WrittenWay

TEMPLATE_NAMES = {"please-contact-us": _("Please contact us"), "we-will-answer": _("We will answer soon")}


class WayForm(PageForm):
    """By which way somebody is written to."""

    def __init__(self, ways: list[WrittenWay], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = {way.value: way for way in ways}
        self.fields["way"] = forms.ChoiceField(label=_("To"), choices=[(w.value, label_of(w)) for w in ways])

    @property
    def way(self) -> WrittenWay:
        return self.ways[self.cleaned_data["way"]]


class WriteForm(WayForm):
    """By which way, with which words. The words come from published templates only."""

    def __init__(self, ways: list[WrittenWay], templates: list[Template], *args: Any, **kwargs: Any) -> None:
        super().__init__(ways, *args, **kwargs)
        self.codes = sorted({template.code for template in templates})
        names = [(code, TEMPLATE_NAMES.get(code, code)) for code in self.codes]
        self.fields["template"] = forms.ChoiceField(label=_("Message"), choices=names)


def label_of(way: WrittenWay) -> str:
    masked = masked_email(way.point.value) if way.channel == "email" else masked_phone(way.point.value)
    kind = _("e-mail") if way.channel == "email" else _("text")
    agreed = _("agreed too long ago") if way.stale else _("agreed") if way.agreed else _("not agreed to")
    return f"{masked} ({kind}, {agreed})"


class ResolveForm(PageForm):
    """What a person found out about a message that nobody confirmed."""

    was_sent = forms.TypedChoiceField(
        label=_("What happened?"),
        choices=[("yes", _("It went out")), ("no", _("It did not go out"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
