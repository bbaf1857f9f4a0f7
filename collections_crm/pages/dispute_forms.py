"""The forms of disputes: raising one on an account, and each step of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import AnswerWay, Attachment, DisputeKind, EvidenceFrom
from collections_crm.pages.account_forms import ActForm, colleagues_on
from collections_crm.pages.case_steps import ReasonsForm, StepForm
from collections_crm.pages.promise_forms import debtors_of
from collections_crm.ui.fields import CivilDateField, MoneyField

TOLD_KINDS = [(kind.value, kind.label) for kind in DisputeKind if kind != DisputeKind.UNSAID]


class RaiseDisputeForm(ActForm):
    """What the customer disputes."""

    stale_matters = True
    kind = forms.ChoiceField(label=_("what is disputed"), choices=[("", "---------"), *TOLD_KINDS])
    amount = MoneyField(label=_("amount disputed"), required=False, help_text=_("Empty: all that is owed."))
    note = forms.CharField(
        label=_("what the customer says"),
        max_length=4000,
        widget=forms.Textarea,
        help_text=_("In their words, and what they want. It is kept as a note."),
    )
    received_on = CivilDateField(label=_("received on"), past=True, required=False, help_text=_("Empty: today."))
    in_writing = forms.BooleanField(label=_("It came in writing"), required=False)
    about_agent = forms.TypedChoiceField(
        label=_("is it about one of us?"), required=False, coerce=int, empty_value=None, choices=[]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = self.page.account
        self.fields["amount"].widget.attrs["data-currency"] = account.currency
        colleagues = colleagues_on(account.portfolio)
        self.fields["about_agent"].choices = [("", pgettext_lazy("dispute about", "no")), *colleagues]
        debtors = debtors_of(account)
        widget = forms.HiddenInput if len(debtors) == 1 else forms.Select
        self.fields["party"] = forms.TypedChoiceField(
            label=_("disputed by"), coerce=int, choices=debtors, initial=debtors[0][0], widget=widget
        )


class AcknowledgeForm(StepForm):
    """What came in a call says first what it is about."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.case.kind == DisputeKind.UNSAID:
            kind = forms.ChoiceField(label=_("what is disputed"), choices=[("", "---------"), *TOLD_KINDS])
            self.fields = {"kind": kind} | self.fields


class EvidenceForm(StepForm):
    of = forms.ChoiceField(label=_("asked of"), choices=EvidenceFrom.choices, widget=forms.RadioSelect)
    by = CivilDateField(label=pgettext_lazy("evidence", "by"))


class UpholdForm(ReasonsForm):
    """How much the customer is right about; of a debt that isn't theirs nothing is credited, the account goes back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dispute = self.case
        if not dispute.denies_owing:
            left = min(dispute.amount - dispute.credited, dispute.account.balance)
            credit = MoneyField(label=_("taken off the balance"), currency=dispute.currency, initial=left)
            self.fields = {"credit": credit} | self.fields

    @property
    def given(self) -> dict[str, Any]:
        return {"credit": None} | super().given


class AnswerForm(StepForm):
    how = forms.ChoiceField(label=_("how it was sent"), choices=AnswerWay.choices, widget=forms.RadioSelect)
    on = CivilDateField(label=_("sent on"), past=True)


class ReopenForm(StepForm):
    """The new evidence is a file kept since the dispute was closed."""

    evidence_id = forms.TypedChoiceField(label=_("new evidence"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = Attachment.objects.filter(account=self.case.account, erased_on=None)
        files = kept.filter(uploaded_at__gte=self.case.ended_at).defer("content") if self.case.ended_at else []
        self.fields["evidence_id"].choices = [("", "---------"), *((file.pk, file.name) for file in files)]
