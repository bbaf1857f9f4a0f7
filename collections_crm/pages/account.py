"""The account page, the question whether it is still fresh, and the older part of its timeline."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from accounts.foundation import clock
from accounts.foundation.htmx import wants_partial
from accounts.foundation.prepared_statements import planned_once
from collections_crm.pages.door import account_in_silence, note_opened, open_account
from collections_crm.selectors.account_changes import changes_since
from collections_crm.selectors.account_page import SEES_SUPPORT, AccountPage, account_page
from collections_crm.selectors.timeline import timeline
from collections_crm.selectors.why import why_now
from collections_crm.ui.forms import PageForm
from collections_crm.work.leases import renew_lease
from communications.selectors.open_contact import silence_for


def page_of(request: HttpRequest, reference: str) -> AccountPage:
    """All that is shown of an open account; 404 for a stranger's, `VerifyFirst` while it is silent."""
    return account_page(request.user, open_account(request, reference), now=clock.now())


def page_in_silence(request: HttpRequest, reference: str) -> AccountPage:
    """The same, holding nothing of the debt while nobody is verified."""
    seen = account_in_silence(request, reference)
    note_opened(request, seen)
    return account_page(request.user, seen, now=clock.now())


@login_required
@require_GET
def account(request: HttpRequest, reference: str) -> HttpResponse:
    with planned_once():
        page = page_in_silence(request, reference)
    request.open_contact = page.contact  # type: ignore[attr-defined] # the call bar need not ask again
    if page.is_leased_here:
        renew_lease(agent_id=request.user.pk, now=page.now)
    context = {"page": page, "account": page.account, "next_form": PageForm()}
    return render(request, "account/silent.html" if page.silence else "account/page.html", context)


@login_required
@require_GET
def changes(request: HttpRequest, reference: str, version: int) -> HttpResponse:
    """Asked by the page every 15 s: 204 while it is fresh, else one line that says what changed and by whom."""
    seen = account_in_silence(request, reference)
    news = changes_since(seen, version, by_others_than=request.user)
    if not news or silence_for(request.user, seen, clock.now()):
        return HttpResponse(status=204)
    return render(request, "account/partials/_changes.html", {"news": news, "account": seen})


@login_required
@require_GET
def why(request: HttpRequest, reference: str) -> HttpResponse:
    """Every way to reach somebody, with all that stands for and against it at this minute."""
    seen, now = open_account(request, reference), clock.now()
    return render(request, "account/why.html", {"account": seen, "why": why_now(seen, now=now), "now": now})


@login_required
@require_GET
def older(request: HttpRequest, reference: str) -> HttpResponse:
    """The next page of the timeline, as a whole page or the part that htmx adds."""
    seen = open_account(request, reference)
    told = request.user.role in SEES_SUPPORT
    history = timeline(seen.pk, before=request.GET.get("before", ""), tells_hardship=told)
    template = "account/partials/_happenings.html" if wants_partial(request) else "account/older.html"
    response = render(request, template, {"account": seen, "history": history})
    patch_vary_headers(response, ["HX-Request"])
    return response
