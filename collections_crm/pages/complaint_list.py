"""Complaints as managers and compliance look at them: what is open and late, and what came of those of 90 days."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.foundation import clock
from accounts.foundation.users import Role
from accounts.models import ComplaintCategory
from collections_crm.pages.roles import for_roles
from collections_crm.selectors.complaints import COUNTED_FOR, counts_by_category, late_at, listed, standing_of
from collections_crm.ui.paging import keyset_page
from communications.selectors.open_contact import unspoken_accounts

LATE = "late"


@for_roles(Role.MANAGER, Role.COMPLIANCE)
@require_GET
def complaint_list(request: HttpRequest) -> HttpResponse:
    """The open ones, or the late ones, or all of the last 90 days about one thing: what is due first on top; below them
    how many came about each thing."""
    now = clock.now()
    late, since = late_at(now), timezone.localtime(now).date() - COUNTED_FOR
    asked = request.GET.get("category", "")
    category = asked if asked in ComplaintCategory.values else ""
    only_late = not category and request.GET.get("which") == LATE
    shown = listed(request.user, category=category, since=since, late=late if only_late else None)
    # That they complained at all is nothing for whoever is on the line, before they are verified.
    shown = shown.exclude(account__in=unspoken_accounts(request.user))
    page = keyset_page(shown, order=["next_due", "pk"], after=request.GET.get("after", ""))
    context: dict[str, Any] = {
        "page": page,
        "rows": [standing_of(one, now=now) for one in page.rows],
        "chosen": category or (LATE if only_late else ""),
        "chosen_label": ComplaintCategory(category).label if category else "",
        "counts": counts_by_category(request.user, late, since=since),
        "since": since,
    }
    return render(request, "complaints/list.html", context)
