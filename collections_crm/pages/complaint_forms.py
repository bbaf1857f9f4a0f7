"""The forms of complaints: raising one on an account, and each step of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import AnswerWay, ComplaintCategory, ComplaintState, Remedy, Ruling
from accounts.services.complaints import ways_to
from collections_crm.pages.account_forms import ActForm, colleagues_on
from collections_crm.pages.case_steps import ReasonsForm, StepForm
from collections_crm.pages.promise_forms import debtors_of
from collections_crm.ui.fields import CivilDateField


class RaiseComplaintForm(ActForm):
    """What the customer says about how they were treated."""

    stale_matters = True
    category = forms.ChoiceField(label=_("what it is about"), choices=[("", "---------"), *ComplaintCategory.choices])
    note = forms.CharField(
        label=_("what the customer says"),
        max_length=4000,
        widget=forms.Textarea,
        help_text=_("In their words. It is kept as a note."),
    )
    wanted = forms.CharField(label=_("what they want"), max_length=1000, required=False, widget=forms.Textarea)
    way = forms.ChoiceField(label=_("how it reached us"), choices=[])
    received_on = CivilDateField(label=_("received on"), past=True, required=False, help_text=_("Empty: today."))
    in_writing = forms.BooleanField(label=_("It came in writing"), required=False)
    about_agent = forms.TypedChoiceField(
        label=_("is it about one of us?"), required=False, coerce=int, empty_value=None, choices=[]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = self.page.account
        ways = ways_to(account.portfolio.jurisdiction)
        self.fields["way"].choices = [(way.value, way.label) for way in ways]
        self.fields["about_agent"].choices = [
            ("", pgettext_lazy("complaint about", "no")),
            *colleagues_on(account.portfolio),
        ]
        debtors = debtors_of(account)
        widget = forms.HiddenInput if len(debtors) == 1 else forms.Select
        self.fields["party"] = forms.TypedChoiceField(
            label=_("who complains"), coerce=int, choices=debtors, initial=debtors[0][0], widget=widget
        )


class DelayForm(ReasonsForm):
    until = CivilDateField(label=_("the answer comes by"))


class UpholdForm(ReasonsForm):
    """What is put right. No money is moved: an amount is put right by a dispute."""

    outcome = forms.ChoiceField(
        label=pgettext_lazy("complaint", "how far"),
        widget=forms.RadioSelect,
        choices=[
            (ComplaintState.UPHELD, pgettext_lazy("complaint", "in all of it")),
            (ComplaintState.PART_UPHELD, pgettext_lazy("complaint", "in a part")),
        ],
    )
    remedies = forms.MultipleChoiceField(
        label=_("what is put right"), widget=forms.CheckboxSelectMultiple, choices=Remedy.choices
    )
    field_order = ("outcome", "remedies", "reasons")


class AnswerForm(StepForm):
    how = forms.ChoiceField(label=_("how it was sent"), choices=AnswerWay.choices, widget=forms.RadioSelect)
    on = CivilDateField(label=_("sent on"), past=True)


class ReferForm(StepForm):
    on = CivilDateField(label=_("since when it is there"), past=True)
    reference = forms.CharField(label=_("the authority's reference"), max_length=60, required=False)


class RulingForm(StepForm):
    ruling = forms.ChoiceField(label=_("what it decided"), choices=Ruling.choices, widget=forms.RadioSelect)
    on = CivilDateField(label=_("decided on"), past=True)
    said = forms.CharField(
        label=_("what it says we must do"),
        max_length=4000,
        required=False,
        widget=forms.Textarea,
        help_text=_("It is kept as a note."),
    )
