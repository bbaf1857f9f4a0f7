"""Downloading a file of an account."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from accounts.foundation import clock
from accounts.models import Account, Attachment
from communications.selectors.open_contact import silence_for


@login_required
@require_GET
def account_file(request: HttpRequest, reference: str, file_id: int) -> HttpResponse:
    """Always as a download, of the type its content showed, and never run by the browser."""
    seen = get_object_or_404(Account.objects.visible_to(request.user), reference=reference)
    if silence_for(request.user, seen, clock.now()):
        raise Http404
    file = get_object_or_404(Attachment, pk=file_id, account=seen)
    response = HttpResponse(bytes(file.content), content_type=file.media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
