"""The queue page and the account page against a bare page, in turns, in one process, through the whole of Django."""

from __future__ import annotations

import gc
import inspect
import io
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.template.loader import get_template
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from accounts.foundation.users import User
from accounts.models import Account, PartyRole
from collections_crm.bench import bare
from collections_crm.bench.books import book_of
from collections_crm.bench.figures import Figure
from collections_crm.bench.pages_book import MORNING, analyse, with_history, worker
from collections_crm.work.minute import turn_minute

PAIRS = 300
WARM_UP = 20
TOKEN = "b" * 32
# What somebody can do, as an agent types it: all four alternatives are worked out.
WISH = {
    "affordable": "40", "rhythm": "monthly", "first_on": "+7", "settle_for": "60", "settle_in": "2", "count": "12",
}  # fmt: skip
BARE, CONSTANT = "/bench/bare", "/bench/constant"


def measure(sizes: list[int]) -> Iterator[Figure]:
    """At the first of the sizes: how a page grows with the book is for `growth` to say."""
    _print_source()
    with book_of(sizes[0]) as portfolio, on_a_working_morning():
        agent = worker()
        account = with_history(portfolio, agent)
        turn_minute(now=MORNING)
        analyse()
        yield from _measure(sizes[0], Visitor(agent), reverse("account", args=[account.reference]))
        yield from _recalculated(sizes[0], Visitor(agent), account)


def _recalculated(size: int, visitor: Visitor, account: Account) -> Iterator[Figure]:
    """The workbench as somebody types: all alternatives, and the part of the page that shows them."""
    page = reverse("negotiate", args=[account.reference])
    wish = WISH | {"party": str(account.account_parties.get(role=PartyRole.PRIMARY).party_id)}
    yield from _against("workbench recalculated / bare page", size, visitor, page, BARE, most=2, form=wish)
    yield Figure("queries of a recalculation", size, len(visitor.queries_of(page, wish)), "queries")


def _measure(size: int, visitor: Visitor, account: str) -> Iterator[Figure]:
    yield from _against("bare page / constant answer", size, visitor, BARE, CONSTANT)
    yield from _against("queue page / bare page", size, visitor, reverse("queue"), BARE, most=2)
    yield Figure("queries of the queue page", size, len(visitor.queries_of(reverse("queue"))), "queries", most=12)
    yield from _against("account page / bare page", size, visitor, account, BARE, most=3)
    yield Figure("queries of the account page", size, len(visitor.queries_of(account)), "queries", most=20)


def _against(
    what: str,
    size: int,
    visitor: Visitor,
    page: str,
    other: str,
    most: float | None = None,
    form: dict[str, str] | None = None,
) -> Iterator[Figure]:
    """The median of the ratios of pairs, asked in turns so that whatever slows the machine slows both."""
    pairs = [(visitor.time(page, form), visitor.time(other)) for _ in range(WARM_UP + PAIRS)][WARM_UP:]
    yield Figure(what.split(" / ")[0], size, 1000 * statistics.median(one for one, _two in pairs), "ms")
    yield Figure(what, size, statistics.median(one / two for one, two in pairs), "", most=most)


class Visitor:
    """A logged-in person who asks for pages as a server hands them to Django."""

    def __init__(self, user: User) -> None:
        self._django: Callable[..., Any] = WSGIHandler()
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        given = {settings.SESSION_COOKIE_NAME: session.session_key, settings.CSRF_COOKIE_NAME: TOKEN}
        self._cookies = SimpleCookie(given).output(header="", sep=";")

    def ask(self, path: str, form: dict[str, str] | None = None) -> None:
        """A page; with a form what is sent as one types, of which a part of the page comes back."""
        answered: list[str] = []
        response = self._django(self._environ(path, form), lambda status, headers: answered.append(status))
        body = b"".join(response)
        response.close()
        if answered != ["200 OK"]:
            raise RuntimeError(f"{path} answered {answered[0]}: {body[:500]!r}")

    def time(self, path: str, form: dict[str, str] | None = None) -> float:
        """Seconds of one answer. What earlier ones left to be collected isn't counted to this one."""
        gc.collect(0)
        began = time.perf_counter()
        self.ask(path, form)
        return time.perf_counter() - began

    def queries_of(self, path: str, form: dict[str, str] | None = None) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            self.ask(path, form)
        return [query["sql"] for query in captured]

    def _environ(self, path: str, form: dict[str, str] | None) -> dict[str, Any]:
        sent = urlencode(form | {"csrfmiddlewaretoken": TOKEN}).encode() if form else b""
        typed = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "HTTP_HX_REQUEST": "true"} if form else {}
        return typed | {
            "REQUEST_METHOD": "POST" if form else "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "",
            "CONTENT_LENGTH": str(len(sent)), "wsgi.input": io.BytesIO(sent),
            "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost", "HTTP_COOKIE": self._cookies.strip(),
            "HTTP_ACCEPT": "text/html", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
            "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False,
        }  # fmt: skip


@contextmanager
def on_a_working_morning() -> Iterator[None]:
    """The same morning whenever the bench runs, so that the same people may be called."""
    with override_settings(ROOT_URLCONF="collections_crm.bench.bare", FROZEN_NOW=MORNING):
        yield


def _print_source() -> None:
    template = Path(get_template("bench/bare.html").origin.name).read_text()
    print(f"{inspect.getsource(bare)}\n--- bench/bare.html\n{template}", file=sys.stderr)  # noqa: T201
