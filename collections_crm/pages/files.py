"""Downloading a file of an account."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from collections_crm.pages.door import open_account
from collections_crm.selectors.files import files_for


@login_required
@require_GET
def account_file(request: HttpRequest, reference: str, file_id: int) -> HttpResponse:
    """Always as a download, of the type its content showed, and never run by the browser. An erased one isn't
    there."""
    file = get_object_or_404(files_for(request.user), pk=file_id, account=open_account(request, reference))
    response = HttpResponse(bytes(file.content), content_type=file.media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
