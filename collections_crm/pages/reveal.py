"""A masked value in full, for a minute, with a reason that is written down."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods

from accounts.foundation.htmx import wants_partial
from accounts.services.reveals import reveal_contact_point
from collections_crm.pages.account import page_of
from collections_crm.pages.account_forms import RevealForm
from collections_crm.selectors.reach import masked


@login_required
@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, reference: str) -> HttpResponse:
    """The form that asks why; answered, the value."""
    page = page_of(request, reference)
    form = RevealForm(request.POST or None, page=page, initial=request.GET.dict())
    context = {"page": page, "account": page.account, "form": form}
    if form.is_bound and form.is_valid():
        point = reveal_contact_point(
            account_id=page.account.pk,
            contact_point_id=form.cleaned_data["point"],
            reason=form.cleaned_data["reason"],
            actor=request.user,
            now=page.now,
        )
        context |= {"point": point, "masked": masked(point)}
    template = (
        "account/partials/_revealed.html" if wants_partial(request) and "point" in context else "account/reveal.html"
    )
    response = render(request, template, context, status=422 if form.errors else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


@login_required
@require_GET
def way(request: HttpRequest, reference: str, point_id: int) -> HttpResponse:
    """What may be done with one contact point: asked for when its menu opens, or a page of its own."""
    page = page_of(request, reference)
    found = next((way for way in page.reach.ways if way.point.pk == point_id), None)
    if found is None:
        raise Http404
    context = {"page": page, "account": page.account, "point": found.point, "masked": found.masked}
    template = "account/partials/_way_acts.html" if wants_partial(request) else "account/way.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
