"""The inbox: what waits for the person who looks."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.foundation import clock
from collections_crm.selectors.approvals import count_to_decide
from collections_crm.selectors.inbox import count_in_inbox, inbox_of
from collections_crm.ui.frame import register_count


@login_required
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    return render(request, "inbox/page.html", {"sections": inbox_of(request.user, clock.now())})


register_count("inbox", lambda user: count_in_inbox(user, clock.now()))
register_count("approvals", lambda user: count_to_decide(user, clock.now()))
