"""What is done about an advance on its account page: its terms, a request to reconcile, a default; form and effect."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import DefaultFact, RemittanceRhythm, TermsReason
from accounts.services.advances import BY_HAND, present_terms, set_terms
from accounts.services.attachments import LARGEST, keep_file
from accounts.services.default_events import ask_default
from accounts.services.reconciliations import ask_reconciliation
from collections_crm.pages.account_forms import ActForm
from collections_crm.pages.promise_forms import debtors_of
from collections_crm.selectors.account_page import AccountPage
from collections_crm.ui.fields import CivilDateField, MoneyField

HUNDRED = Decimal(100)


class AdvanceTermsForm(ActForm):
    """The terms as the contract has them; the factor rate follows from the two amounts."""

    stale_matters = True
    purchase_price = MoneyField(label=_("purchase price"), help_text=_("What the merchant was paid."))
    purchased_amount = MoneyField(label=_("purchased amount"), help_text=_("What is delivered in all."))
    percentage = forms.DecimalField(
        label=_("specified percentage of the receipts"),
        max_digits=6,
        decimal_places=3,
        help_text=_("In per cent, such as 12 or 8.25."),
    )
    rhythm = forms.ChoiceField(label=_("remitted"), choices=RemittanceRhythm.choices, widget=forms.RadioSelect)
    remittance = MoneyField(label=_("estimated remittance"), min_value=Decimal(0), help_text=_("What one is now."))
    reason = forms.ChoiceField(label=_("why"), choices=[(one.value, TermsReason(one).label) for one in BY_HAND])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("purchase_price", "purchased_amount", "remittance"):
            self.fields[name].widget.attrs["data-currency"] = self.page.account.currency
        if self.page.silence is None:
            self.initial = self._as_it_stands() | self.initial

    def _as_it_stands(self) -> dict[str, Any]:
        account = self.page.account
        if (terms := present_terms(account)) is None:
            return {"purchased_amount": account.purchased_amount, "rhythm": RemittanceRhythm.DAILY}
        named = {name: getattr(terms, name) for name in ("purchase_price", "purchased_amount", "rhythm", "remittance")}
        return named | {"percentage": (terms.share * HUNDRED).normalize(), "reason": TermsReason.AMENDED}


class ReconcileForm(ActForm):
    """The merchant asks that what they remit be the share of what really comes in."""

    stale_matters = True
    note = forms.CharField(
        label=_("what the merchant says"),
        max_length=4000,
        widget=forms.Textarea,
        required=False,
        help_text=_("In their words. It is kept as a note."),
    )
    asked_on = CivilDateField(label=_("asked on"), past=True, required=False, help_text=_("Empty: today."))
    in_writing = forms.BooleanField(label=_("It came in writing"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        debtors = debtors_of(self.page.account)
        widget = forms.HiddenInput if len(debtors) == 1 else forms.Select
        self.fields["party"] = forms.TypedChoiceField(
            label=_("asked by"), coerce=int, choices=debtors, initial=debtors[0][0], widget=widget
        )


class DefaultForm(ActForm):
    """What happened, since when, and by which files we know. Slow receipts alone are refused."""

    stale_matters = True
    facts = forms.MultipleChoiceField(
        label=_("what happened"), choices=DefaultFact.choices, widget=forms.CheckboxSelectMultiple
    )
    happened_on = CivilDateField(label=_("happened on"), past=True)
    said = forms.CharField(
        label=_("what happened and how we know"),
        max_length=4000,
        widget=forms.Textarea,
        help_text=_("It is kept as a note, and whoever agrees reads it."),
    )
    evidence = forms.TypedMultipleChoiceField(
        label=_("Files of this account"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    upload = forms.FileField(
        label=_("New file"), required=False, help_text=_("PDF, PNG, JPEG or plain text, 5 MB at most.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.page.account.attachments.filter(erased_on=None).defer("content")
        files = [] if self.page.silence else [(file.pk, file.name) for file in kept]
        self.fields["evidence"].choices = files
        if not files:
            del self.fields["evidence"]

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload is not None and upload.size > LARGEST:
            raise ValidationError(_("A file may have 5 MB at most."))
        return upload


def terms(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    figures = {name: given[name] for name in ("purchase_price", "purchased_amount", "rhythm", "remittance", "reason")}
    return set_terms(account_id=page.account.pk, share=given["percentage"] / HUNDRED, **figures, **who)


def reconcile(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    about = {"party_id": given["party"], "said": given["note"]}
    return ask_reconciliation(
        account_id=page.account.pk, asked_on=given["asked_on"], in_writing=given["in_writing"], **about, **who
    )


def default(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    account_id, files = page.account.pk, list(given.get("evidence") or [])
    if file := given["upload"]:
        kept = keep_file(account_id=account_id, kind="default_evidence", name=file.name, content=file.read(), **who)
        files.append(kept.pk)
    told = {"facts": given["facts"], "happened_on": given["happened_on"], "said": given["said"]}
    return ask_default(account_id=account_id, evidence=files, **told, **who)
