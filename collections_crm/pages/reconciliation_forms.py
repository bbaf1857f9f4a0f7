"""The forms of a reconciliation, one a step, and the one that says which column of a statement is what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as told
from django.utils.translation import gettext_lazy as _

from accounts.models import AnswerWay
from accounts.remittance.statements import DAY_FORMS, Columns
from accounts.services.attachments import LARGEST
from collections_crm.pages.case_steps import StepForm
from collections_crm.ui.fields import CivilDateField, today_in
from collections_crm.ui.forms import PageForm
from collections_crm.ui.reading import read_amount, read_day
from collections_crm.ui.words import civil, money


class StatementForm(StepForm):
    """A file from the merchant's bank. Which column is what is asked next."""

    file = forms.FileField(
        label=_("the bank's file"), help_text=_("CSV (UTF-8), 5 MB at most. It is kept as evidence.")
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("A file may have 5 MB at most."))
        return file

    @property
    def given(self) -> dict[str, Any]:
        file = self.cleaned_data["file"]
        file.seek(0)
        return {"name": file.name, "content": file.read()}


class ReceiptsForm(StepForm):
    """Receipts as the merchant says them, a line a day."""

    first = CivilDateField(label=_("first day"), past=True)
    last = CivilDateField(label=_("last day"), past=True)
    receipts = forms.CharField(
        label=_("receipts, a line a day"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": "2026-11-02 1,250.00"}),
        help_text=_("The day, a space, the amount: 2026-11-02 1,250.00. Write 0 for a day without receipts."),
    )
    is_other_account = forms.BooleanField(label=_("of another bank account than the statements above"), required=False)

    def clean_receipts(self) -> list[tuple[date, Decimal]]:
        today = today_in(self.case.account.portfolio.zone)
        lines = enumerate(self.cleaned_data["receipts"].splitlines(), 1)
        return [_receipt(number, line, today) for number, line in lines if line.strip()]


def _receipt(number: int, line: str, today: date) -> tuple[date, Decimal]:
    day, _space, amount = line.strip().replace("\t", " ").replace(";", " ").rpartition(" ")
    try:
        on, came = read_day(day, today, past=True), read_amount(amount)
    except ValidationError as problem:
        said = {"line": number, "problem": " ".join(problem.messages)}
        raise ValidationError(told("Line %(line)s: %(problem)s") % said) from problem
    if came < 0:
        raise ValidationError(told("Line %(line)s: what went out is no receipt.") % {"line": number})
    return on, came


class TakeOutForm(StepForm):
    """Which statement was the wrong one."""

    statement_id = forms.TypedChoiceField(label=_("the statement"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counted = self.case.statements.filter(taken_out_at=None)
        self.fields["statement_id"].choices = [
            (one.pk, f"{civil(one.first)} - {civil(one.last)}: {money(one.total, self.case.currency)}")
            for one in counted
        ]


class ToldForm(StepForm):
    how = forms.ChoiceField(label=_("how it was sent"), choices=AnswerWay.choices, widget=forms.RadioSelect)
    on = CivilDateField(label=_("sent on"), past=True)


class ColumnsForm(PageForm):
    """Which column holds the day, which one the receipts, and how days are written."""

    day = forms.ChoiceField(label=_("the day"))
    amount = forms.ChoiceField(
        label=_("the receipts"), help_text=_("Of two columns that of the credits. Amounts below zero are left out.")
    )
    form = forms.ChoiceField(
        label=_("days are written"), choices=[(code, words) for code, (words, _forms) in DAY_FORMS.items()]
    )
    is_other_account = forms.BooleanField(label=_("of another bank account than the statements above"), required=False)

    def __init__(self, *args: Any, header: list[str], guess: Columns, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, guessed in (("day", guess.day), ("amount", guess.amount)):
            self.fields[name].choices = [("", "---------"), *((column, column) for column in header)]
            self.fields[name].initial = guessed

    @property
    def columns(self) -> Columns:
        said = self.cleaned_data
        return Columns(said["day"], said["amount"], said["form"])
