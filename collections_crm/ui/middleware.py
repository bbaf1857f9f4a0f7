"""What every request passes: whose language and zone, how long the session lasts, what may be kept by a browser."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone, translation

from collections_crm.ui.addresses import page_to_open

Answer = Callable[[HttpRequest], HttpResponse]


class ReadableAddresses:
    """An address with a NUL names nothing that is stored: it isn't found, before anything asks the database for it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        return self.get_response(request)


class OwnLanguageAndZone:
    """A person who is logged in reads in their own language and by their own clock, on any machine."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(request.user.zone):
            return self.get_response(request)


class OwnPassword:
    """Whoever was given a password chooses one of their own before anything else: until then nobody knows who acts."""

    OPEN = ("password_change", "password_change_done", "logout", "language", "session-stay", "health")

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.user.password_is_given and not self._is_open(request):
            own = redirect("password_change")
            by_script = request.headers.get("HX-Request") == "true"
            return HttpResponse(status=204, headers={"HX-Redirect": own.url}) if by_script else own
        return self.get_response(request)

    def _is_open(self, request: HttpRequest) -> bool:
        return request.path in {reverse(name) for name in self.OPEN}


class WordsForRefusedMethods:
    """A form's address opened by itself (reloaded, or from the history) says what to do instead of nothing at all."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content or request.method != "GET":
            return response
        account = page_to_open(request, request.path)
        page = render(request, "405.html", {"account_url": account}, status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page


class WholePagesFollow:
    """A form that comes back in place when refused (`ui/_in_place.html`) leads on to a whole page when done."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.headers.get("HX-Target") == "main" and response.status_code == 302 and request.user.is_authenticated:
            return HttpResponse(status=204, headers={"HX-Redirect": response.headers["Location"]})
        return response


class LastingSession:
    """Each act of the person renews the session, written down once a minute at most; a question that the page asks by
    itself (`X-Poll`) does not."""

    EVERY = 60

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and "X-Poll" not in request.headers:
            self._renew(request.session)
        return response

    def _renew(self, session: SessionBase) -> None:
        instant = int(time.time())
        if instant - session.get("renewed", 0) >= self.EVERY:
            session["renewed"] = instant


class PrivatePages:
    """No browser or proxy keeps what a logged-in person sees; scripts learn of an expired session by a 401."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if self._sends_script_to_log_in(request, response):
            response = HttpResponse(status=401)
        if request.user.is_authenticated or response.status_code == 401:
            response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
        )
        return response

    @staticmethod
    def _sends_script_to_log_in(request: HttpRequest, response: HttpResponse) -> bool:
        by_script = request.headers.get("HX-Request") == "true" or request.headers.get("X-Requested-With") == "fetch"
        if not by_script or request.user.is_authenticated or response.status_code != 302:
            return False
        return response.headers.get("Location", "").split("?")[0] == resolve_url(settings.LOGIN_URL)
