"""The forms of a hardship case: told on the account page, and one a step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from arrangements.models import HardshipMeasure
from arrangements.services.hardship import LETTER_WAYS
from collections_crm.pages.account_forms import ActForm
from collections_crm.pages.case_steps import StepForm
from collections_crm.pages.promise_forms import debtors_of
from collections_crm.services.holds_by_hand import HoldReason
from collections_crm.ui.fields import CivilDateField


class OpenHardshipForm(ActForm):
    """The customer can't pay. Why they can't is not asked here: that is kept apart."""

    note = forms.CharField(
        label=_("what they can pay, and from when"),
        max_length=4000,
        required=False,
        widget=forms.Textarea,
        help_text=_("Not why they can't: everybody who opens the account reads this."),
    )
    received_on = CivilDateField(
        label=_("received on"), past=True, required=False, help_text=_("Empty: today. The days to answer run from it.")
    )
    reason = forms.ChoiceField(label=_("how we know"), choices=HoldReason.choices[:5])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        debtors = debtors_of(self.page.account)
        widget = forms.HiddenInput if len(debtors) == 1 else forms.Select
        party = forms.TypedChoiceField(
            label=_("who can't pay"), coerce=int, choices=debtors, initial=debtors[0][0], widget=widget
        )
        self.fields = {"party": party} | self.fields


class AssessForm(StepForm):
    """What was asked for came on a day of its own; of what wasn't asked for nobody asks."""

    informed_on = CivilDateField(
        label=_("it came on"), past=True, required=False, help_text=_("Empty: today. The days to decide run from it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.case.asked_on is None:
            del self.fields["informed_on"]


class GrantForm(StepForm):
    measure = forms.ChoiceField(label=_("which help"), choices=HardshipMeasure.choices, widget=forms.RadioSelect)
    review_on = CivilDateField(label=_("looked at again on"))


class SentForm(StepForm):
    WAYS = [(way.value, way.label) for way in LETTER_WAYS]
    how = forms.ChoiceField(label=_("how it was sent"), choices=WAYS, widget=forms.RadioSelect)
    on = CivilDateField(label=_("sent on"), past=True)


class WordForm(StepForm):
    said = forms.CharField(label=_("why it ends"), max_length=4000, widget=forms.Textarea)


class WithdrawForm(StepForm):
    said = forms.CharField(label=_("what the customer said"), max_length=4000, widget=forms.Textarea)
