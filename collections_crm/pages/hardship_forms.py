"""The forms of a hardship case, one a step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from arrangements.models import HardshipMeasure
from collections_crm.pages.case_steps import StepForm
from collections_crm.ui.fields import CivilDateField


class RecordForm(StepForm):
    """Of a repeat within four months somebody says whether it is another matter than the last time."""

    is_different = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.case.earlier_id is None:
            self.fields["is_different"].widget = forms.HiddenInput()
        self.fields["is_different"].label = _("It is another matter than the last time")
        self.fields["is_different"].help_text = _(
            "Of the same matter within four months the law asks for no new protection; ours stays until the case ends."
        )


class GrantForm(StepForm):
    measure = forms.ChoiceField(label=_("which help"), choices=HardshipMeasure.choices, widget=forms.RadioSelect)
    review_on = CivilDateField(label=_("looked at again on"))


class SentForm(StepForm):
    on = CivilDateField(label=_("sent on"), past=True)
