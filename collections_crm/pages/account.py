"""The account page, the question whether it is still fresh, and the older part of its timeline."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from accounts.foundation import clock
from accounts.foundation.htmx import wants_partial
from accounts.models import Account
from collections_crm.selectors.account_changes import changes_since
from collections_crm.selectors.account_page import AccountPage, account_page, accounts_to_open
from collections_crm.selectors.timeline import timeline
from collections_crm.ui.forms import PageForm
from collections_crm.work.leases import renew_lease
from communications.selectors.open_contact import silence_for


def page_of(request: HttpRequest, reference: str) -> AccountPage:
    """The account of this reference as this person may see it; 404 for a stranger's."""
    now = clock.now()
    found = get_object_or_404(accounts_to_open(request.user), reference=reference)
    return account_page(request.user, found, now=now)


@login_required
@require_GET
def account(request: HttpRequest, reference: str) -> HttpResponse:
    page = page_of(request, reference)
    if page.is_leased_here:
        renew_lease(agent_id=request.user.pk, now=page.now)
    context = {"page": page, "account": page.account, "next_form": PageForm()}
    return render(request, "account/silent.html" if page.silence else "account/page.html", context)


@login_required
@require_GET
def changes(request: HttpRequest, reference: str, version: int) -> HttpResponse:
    """Asked by the page every 15 s: 204 while it is fresh, else one line that says what changed and by whom."""
    seen = get_object_or_404(Account.objects.visible_to(request.user), reference=reference)
    news = changes_since(seen, version, by_others_than=request.user)
    if not news or silence_for(request.user, seen, clock.now()):
        return HttpResponse(status=204)
    return render(request, "account/partials/_changes.html", {"news": news, "account": seen})


@login_required
@require_GET
def older(request: HttpRequest, reference: str) -> HttpResponse:
    """The next page of the timeline, as a whole page or the part that htmx adds."""
    seen = get_object_or_404(Account.objects.visible_to(request.user), reference=reference)
    silence = silence_for(request.user, seen, clock.now())
    history = None if silence else timeline(seen.pk, before=request.GET.get("before", ""))
    template = "account/partials/_happenings.html" if wants_partial(request) else "account/older.html"
    response = render(request, template, {"account": seen, "history": history, "silence": silence})
    patch_vary_headers(response, ["HX-Request"])
    return response
