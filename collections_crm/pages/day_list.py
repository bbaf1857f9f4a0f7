"""The lists behind the figures under the queue."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.foundation import clock
from collections_crm.selectors.day_lists import LISTS
from collections_crm.selectors.queue_scope import members_of
from collections_crm.ui.paging import keyset_page
from communications.selectors.open_contact import unspoken_accounts


@login_required
@require_GET
def day_list(request: HttpRequest, name: str) -> HttpResponse:
    """What one figure counts: for oneself, or for the member of the team that `whose` names."""
    if (wanted := LISTS.get(name)) is None:
        raise Http404
    who = next((one for one in members_of(request.user) if str(one.pk) == request.GET.get("whose")), request.user)
    page = keyset_page(wanted.records(who, clock.now()), order=wanted.order, after=request.GET.get("after", ""))
    rows = [row for record in page.rows for row in wanted.rows_of(record)]
    context = {"page": page, "rows": rows, "title": wanted.title, "who": who}
    return render(request, "queue/day.html", context | {"unspoken": unspoken_accounts(request.user)})
