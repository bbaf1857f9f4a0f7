"""Search. What is looked for travels by POST only, so that it stands in no address and no log."""

from __future__ import annotations

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from collections_crm.selectors.search import search as find
from collections_crm.services.searching import note_search, refuse_too_often
from collections_crm.ui.forms import PageForm


class SearchForm(PageForm):
    takes_key = False
    refused_heading = _("Not searched yet")
    q = forms.CharField(
        label=_("name, phone, reference or e-mail"),
        max_length=120,
        min_length=3,
        error_messages={"min_length": _("Write at least 3 letters or digits.")},
        help_text=_("Phones in any format; accents don't matter."),
    )


@login_required
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """The accounts found, masked. One that is found by its reference and may be opened is opened at once."""
    form, now = SearchForm(request.POST or None), clock.now()
    if not form.is_bound or not form.is_valid():
        return render(request, "search/page.html", {"form": form}, status=422 if form.errors else 200)
    try:
        refuse_too_often(request.user, now=now)
    except Refused as refusal:
        return render(request, "search/page.html", {"form": form, "refusal": refusal}, status=429)
    found = find(request.user, form.cleaned_data["q"])
    note_search(by=found.hits[0].by if found.hits else "", found=len(found.hits), actor=request.user, now=now)
    if len(found.hits) == 1 and found.hits[0].by == "reference" and found.hits[0].opens:
        return redirect("account", found.hits[0].account.reference)
    return render(request, "search/page.html", {"form": form, "found": found})
