"""The form of a budget: one row a category, an amount and how often it comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Attachment
from arrangements.models import GROUPS, BudgetCategory, BudgetGroup, BudgetPeriod, Household
from arrangements.services.budgets import Told
from collections_crm.pages.promise_forms import debtors_of
from collections_crm.ui.fields import MoneyField
from collections_crm.ui.forms import PageForm


@dataclass(frozen=True)
class Row:
    """A category with its two fields."""

    amount: forms.BoundField
    period: forms.BoundField


class BudgetForm(PageForm):
    """What comes in and goes out. An empty amount is a category that the household doesn't have."""

    household = forms.ChoiceField(label=_("Whose money is it?"), choices=Household.choices, widget=forms.RadioSelect)

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        debtors = debtors_of(account)
        self.fields["party"] = forms.TypedChoiceField(
            label=_("Whose budget"),
            coerce=int,
            choices=debtors,
            initial=debtors[0][0],
            widget=forms.HiddenInput if len(debtors) == 1 else forms.Select,
        )
        for category in BudgetCategory:
            self.fields[category.value] = MoneyField(label=category.label, currency=account.currency, required=False)
            self.fields[f"{category.value}_period"] = forms.ChoiceField(
                label=_("how often: %(category)s") % {"category": category.label},
                choices=BudgetPeriod.choices,
                initial=BudgetPeriod.MONTHLY,
                required=False,
            )
        files = Attachment.objects.filter(account=account, erased_on=None).defer("content")
        self.fields["evidence"] = forms.TypedMultipleChoiceField(
            label=_("Evidence seen"),
            coerce=int,
            required=False,
            choices=[(file.pk, file.name) for file in files],
            widget=forms.CheckboxSelectMultiple,
        )

    def groups(self) -> list[tuple[BudgetGroup, list[Row]]]:
        """The rows as the page shows them, group by group."""
        return [
            (group, [Row(self[one.value], self[f"{one.value}_period"]) for one in within])
            for group, within in GROUPS.items()
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not self.told:
            self.add_error(None, _("Write at least one amount: what comes in, or what is spent."))
        return given

    @property
    def told(self) -> list[Told]:
        given = self.cleaned_data
        return [
            Told(category, given[category.value], BudgetPeriod(given.get(f"{category.value}_period") or "monthly"))
            for category in BudgetCategory
            if given.get(category.value)
        ]
