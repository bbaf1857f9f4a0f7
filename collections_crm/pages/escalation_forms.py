"""The forms of escalations and enforcement cases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.services.attachments import LARGEST
from arrangements.services.escalation_kinds.case_kind import CaseKind
from collections_crm.selectors.cases import FINDINGS
from collections_crm.ui.fields import CivilDateField, MoneyField
from collections_crm.ui.forms import PageForm


class EscalateForm(PageForm):
    """What a kind of case asks. Fields that the kind doesn't ask for aren't there."""

    reason = forms.ChoiceField(label=_("Reason"))
    amount = MoneyField(label=_("Amount that settles the account"))
    pay_by = CivilDateField(label=_("Paid by"))
    note = forms.CharField(
        label=_("What should the person who decides know?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )
    evidence = forms.MultipleChoiceField(
        label=_("Files of this account"), widget=forms.CheckboxSelectMultiple, required=False
    )
    upload = forms.FileField(
        label=_("New file"), required=False, help_text=_("PDF, PNG, JPEG or plain text, 5 MB at most.")
    )

    def __init__(self, *args: Any, kind: CaseKind, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [("", "-"), *kind.reasons.choices]
        self.fields["amount"].widget.attrs["data-currency"] = account.currency
        if kind.amount_label:
            self.fields["amount"].label = kind.amount_label
        files = account.attachments.defer("content")
        self.fields["evidence"].choices = [(str(file.pk), file.name) for file in files]
        unasked = [] if kind.asks_amount else ["amount"]
        unasked += [] if kind.asks_pay_by else ["pay_by"]
        unasked += [] if files else ["evidence"]
        for name in unasked:
            del self.fields[name]

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload is not None and upload.size > LARGEST:
            raise ValidationError(_("A file may have 5 MB at most."))
        return upload

    def asked(self) -> dict[str, Any]:
        """What the services take."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "idempotency"}
        return {"evidence": [], **given}


class ReferralForm(PageForm):
    """Compliance's answer to a fraud referral."""

    answer = forms.ChoiceField(
        label=_("What did you find?"),
        widget=forms.RadioSelect,
        choices=list(FINDINGS.items()),
    )
    note = forms.CharField(label=_("In a sentence"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class FilingForm(PageForm):
    """A claim or a UCC-1 was filed."""

    filed_on = CivilDateField(label=_("Filed on"), past=True)
    number = forms.CharField(label=_("File number"), max_length=60)


class NoticeForm(PageForm):
    """A notice was sent, or a request came."""

    kind = forms.ChoiceField(label=_("What"))
    sent_on = CivilDateField(label=_("Sent or received on"), past=True)

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds
