"""Placing files of accounts: list, upload, preview, confirmation, progress, result."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.htmx import wants_partial
from accounts.models import Placement
from accounts.placements.reasons import reason_words
from accounts.selectors.placement_files import reject_file
from accounts.selectors.placement_rows import RESULTS, order_of, row_of, rows_behind
from accounts.selectors.placements import RESULT_TITLES, placements_of, seen_by_person
from accounts.services.placements.checking import confirm_placement
from accounts.services.placements.uploads import cancel_placement, choose_mapping, receive_file
from accounts.tasks import nudge_placement
from collections_crm.pages.placement_forms import UploadForm
from collections_crm.pages.roles import for_roles
from collections_crm.ui.forms import PageForm
from collections_crm.ui.paging import keyset_page
from communications.selectors.open_contact import unspoken_accounts

places_accounts = for_roles("manager", "admin")


@places_accounts
@require_GET
def placement_list(request: HttpRequest) -> HttpResponse:
    page = keyset_page(placements_of(request.user), order=["-id"], after=request.GET.get("after", ""))
    return render(request, "placements/list.html", {"page": page})


@places_accounts
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if form.is_valid():
        try:
            return _received(request, form)
        except Refused as refusal:
            form.add_error("file", str(refusal))
    return render(request, "placements/upload.html", {"form": form})


def _received(request: HttpRequest, form: UploadForm) -> HttpResponse:
    file, now = form.cleaned_data["file"], clock.now()
    placement, new = receive_file(
        portfolio_id=form.cleaned_data["portfolio"].pk,
        stream=file.file,
        file_name=file.name,
        as_of=form.cleaned_data["as_of"],
        actor=request.user,
        now=now,
    )
    if not new:
        messages.info(request, _("This file is already here. 0 imported, 0 new."))
    elif mapping := form.cleaned_data["mapping"]:
        choose_mapping(placement_id=placement.pk, mapping_name=mapping, actor=request.user, now=now)
        nudge_placement(placement.pk)
    else:
        return redirect("placement-mapping", placement.pk)
    return redirect("placement-detail", placement.pk)


@places_accounts
@require_GET
def detail(request: HttpRequest, placement_id: int) -> HttpResponse:
    return _detail(request, _visible(request, placement_id))


def _visible(request: HttpRequest, placement_id: int) -> Placement:
    return get_object_or_404(placements_of(request.user), pk=placement_id)


def _detail(request: HttpRequest, placement: Placement, refusal: Refused | None = None) -> HttpResponse:
    template = "placements/partials/_placement.html" if wants_partial(request) else "placements/detail.html"
    response = render(request, template, {**seen_by_person(placement), "refusal": refusal, "form": PageForm()})
    patch_vary_headers(response, ["HX-Request"])
    return response


@places_accounts
@require_POST
def confirm(request: HttpRequest, placement_id: int) -> HttpResponse:
    placement = _visible(request, placement_id)
    try:
        confirm_placement(placement_id=placement.pk, actor=request.user, now=clock.now())
    except Refused as refusal:
        return _detail(request, placement, refusal)
    nudge_placement(placement.pk)
    return redirect("placement-detail", placement.pk)


@places_accounts
@require_POST
def cancel(request: HttpRequest, placement_id: int) -> HttpResponse:
    placement = _visible(request, placement_id)
    try:
        cancel_placement(placement_id=placement.pk, actor=request.user, now=clock.now())
    except Refused as refusal:
        return _detail(request, placement, refusal)
    messages.success(request, _("The placement was cancelled. Nothing of the file was kept."))
    return redirect("placement-detail", placement.pk)


@places_accounts
@require_GET
def rows(request: HttpRequest, placement_id: int, result: str) -> HttpResponse:
    """The rows behind one number: of a result, and of one reason, status or warning within it."""
    placement, reason = _visible(request, placement_id), request.GET.get("reason", "")
    if result not in RESULTS:
        raise Http404
    found = rows_behind(placement, result, reason)
    page = keyset_page(found, order=order_of(found), after=request.GET.get("after", ""))
    context = {"placement": placement, "page": page, "rows": [row_of(record, result) for record in page.rows]}
    context |= {"title": RESULT_TITLES[result], "words": reason_words(reason) if reason else ""}
    return render(request, "placements/rows.html", context | {"unspoken": unspoken_accounts(request.user)})


@places_accounts
@require_GET
def rejects(request: HttpRequest, placement_id: int) -> StreamingHttpResponse:
    """The rejected rows as they stood in the file, each with its reason, to be corrected and sent again."""
    placement = _visible(request, placement_id)
    name = f"placement-{placement.pk}-rejected.csv"
    return StreamingHttpResponse(
        reject_file(placement),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
