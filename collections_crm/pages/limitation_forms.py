"""Forms that move the limitation date of an account, and what they do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.services.attachments import keep_file
from accounts.services.limitation import (
    LimitationReason,
    record_acknowledgment,
    state_default,
    state_limitation,
    take_back,
)
from collections_crm.pages.account_forms import ActForm
from collections_crm.selectors.account_page import AccountPage
from collections_crm.selectors.limitation_words import act_in_words
from collections_crm.ui.fields import CivilDateField

R = LimitationReason
OF_DEFAULT = [R.CONTRACT, R.PAGARE, R.CREDITOR_TOLD]
OF_DATE = [R.CREDITOR_TOLD, R.COUNSEL, R.JUDGMENT]


class AcknowledgmentForm(ActForm):
    """The customer wrote that they owe it; the paper is kept with the account."""

    stale_matters = True
    on = CivilDateField(label=_("day of the paper"), past=True)
    file = forms.FileField(label=_("the paper"), help_text=_("PDF, PNG, JPEG or plain text, 5 MB at most."))


class DefaultForm(ActForm):
    stale_matters = True
    on = CivilDateField(label=_("day of default"), past=True, help_text=_("From which day it could be taken to court."))
    reason = forms.ChoiceField(label=_("by what"), choices=[(r.value, r.label) for r in OF_DEFAULT])


class LimitationForm(ActForm):
    stale_matters = True
    on = CivilDateField(label=_("limitation date"), help_text=_("The first day on which the period has passed."))
    reason = forms.ChoiceField(label=_("why"), choices=[(r.value, r.label) for r in OF_DATE])


class TakeBackForm(ActForm):
    stale_matters = True
    noted = forms.TypedChoiceField(label=_("what was noted"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        acts = self.page.summary.limitation.acts if self.page.silence is None else ()
        self.fields["noted"].choices = [(act["id"], act_in_words(act["kind"], act["on"])) for act in acts]


def acknowledge(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    file, account_id = given["file"], page.account.pk
    paper = keep_file(account_id=account_id, kind="acknowledgment", name=file.name, content=file.read(), **who)
    return record_acknowledgment(account_id=account_id, on=given["on"], evidence_id=paper.pk, **who)


def default(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    return state_default(account_id=page.account.pk, on=given["on"], reason=given["reason"], **who)


def limitation(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    return state_limitation(account_id=page.account.pk, on=given["on"], reason=given["reason"], **who)


def undo(page: AccountPage, given: dict[str, Any], who: dict[str, Any]) -> Any:
    return take_back(account_id=page.account.pk, act_id=given["noted"], **who)
