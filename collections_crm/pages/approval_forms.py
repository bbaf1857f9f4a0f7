"""The forms of deciding a request."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.services.approval_words import DeclineReason, ReturnReason
from collections_crm.ui.forms import PageForm


class DecideForm(PageForm):
    """A yes, a claim, a withdrawal: nothing to fill in."""


class AnswerForm(PageForm):
    """A refusal or a return: why in a code, and a sentence to the person who asked."""

    reason = forms.ChoiceField(label=_("Reason"))
    sentence = forms.CharField(
        label=_("A sentence to the person who raised it"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000
    )


class DeclineForm(AnswerForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = DeclineReason.choices


class ReturnForm(AnswerForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = ReturnReason.choices
