"""Who looked at what: the readers of one account, and the values shown in full without a contact that day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.foundation import clock
from accounts.foundation.users import Role
from collections_crm.pages.door import open_account
from collections_crm.pages.roles import for_roles
from collections_crm.selectors.who_looked import page_in_words, readings_of, reason_in_words, reveals_seen_by
from collections_crm.ui.fields import CivilDateField
from collections_crm.ui.forms import PageForm
from collections_crm.ui.paging import keyset_page

A_WEEK = timedelta(days=6)


class RevealsForm(PageForm):
    """Which days, and whether those are told, too, that a contact on the same day explains."""

    takes_key = False
    refused_heading = _("Not shown")
    first = CivilDateField(label=_("from"), past=True, required=False)
    last = CivilDateField(label=_("until"), past=True, required=False)
    all = forms.BooleanField(label=_("also with a contact that day"), required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        today = timezone.localtime(clock.now()).date()
        said["last"] = said.get("last") or today
        said["first"] = said.get("first") or said["last"] - A_WEEK
        if said["first"] > said["last"]:
            self.add_error("first", _("It begins after it ends."))
        return said


@for_roles(Role.MANAGER, Role.COMPLIANCE, Role.ADMIN)
@require_GET
def readers(request: HttpRequest, reference: str) -> HttpResponse:
    """Who opened which page of the account, newest first."""
    account = open_account(request, reference)
    page = keyset_page(readings_of(account), order=["-id"], after=request.GET.get("after", ""))
    rows = [(row, page_in_words(row.page)) for row in page.rows]
    return render(request, "account/readers.html", {"account": account, "page": page, "rows": rows})


@for_roles(Role.MANAGER, Role.COMPLIANCE)
@require_GET
def reveals(request: HttpRequest) -> HttpResponse:
    """Values shown in full in the last week, at first those without a contact that day."""
    form = RevealsForm(request.GET)
    if not form.is_valid():
        return render(request, "people/reveals.html", {"form": form}, status=422)
    chosen = form.cleaned_data
    zone = timezone.get_current_timezone_name()
    found = reveals_seen_by(
        request.user, first=chosen["first"], last=chosen["last"], zone=zone, without_contact=not chosen["all"]
    )
    page = keyset_page(found, order=["-id"], after=request.GET.get("after", ""))
    rows = [(row, reason_in_words(row.reason)) for row in page.rows]
    return render(request, "people/reveals.html", {"form": form, "page": page, "rows": rows, "chosen": chosen})
