"""The forms of placing: the upload, and which column is what."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.foundation.users import User
from accounts.models import Portfolio
from accounts.placements.fields import FIELDS
from accounts.placements.mapping import suggested
from accounts.selectors.placements import mapping_choices, portfolios_of
from collections_crm.ui.fields import CivilDateField
from collections_crm.ui.forms import PageForm

UPLOAD_LIMIT = 100 * 1024 * 1024
DATE_FORMS = [
    ("", _("2026-12-31 only")),
    ("%d/%m/%Y", _("31/12/2026, day first")),
    ("%m/%d/%Y", _("12/31/2026, month first")),
    ("%d-%b-%y", _("31-Dec-26")),
    ("%b-%Y", _("Dec-2026, the first of the month")),
]
PARTY_KINDS = [("person", _("persons")), ("business", _("businesses")), ("sole_trader", _("sole traders"))]


class UploadForm(PageForm):
    """A file, where it belongs, on which day it was true, and how to read it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV in UTF-8 or an Excel workbook (.xlsx), up to 100 MB"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )
    portfolio = forms.ModelChoiceField(label=_("Portfolio"), queryset=Portfolio.objects.none(), empty_label="-")
    as_of = CivilDateField(label=_("As of"), past=True, help_text=_("The day on which the file was true"))
    mapping = forms.ChoiceField(label=_("Mapping"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["portfolio"].queryset = portfolios_of(user)
        self.fields["mapping"].choices = [("", _("Choose column by column next")), *mapping_choices()]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > UPLOAD_LIMIT:
            raise forms.ValidationError(_("The file is larger than 100 MB. Split it, or use the command line."))
        return file


class MappingForm(PageForm):
    """One choice for each column of the file, first suggested by its name."""

    name = forms.SlugField(
        label=_("Save as"), max_length=60, help_text=_("A short name without spaces, to use again for this creditor")
    )
    dates = forms.ChoiceField(label=_("Dates are written"), choices=DATE_FORMS, required=False)
    party_kind = forms.ChoiceField(label=_("The customers are"), choices=PARTY_KINDS)

    def __init__(self, *args: Any, header: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.header = header
        fields_of = {column: name for name, column in suggested(header).items()}
        choices = [("", _("not used")), *((name, field.label) for name, field in FIELDS.items() if name != "status")]
        for place, column in enumerate(header):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=column, choices=choices, required=False, initial=fields_of.get(column, "")
            )

    def columns(self) -> list[Any]:
        return [self[f"column_{place}"] for place in range(len(self.header))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = [field for field in self._chosen().values() if field]
        for field in dict.fromkeys(name for name in chosen if chosen.count(name) > 1):
            text = _("Two columns are %(field)s. Choose one.") % {"field": FIELDS[field].label}
            self.add_error(None, text)
        return cleaned

    def terms(self) -> dict[str, Any]:
        """The mapping as the book keeps it. Columns that aren't used are set aside knowingly."""
        chosen = self._chosen()
        dates = self.cleaned_data["dates"]
        return {
            "title": self.cleaned_data["name"],
            "fields": {field: column for column, field in chosen.items() if field},
            "set_aside": [column for column, field in chosen.items() if not field],
            "defaults": {"party_kind": self.cleaned_data["party_kind"]},
            "dates": [dates] if dates else [],
        }

    def _chosen(self) -> dict[str, str]:
        return {column: self.cleaned_data.get(f"column_{place}", "") for place, column in enumerate(self.header)}
