"""Which column of an uploaded file is what."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.models import Placement
from accounts.selectors.placement_files import first_rows
from accounts.selectors.placements import placements_of
from accounts.services.placements.mappings import save_mapping
from accounts.services.placements.uploads import choose_mapping
from accounts.tasks import nudge_placement
from collections_crm.pages.placement_forms import MappingForm
from collections_crm.pages.placements import places_accounts


@places_accounts
@require_http_methods(["GET", "POST"])
def mapping(request: HttpRequest, placement_id: int) -> HttpResponse:
    """Each column with its first values and a choice; saved under a name and used at once."""
    placement = get_object_or_404(placements_of(request.user), pk=placement_id)
    if placement.state != "uploaded" or placement.mapping:
        return redirect("placement-detail", placement.pk)
    header, samples = first_rows(placement)
    form = MappingForm(request.POST or None, header=header)
    if form.is_valid():
        try:
            return _saved(request, placement, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    columns = list(zip(form.columns(), samples, strict=True))
    return render(request, "placements/mapping.html", {"placement": placement, "form": form, "columns": columns})


def _saved(request: HttpRequest, placement: Placement, form: MappingForm) -> HttpResponse:
    now, name = clock.now(), form.cleaned_data["name"]
    save_mapping(name=name, title=name, terms=form.terms(), actor=request.user, now=now)
    choose_mapping(placement_id=placement.pk, mapping_name=name, actor=request.user, now=now)
    nudge_placement(placement.pk)
    return redirect("placement-detail", placement.pk)
