"""What every form of ours has: our look, a key against sending twice, and no card numbers in free text."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from accounts.foundation.card_numbers import refuse_card_numbers


class PageRenderer(TemplatesSetting):
    """Draws forms and fields with `templates/ui`."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"


class PageFormMixin:
    """For our forms and Django's own: `{{ form }}` draws the error summary, then label, help, field, echo and errors.

    Adds the hidden field `idempotency`: a key made when the form is drawn and sent back unchanged, which the service
    called takes as its `key`, so that the same form sent twice acts once.
    """

    default_renderer = PageRenderer
    # The server says what is missing, in our words and places, with a link to each field.
    use_required_attribute = False
    takes_key = True
    # What an error means here, above the list of them. A form that saves nothing says it in other words.
    refused_heading = _("Not saved")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput):
                field.validators = [*field.validators, refuse_card_numbers]
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 3
        if self.takes_key:
            self.fields["idempotency"] = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)

    @property
    def key(self) -> str:
        """The key of this sending. A form that arrives without one gets its own, and is then never a repetition."""
        return str(self.cleaned_data.get("idempotency") or uuid4())


class PageForm(PageFormMixin, forms.Form):
    """The base of our forms."""

    def as_read(self) -> list[tuple[str, str]]:
        """The fields of a valid form as a second step sends them back: a day typed as `-1` as the day that it was."""
        return [(name, _as_read(self.cleaned_data[name], self[name].value())) for name in self.fields]


def _as_read(value: Any, typed: Any) -> str:
    if value is None:
        return "" if typed is None else str(typed)
    return value.isoformat() if isinstance(value, date) else str(value)
