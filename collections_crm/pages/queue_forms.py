"""Forms of the queue: its filters, saved views, and giving accounts to people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.foundation.purposes import Channel
from accounts.foundation.users import Language, User
from accounts.models import Portfolio, ProductKind
from collections_crm.selectors.queue_lists import Filters
from collections_crm.ui.forms import PageForm

ANY = ("", pgettext_lazy("filter", "any"))


class FilterForm(PageForm):
    """What the list is narrowed to. Values that mean nothing are left out rather than refused."""

    takes_key = False

    portfolio = forms.TypedChoiceField(label=_("portfolio"), required=False, coerce=int, empty_value=None)
    bucket = forms.TypedChoiceField(label=_("bucket"), required=False, coerce=int, empty_value=None)
    product = forms.ChoiceField(label=_("product"), required=False, choices=[ANY, *ProductKind.choices])
    language = forms.ChoiceField(label=_("language"), required=False, choices=[ANY, *Language.choices])
    channel = forms.ChoiceField(label=_("channel"), required=False, choices=[ANY, *Channel.choices])
    amount = forms.DecimalField(label=_("due at least"), required=False, min_value=0, max_digits=14, decimal_places=2)

    def __init__(self, *args: Any, portfolios: list[Portfolio], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        buckets = range(max([len(p.product.bucket_bounds) for p in portfolios], default=0) + 1)
        self.fields["portfolio"].choices = [ANY, *((p.pk, p.name) for p in portfolios)]
        self.fields["bucket"].choices = [ANY, *((number, str(number)) for number in buckets)]
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.widget.attrs["data-sends"] = ""

    def filters(self) -> Filters:
        self.is_valid()
        given = {name: self.cleaned_data.get(name) for name in ("portfolio", "bucket", "amount")}
        words = {name: self.cleaned_data.get(name) or "" for name in ("product", "language", "channel")}
        return Filters(**given, **words)

    def chips(self) -> list[tuple[str, str, str]]:
        """(name, label, chosen) of every filter in use."""
        used = []
        for name, value in self.cleaned_data.items():
            if value in (None, ""):
                continue
            choices = dict(getattr(self.fields[name], "choices", []))
            used.append((name, self.fields[name].label, choices.get(value, value)))
        return used


class SaveViewForm(PageForm):
    takes_key = False
    name = forms.CharField(label=_("name of the view"), max_length=40)


class AssignForm(PageForm):
    """Which accounts, to whom. `confirmed` comes from the second page."""

    account = forms.TypedMultipleChoiceField(coerce=int, widget=forms.MultipleHiddenInput)
    to = forms.TypedChoiceField(label=_("give to"), coerce=int, empty_value=None, required=False)
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, members: list[User], chosen: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pool = ("", pgettext_lazy("assign", "the team, for whoever is free"))
        self.fields["to"].choices = [
            pool,
            *((member.pk, member.get_full_name() or member.username) for member in members),
        ]
        self.fields["account"].choices = [(pk, pk) for pk in chosen if pk.isdigit()]
        self.fields["account"].error_messages["required"] = _("Tick the accounts to give first.")
