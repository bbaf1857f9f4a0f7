"""Coming in: password, the code of a second step where the person set one up, and again after an expired session."""

from __future__ import annotations

from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as otp_login
from django_otp import match_token, user_has_device

from accounts.foundation import clock
from accounts.selectors.people import waiting_person
from accounts.services.preferences import choose_language
from collections_crm.pages.log_in_forms import CodeForm, LogInForm
from collections_crm.ui.addresses import page_to_open

WAITING = "waiting_for_code"
CHOSEN_LANGUAGE = "chosen_language"


def safe_next(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is a page of ours; else home."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return page_to_open(request, wanted) or reverse("home")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated and request.method == "GET":
        return redirect(safe_next(request))
    form = LogInForm(request, data=request.POST or None)
    if form.is_valid():
        person = form.get_user()
        if user_has_device(person):
            request.session[WAITING] = {"id": person.pk, "since": clock.now().isoformat(), "next": safe_next(request)}
            return redirect("login-code")
        login(request, person)
        _keep_language(request)
        return redirect(safe_next(request))
    return render(request, "people/log_in.html", {"form": form, "next": safe_next(request)})


@never_cache
@require_http_methods(["GET", "POST"])
def log_in_code(request: HttpRequest) -> HttpResponse:
    """The second step. Whoever gets here has just proved the password; five minutes later that no longer counts."""
    waiting = request.session.get(WAITING)
    person = waiting_person(waiting, now=clock.now())
    if person is None:
        return redirect("login")
    form = CodeForm(person, request.POST or None)
    if form.is_valid():
        del request.session[WAITING]
        login(request, person, backend="django.contrib.auth.backends.ModelBackend")
        otp_login(request, form.device)
        _keep_language(request)
        return redirect(waiting["next"])
    return render(request, "people/log_in_code.html", {"form": form})


def _keep_language(request: HttpRequest) -> None:
    """What was chosen on the log-in page a moment ago is how the person wants to read."""
    if chosen := request.session.pop(CHOSEN_LANGUAGE, ""):
        choose_language(user_id=request.user.pk, language=chosen)


@never_cache
@sensitive_post_parameters("password")
@require_POST
def log_in_again(request: HttpRequest) -> HttpResponse:
    """For the dialog over a page whose session ended: 204 with a fresh token, or 422 with a sentence."""
    person = authenticate(request, username=request.POST.get("username"), password=request.POST.get("password"))
    if person is None:
        return HttpResponse(_("The password is not right."), status=422)
    code = request.POST.get("otp_token", "")
    # An empty code isn't tried: the device counts wrong ones and slows down.
    device = match_token(person, code) if code else None
    if user_has_device(person) and device is None:
        return HttpResponse(_("The code is not right."), status=422)
    login(request, person)
    if device:
        otp_login(request, device)
    return HttpResponse(status=204, headers={"X-CSRF-Token": get_token(request)})
