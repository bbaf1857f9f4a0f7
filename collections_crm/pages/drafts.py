"""Where a form sends itself while somebody types."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from collections_crm.models import Draft
from collections_crm.services.drafts import keep_draft

NEVER_KEPT = {"csrfmiddlewaretoken", "idempotency", "password"}


@login_required
@require_POST
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Plain text: `Saved 09:14`, or with status 422 why it wasn't kept."""
    if len(key) > Draft._meta.get_field("key").max_length:
        raise Http404
    now = clock.now()
    try:
        keep_draft(user_id=request.user.pk, key=key, typed=_typed(request.POST), now=now)
    except Refused as refusal:
        return HttpResponse(str(refusal), status=422, content_type="text/plain; charset=utf-8")
    local = now.astimezone(timezone.get_current_timezone())
    return HttpResponse(_("Saved %(time)s") % {"time": f"{local:%H:%M}"}, content_type="text/plain; charset=utf-8")


def _typed(sent: QueryDict) -> dict[str, str | list[str]]:
    return {name: values[0] if len(values) == 1 else values for name, values in sent.lists() if name not in NEVER_KEPT}
