"""The forms of promises, and of what customers say about money."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import OWES, Account
from accounts.selectors.people_on import people_on
from arrangements.selectors.promises import PromisePanel
from arrangements.services.escalation_kinds.promise import PromiseReason
from collections_crm.ui.fields import CivilDateField, MoneyField
from collections_crm.ui.forms import PageForm

CANCEL_REASONS = [
    ("customer_withdrew", _("The customer took it back")),
    ("cannot_pay", _("The customer can't pay after all")),
    ("made_in_error", _("It was written down by mistake")),
]


class PromiseForm(PageForm):
    """How much, by which day of the portfolio, and by whom when several people owe."""

    def __init__(self, panel: PromisePanel, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = panel.account
        self.fields["amount"] = MoneyField(
            label=pgettext_lazy("promise", "Amount"), currency=account.currency, initial=panel.asked.usual
        )
        self.fields["due_on"] = CivilDateField(label=_("Pays on"), zone=account.portfolio.zone)
        debtors = debtors_of(account)
        self.fields["party"] = forms.TypedChoiceField(
            label=_("Promised by"),
            coerce=int,
            choices=debtors,
            initial=panel.contact.party_id if panel.contact else None,
            widget=forms.HiddenInput if len(debtors) == 1 else forms.Select,
        )
        if len(debtors) == 1:
            self.fields["party"].initial = debtors[0][0]


class AskPromiseForm(PageForm):
    """The same promise, asked of a manager: what was said stays as it was typed, with why it should be taken."""

    amount = MoneyField(widget=forms.HiddenInput)
    due_on = CivilDateField(widget=forms.HiddenInput)
    party = forms.TypedChoiceField(coerce=int, widget=forms.HiddenInput)
    reason = forms.ChoiceField(label=_("Reason"), choices=[("", "-"), *PromiseReason.choices])
    note = forms.CharField(
        label=_("What should the person who decides know?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = debtors_of(account)


def debtors_of(account: Account) -> list[tuple[int, str]]:
    rows = [row for row in people_on(account) if row.role in OWES]
    return [(row.party_id, f"{row.party.name or row.party_id} ({row.get_role_display()})") for row in rows]


class CancelPromiseForm(PageForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=[("", "---------"), *CANCEL_REASONS])


class PaidClaimForm(PageForm):
    """When the customer says that they paid. No amount: what came is for finance to find."""

    paid_on = CivilDateField(label=_("Paid on, as they say"), past=True)
