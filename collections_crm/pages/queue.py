"""The queue: an agent's home, and a manager's view of the team's work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.events import record
from accounts.foundation.htmx import wants_partial
from accounts.foundation.receipts import once
from accounts.foundation.users import User
from accounts.models import Account
from collections_crm.models import Tab
from collections_crm.pages.queue_forms import AssignForm, FilterForm
from collections_crm.selectors.queue import found_now, queue_page
from collections_crm.selectors.queue_export import export_file, exported_rows
from collections_crm.selectors.queue_lists import TABS, visible_portfolios
from collections_crm.selectors.queue_scope import members_of, scope_of
from collections_crm.ui.forms import PageForm
from collections_crm.work.leases import leased_by, take_next

LEFT_FOR = timedelta(minutes=30)


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    asked = _asked(request)
    page = queue_page(request.user, after=request.GET.get("after", ""), now=now, **asked.of_list)
    context = {"page": page, "form": asked.form, "members": asked.members, "whose": asked.whose, "now": now}
    context["next_form"] = PageForm()
    if request.user.is_manager:
        context["assign_form"] = AssignForm(members=asked.members, chosen=[])
    response = render(request, "queue/partials/_list.html" if wants_partial(request) else "queue/page.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@dataclass(frozen=True)
class _Asked:
    """Which list the address names. `of_list`: what every reader of it must be told."""

    form: FilterForm
    members: list[User]
    whose: str
    of_list: dict[str, Any]


def _asked(request: HttpRequest) -> _Asked:
    members, portfolios = members_of(request.user), visible_portfolios(request.user)
    form = FilterForm(request.GET, portfolios=portfolios)
    tab, whose = request.GET.get("tab", Tab.NOW), request.GET.get("whose", "")
    scope = scope_of(request.user, whose, members)
    of_list = {"tab": tab if tab in TABS else Tab.NOW, "filters": form.filters(), "portfolios": portfolios}
    return _Asked(form, members, whose, of_list | {"scope": scope})


@login_required
@require_GET
def news(request: HttpRequest) -> HttpResponse:
    """How many rows of the list differ from those that the page shows. Asked now and then; the list stands still."""
    asked, seen = _asked(request), request.GET.get("seen", "")
    found = found_now(after=request.GET.get("after", ""), now=clock.now(), **asked.of_list)
    context = {"number": found.differs_from(seen), "seen": seen}
    return render(request, "queue/partials/_news.html", context)


@login_required
@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The list as CSV, names shortened as on the page; the event log keeps who took how much. Not for agents."""
    if not request.user.may_export:
        raise PermissionDenied
    now, asked = clock.now(), _asked(request)
    rows = list(exported_rows(request.user, now=now, **asked.of_list))
    tab = asked.of_list["tab"]
    record("queue.exported", subject=request.user, actor=request.user, at=now, codes={"tab": tab, "rows": len(rows)})
    name = f"queue-{tab}-{timezone.localtime(now):%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        export_file(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


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
    """Lease the next person and open their account. Whoever was left as they were comes again after a while, or when
    nobody else is there to be worked."""
    form, now = PageForm(request.POST), clock.now()
    form.is_valid()
    try:
        account_id, _first = once(
            key=form.key,
            act="queue.next",
            actor=request.user,
            at=now,
            effect=lambda: _taken(request, now),
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("queue")
    return redirect("account", Account.objects.get(pk=account_id).reference)


def _left(request: HttpRequest, now: datetime) -> list[int]:
    """The persons whom Next led to lately and who were left as they were, with the one who is left now."""
    since = (now - LEFT_FOR).timestamp()
    left = {person: at for person, at in request.session.get("left", {}).items() if at > since}
    if here := leased_by(request.user.pk):
        left[str(here)] = now.timestamp()
    request.session["left"] = left
    return [int(person) for person in left]


def _taken(request: HttpRequest, now: datetime) -> int:
    left = _left(request, now)
    try:
        return take_next(actor=request.user, now=now, left=left)
    except Refused as refusal:
        if refusal.code != "queue.nothing_now" or not left:
            raise
    found = take_next(actor=request.user, now=now)
    request.session["left"] = {}
    messages.info(request, _("Nobody else can be worked just now: this one was left before."))
    return found
