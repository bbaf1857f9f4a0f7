"""Finding a person: ask for a search, take or turn down what it found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.htmx import wants_partial
from accounts.foundation.receipts import once
from accounts.models import Account, TraceCandidate
from accounts.services.skip_traces import accept_candidate, reject_candidate, request_trace
from accounts.tasks import nudge_traces
from collections_crm.pages.door import open_account
from collections_crm.pages.roles import for_roles
from collections_crm.pages.trace_forms import RequestTraceForm
from collections_crm.selectors.traces import trace_panel
from collections_crm.ui.forms import PageForm


@login_required
@require_http_methods(["GET", "POST"])
def trace(request: HttpRequest, reference: str) -> HttpResponse:
    """The panel: as a page of its own, or the part that htmx swaps. Posted, it asks for a search."""
    account = open_account(request, reference)
    if request.method == "POST" and not request.user.works_a_queue:
        raise PermissionDenied
    form = RequestTraceForm(account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = {"account_id": account.pk, "party_id": form.cleaned_data["party"]}
        if _done(request, form, f"trace.request.{account.pk}", request_trace, asked):
            nudge_traces()
            messages.success(request, _("The search is asked for. What it finds stands here in a few seconds."))
            return redirect("trace", reference)
    return _panel(request, account, form)


@for_roles("agent", "manager")
@require_POST
def accept(request: HttpRequest, reference: str, candidate_id: int) -> HttpResponse:
    """Take what was found as a contact point of the person."""
    said = _("Taken, not verified yet. The account can be worked with it.")
    return _decide(request, reference, candidate_id, accept_candidate, said)


@for_roles("agent", "manager")
@require_POST
def reject(request: HttpRequest, reference: str, candidate_id: int) -> HttpResponse:
    """Turn down what was found, for good."""
    said = _("Turned down. It is not offered again for this person.")
    return _decide(request, reference, candidate_id, reject_candidate, said)


def _decide(
    request: HttpRequest, reference: str, candidate_id: int, decide: Callable[..., Any], said: str
) -> HttpResponse:
    account = open_account(request, reference)
    of_account = TraceCandidate.objects.filter(skip_trace__party__in=account.parties.all())
    candidate = get_object_or_404(of_account, pk=candidate_id)
    form = PageForm(request.POST)
    act = f"{decide.__name__}.{candidate.pk}"
    if form.is_valid() and _done(request, form, act, decide, {"candidate_id": candidate.pk}):
        messages.success(request, said)
        return redirect("trace", reference)
    return _panel(request, account, refused=form.non_field_errors())


def _done(request: HttpRequest, form: PageForm, act: str, effect: Callable[..., Any], given: dict[str, int]) -> bool:
    """Do it once; a refusal stands in the form, and nothing was done."""
    who = {"actor": request.user, "now": clock.now()}
    try:
        once(key=form.key, act=act, actor=request.user, at=clock.now(), effect=lambda: effect(**given, **who))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _panel(
    request: HttpRequest, account: Account, form: RequestTraceForm | None = None, refused: list[str] | None = None
) -> HttpResponse:
    context = {
        "account": account,
        "panel": trace_panel(request.user, account),
        "form": form or RequestTraceForm(account),
        "decision": PageForm(auto_id=False),
        "refused": refused or [],
        "open": True,
    }
    response = render(request, "trace/_panel.html" if wants_partial(request) else "trace/page.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response
