"""The pages that ours are measured against, behind the same middleware, for the same session and user."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from accounts.models import Account

COLUMNS = (
    "reference", "currency", "balance", "due_now", "principal", "interest", "fees", "oldest_due_on", "bucket", "state",
    "next_kind", "next_on",
)  # fmt: skip


@login_required
def bare(request: HttpRequest) -> HttpResponse:
    """One indexed query, a table of 50 x 12, as a plain Django page draws it."""
    rows = Account.objects.order_by("pk").only(*COLUMNS)[:50]
    return render(request, "bench/bare.html", {"rows": rows})


@login_required
def constant(request: HttpRequest) -> HttpResponse:
    """What the middleware, the session and the user cost alone."""
    return HttpResponse("constant")


urlpatterns = [
    path("bench/bare", bare),
    path("bench/constant", constant),
    path("", include("collections_crm.urls")),
]
