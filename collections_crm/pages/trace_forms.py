"""The form that asks for a person to be looked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from collections_crm.ui.forms import PageForm


class RequestTraceForm(PageForm):
    """Who is looked for: anybody on the account; no choice where there is only one."""

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = account.account_parties.select_related("party").order_by("pk")
        people = [(role.party_id, f"{role.party.name or role.party_id} ({role.get_role_display()})") for role in roles]
        self.fields["party"] = forms.TypedChoiceField(
            label=_("Who is looked for"),
            coerce=int,
            choices=people,
            initial=people[0][0],
            widget=forms.HiddenInput if len(people) == 1 else forms.Select,
        )
