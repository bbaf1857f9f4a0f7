"""Switches that every page carries: language, single-letter keys; and the sign that somebody is still here."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.foundation.users import Language
from accounts.services.preferences import choose_language, switch_single_keys
from collections_crm.pages.log_in import CHOSEN_LANGUAGE, safe_next

A_YEAR = 365 * 24 * 60 * 60


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """English or Spanish, kept with the person, and by a cookie for the log-in page. Chosen there it is the person's
    once they are in."""
    chosen = request.POST.get("language", "")
    if chosen not in Language.values:
        return HttpResponse(status=400)
    if request.user.is_authenticated:
        choose_language(user_id=request.user.pk, language=chosen)
    else:
        request.session[CHOSEN_LANGUAGE] = chosen
    response = redirect(safe_next(request))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, chosen, max_age=A_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
    )
    return response


@login_required
@require_POST
def single_keys(request: HttpRequest) -> HttpResponse:
    switch_single_keys(user_id=request.user.pk, on=request.POST.get("on") == "1")
    return redirect(safe_next(request))


@login_required
@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Somebody is still here: the session is renewed by the request itself."""
    return HttpResponse(status=204)
