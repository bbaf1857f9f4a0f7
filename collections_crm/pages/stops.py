"""Where contact is stopped at once, and let go on by two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.foundation.receipts import once
from collections_crm.pages.roles import for_roles
from collections_crm.pages.stop_forms import StopForm
from collections_crm.selectors.standing_stops import cause_in_words, covers_in_words
from collections_crm.ui.forms import PageForm
from communications.models import ContactStop
from communications.selectors.stops import every_stop, waiting_messages
from communications.services.stops import STOPPERS, release_stop, stop_contact

SHOWN = 50


@for_roles(*STOPPERS)
@require_http_methods(["GET", "POST"])
def stops(request: HttpRequest) -> HttpResponse:
    """What stands, what waits for it, what was; and the form that stops."""
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _done(request, form, "stop.begin", _stopping(request, form)):
        messages.success(request, _("Stopped. From now on nothing of this goes out."))
        return redirect("stops")
    rows = [_row(request, stop) for stop in every_stop()[:SHOWN]]
    waiting = waiting_messages() if any(row["stop"].stands for row in rows) else {}
    context = {"form": form, "standing": [row for row in rows if row["stop"].stands]}
    context |= {"over": [row for row in rows if not row["stop"].stands]}
    context |= {"waiting": sum(waiting.values()), "notices": waiting.get("statutory_notice", 0)}
    return render(request, "stops/page.html", context)


def _stopping(request: HttpRequest, form: StopForm) -> Callable[[datetime], ContactStop]:
    return lambda now: stop_contact(actor=request.user, now=now, **form.said())


def _row(request: HttpRequest, stop: ContactStop) -> dict[str, Any]:
    return {
        "stop": stop,
        "covers": covers_in_words(stop.channel, stop.jurisdiction, stop.portfolio.name if stop.portfolio else ""),
        "why": cause_in_words(stop.cause),
        "said_yes": stop.first_yes_by_id == request.user.pk,
        "form": PageForm(),
    }


@for_roles(*STOPPERS)
@require_POST
def release(request: HttpRequest, stop_id: int) -> HttpResponse:
    """One of the two yeses."""
    stop = get_object_or_404(ContactStop, pk=stop_id)
    form = PageForm(request.POST)
    form.is_valid()
    if _done(request, form, "stop.release", lambda now: release_stop(stop_id=stop.pk, actor=request.user, now=now)):
        stop = ContactStop.objects.get(pk=stop.pk)
        still = _("Your yes is written down. The stop stands until a second person releases it.")
        messages.success(request, still if stop.stands else _("Released. What waited goes on."))
    for error in form.non_field_errors():
        messages.error(request, error)
    return redirect("stops")


def _done(request: HttpRequest, form: PageForm, act: str, effect: Callable[[datetime], Any]) -> bool:
    """Do it once for this form; a refusal stands in the form."""
    now = clock.now()
    try:
        once(key=form.key, act=act, actor=request.user, at=now, effect=lambda: effect(now))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
