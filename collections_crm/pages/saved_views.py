"""Saved views of the queue."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from collections_crm.models import SavedView
from collections_crm.pages.queue_forms import SaveViewForm
from collections_crm.services.saved_views import drop_view, save_view


@login_required
@require_GET
def saved_view(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Open a view of one's own; somebody else's is not there."""
    view = get_object_or_404(SavedView, pk=view_id, user=request.user)
    return redirect(f"{reverse('queue')}?{view.query}")


@login_required
@require_POST
def save_this_view(request: HttpRequest) -> HttpResponse:
    form = SaveViewForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Give the view a name of at most 40 letters."))
        return redirect("queue")
    view = save_view(user_id=request.user.pk, name=form.cleaned_data["name"], query=request.POST.get("query", ""))
    messages.success(request, _("Saved as “%(name)s”.") % {"name": view.name})
    return redirect("queue-view", view.pk)


@login_required
@require_POST
def drop_this_view(request: HttpRequest, view_id: UUID) -> HttpResponse:
    get_object_or_404(SavedView, pk=view_id, user=request.user)
    drop_view(user_id=request.user.pk, view_id=view_id)
    messages.success(request, _("The view is gone; the accounts are where they were."))
    return redirect("queue")
