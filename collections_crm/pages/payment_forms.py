"""The forms of finance: finding, posting and taking back payments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.errors import Refused
from accounts.foundation.money import Currency
from accounts.models import Account, Payment, PaymentMethod, ReversalReason, User
from accounts.services.accounts import today_of
from collections_crm.ui.fields import CivilDateField, MoneyField
from collections_crm.ui.forms import PageForm


class FindPaymentForm(PageForm):
    """An account's reference or the bank's, or how they begin."""

    takes_key = False
    words = forms.CharField(
        label=_("Account or bank reference"), max_length=80, widget=forms.TextInput({"autocomplete": "off"})
    )


class AccountForm(PageForm):
    """Names one account, by our reference or the creditor's. `account` is that account, once the form is valid."""

    reference = forms.CharField(label=_("Account"), max_length=40, widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, user: User, now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.now = user, now
        self.account: Account | None = None

    def clean_reference(self) -> str:
        reference = self.cleaned_data["reference"].strip()
        accounts = Account.objects.visible_to(self.user).select_related("portfolio")
        self.account = accounts.filter(reference__iexact=reference).first() or self._by_creditors(accounts, reference)
        return self.account.reference

    @staticmethod
    def _by_creditors(accounts: QuerySet[Account], reference: str) -> Account:
        """Banks name the creditor's reference: it will do where one account alone has it."""
        found = list(accounts.filter(external_reference__iexact=reference)[:2]) if reference else []
        if len(found) > 1:
            raise forms.ValidationError(
                _("Several accounts have this creditor's reference: write ours."), code="several"
            )
        if not found:
            raise forms.ValidationError(_("No account has this reference."), code="unknown_account")
        return found[0]


class UnidentifiedForm(PageForm):
    """Money that came for somebody, with what the bank wrote of it."""

    amount = MoneyField(label=pgettext_lazy("payment", "Amount"))
    currency = forms.ChoiceField(label=_("Currency"), choices=Currency.choices)
    method = forms.ChoiceField(label=_("Method"), choices=PaymentMethod.choices)
    received_on = CivilDateField(label=_("Received on"), past=True)
    bank_reference = forms.CharField(
        label=_("What the bank writes of it"), max_length=80, widget=forms.TextInput({"autocomplete": "off"})
    )


class PostPaymentForm(AccountForm):
    """Money received for one account."""

    amount = MoneyField(label=pgettext_lazy("payment", "Amount"))
    method = forms.ChoiceField(label=_("Method"), choices=PaymentMethod.choices)
    received_on = CivilDateField(label=_("Received on"), past=True)
    bank_reference = forms.CharField(
        label=_("Bank reference"), max_length=80, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )

    def clean_received_on(self) -> date:
        """Asked on the first step already, in the civil day of the account: `reference` is read before."""
        day: date = self.cleaned_data["received_on"]
        if self.account and day > today_of(self.account, self.now):
            raise forms.ValidationError(Refused("payment_in_the_future", day=day), code="future")
        return day


class ReversePaymentForm(PageForm):
    """Why and on which day a payment was taken back."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", "-"), *ReversalReason.choices])
    on = CivilDateField(label=_("Taken back on"), past=True)

    def __init__(self, payment: Payment, now: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today: date | None = today_of(payment.account, now) if payment.account else None
        self.fields["on"].initial = self.today

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if self.today and on > self.today:
            raise forms.ValidationError(_("That day has not come yet."), code="future")
        return on
