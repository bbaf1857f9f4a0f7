"""The inbox: what waits for the person who looks."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.foundation import clock
from collections_crm.selectors.approvals import count_to_decide
from collections_crm.selectors.inbox import InHeader, in_header, inbox_of
from collections_crm.ui.frame import register_count, register_stops


@login_required
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    return render(request, "inbox/page.html", {"sections": inbox_of(request.user, clock.now())})


def _in_header(request: HttpRequest) -> InHeader:
    """Read once for a page: the banner and the header both ask."""
    if not hasattr(request, "in_header"):
        request.in_header = in_header(request.user, clock.now())
    return request.in_header


register_count("inbox", lambda request: _in_header(request).waiting)
register_count("approvals", lambda request: count_to_decide(request.user, clock.now()))
register_stops(lambda request: _in_header(request).stops)
