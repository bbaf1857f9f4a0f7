"""The forms of card authorities: given, taken back, and each charge that was tried."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import AttemptResult
from accounts.services.card_authorities import end_authority, note_authority, record_attempt
from collections_crm.pages.account_forms import ActForm
from collections_crm.pages.promise_forms import debtors_of
from collections_crm.selectors.account_page import AccountPage
from collections_crm.ui.fields import CivilDateField, MoneyField


class AuthorityForm(ActForm):
    """Whose card, since when. Its number is for the payment provider, never written here."""

    given_on = CivilDateField(label=_("given on"), past=True)
    in_part = forms.BooleanField(label=_("they agreed to being charged in part as well"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        debtors = debtors_of(self.page.account)
        widget = forms.HiddenInput if len(debtors) == 1 else forms.Select
        party = forms.TypedChoiceField(
            label=_("whose card"), coerce=int, choices=debtors, initial=debtors[0][0], widget=widget
        )
        self.fields = {"party": party} | self.fields


class EndForm(ActForm):
    """Nothing is asked: who may charge a card may be told to stop at any time."""


class AttemptForm(ActForm):
    stale_matters = True
    on = CivilDateField(label=_("tried on"), past=True)
    result = forms.ChoiceField(label=_("result"), choices=AttemptResult.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = self.page.account
        due = "" if self.page.silence else account.due_now
        amount = MoneyField(label=_("amount"), currency=account.currency, initial=due)
        self.fields = {"amount": amount} | self.fields


def give(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    said = {"party_id": given["party"], "given_on": given["given_on"], "in_part": given["in_part"]}
    return note_authority(account_id=page.account.pk, **said, **who)


def end(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    return end_authority(account_id=page.account.pk, **who)


def attempt(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    said = {name: given[name] for name in ("amount", "on", "result")}
    return record_attempt(account_id=page.account.pk, **said, **who)
