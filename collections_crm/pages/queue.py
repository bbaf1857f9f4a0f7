"""The queue: an agent's home, and a manager's view of the team's work."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_POST

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.htmx import wants_partial
from accounts.foundation.receipts import once
from accounts.models import Account
from collections_crm.models import Tab
from collections_crm.pages.queue_forms import AssignForm, FilterForm
from collections_crm.selectors.queue import queue_page
from collections_crm.selectors.queue_lists import TABS, visible_portfolios
from collections_crm.selectors.queue_scope import members_of, scope_of
from collections_crm.ui.forms import PageForm
from collections_crm.work.leases import take_next


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    members = members_of(request.user)
    portfolios = visible_portfolios(request.user)
    form = FilterForm(request.GET, portfolios=portfolios)
    asked, whose = request.GET.get("tab", Tab.NOW), request.GET.get("whose", "")
    page = queue_page(
        request.user,
        scope_of(request.user, whose, members),
        tab=asked if asked in TABS else Tab.NOW,
        filters=form.filters(),
        portfolios=portfolios,
        after=request.GET.get("after", ""),
        now=now,
    )
    context = {"page": page, "form": form, "members": members, "whose": whose, "next_form": PageForm(), "now": now}
    if request.user.is_manager:
        context["assign_form"] = AssignForm(members=members, chosen=[])
    response = render(request, "queue/partials/_list.html" if wants_partial(request) else "queue/page.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@login_required
@require_GET
def filters(request: HttpRequest) -> HttpResponse:
    """The form of the filters: asked for when the menu opens, or a page of its own."""
    form = FilterForm(request.GET, portfolios=visible_portfolios(request.user))
    form.is_valid()
    kept = [(name, request.GET.get(name, "")) for name in ("tab", "whose")]
    template = "queue/partials/_filter_form.html" if wants_partial(request) else "queue/filters.html"
    response = render(request, template, {"form": form, "kept": kept})
    patch_vary_headers(response, ["HX-Request"])
    return response


@login_required
@require_POST
def next_account(request: HttpRequest) -> HttpResponse:
    """Lease the next person and open their account."""
    form, now = PageForm(request.POST), clock.now()
    form.is_valid()
    try:
        account_id, _first = once(
            key=form.key,
            act="queue.next",
            actor=request.user,
            at=now,
            effect=lambda: take_next(actor=request.user, now=now),
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("queue")
    return redirect("account", Account.objects.get(pk=account_id).reference)
