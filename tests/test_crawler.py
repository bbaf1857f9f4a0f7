"""A crawler as each role, in both languages: follows every link, sends every form, empty and filled in.

No page may fail, no link may lead nowhere, and no form that is sent may answer without saying anything.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client

from tests.factories import NOW
from tests.support.world import ROLES, World, build_world

MOST_PAGES = 120
# Ends the walk, changes what the walk is about, or was followed under another address already.
LEFT_ALONE = re.compile(r"^/(logout/|language/|keys/|stay/|admin/logout/|static/|admin/jsi18n/)")


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)
    can_be_sent: bool = False


class Reader(HTMLParser):
    """Links and forms of a page, as a browser without scripts sees them."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        elif tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        self._form.can_be_sent |= tag == "button" or given.get("type") in ("submit", "image")
        if tag == "select":
            self._select = given.get("name", "")
        elif tag == "button" and given.get("name"):
            self._form.hidden.setdefault(given["name"], given.get("value", ""))
        elif tag == "option" and self._select and given.get("value"):
            self._form.fields.setdefault(self._select, given["value"])
        elif tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self._form.hidden.setdefault(given["name"], given.get("value", ""))
        elif tag in ("input", "textarea") and given.get("name") and given.get("type") not in ("file", "submit"):
            self._form.fields.setdefault(given["name"], given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""


def filled(fields: dict[str, str]) -> dict[str, str]:
    """Something plausible in each empty field, by what its name says."""
    guesses = [("amount", "10.00"), ("_on", "2026-11-18"), ("pay_by", "2026-11-28"), ("day", "2026-11-28"),
               ("number", "77"), ("email", "ana@example.com"), ("phone", "020 7946 0123")]  # fmt: skip
    return {
        name: value or next((guess for part, guess in guesses if part in name), "words that say something")
        for name, value in fields.items()
    }


@pytest.fixture(scope="module")
def world(real_db, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock():
        yield build_world()


@pytest.fixture(autouse=True)
def _frozen(settings):
    settings.FROZEN_NOW = NOW


class Crawl:
    """One person's walk through everything that their pages lead to."""

    def __init__(self, client: Client, starts: list[str]) -> None:
        self.client = client
        self.waiting = deque(starts)
        self.seen: set[str] = set(starts)
        self.shapes: set[str] = set()
        self.sent: set[str] = set()
        self.faults: list[str] = []
        self.pages = 0

    def run(self) -> None:
        while self.waiting and self.pages < MOST_PAGES:
            self.visit(self.waiting.popleft())

    def visit(self, url: str) -> None:
        self.pages += 1
        answer = self.client.get(url, follow=True)
        if answer.status_code >= 400:
            self.faults.append(f"GET {url}: {answer.status_code}")
        if "text/html" not in answer.headers.get("Content-Type", ""):
            return
        page = Reader()
        text = answer.content.decode()
        page.feed(text)
        for link in page.links:
            self.remember(urljoin(url, link))
        for form in page.forms:
            if form.method == "post" and form.can_be_sent:
                self.send(urljoin(url, form.action or url), form, page=urlsplit(url).path, before=text)

    def remember(self, link: str) -> None:
        """Each address once; of addresses that differ only in a number or a query, a few are enough."""
        parts = urlsplit(link)
        address = f"{parts.path}?{parts.query}" if parts.query else parts.path
        shape = (
            re.sub(r"\d+|[0-9a-f]{8}-[0-9a-f-]{27}", "#", parts.path)
            + "?"
            + ",".join(sorted(re.findall(r"(\w+)=", parts.query)))
        )
        if parts.netloc or parts.scheme not in ("", "http") or LEFT_ALONE.match(parts.path) or address in self.seen:
            return
        self.seen.add(address)
        if shape not in self.shapes:
            self.shapes.add(shape)
            self.waiting.append(address)

    def send(self, url: str, form: Form, *, page: str, before: str) -> None:
        """The form with nothing in it and with something everywhere, each without lasting effect."""
        path = urlsplit(url).path
        shape = re.sub(r"\d+", "#", path) + ",".join(sorted(form.fields))
        if LEFT_ALONE.match(path) or shape in self.sent:
            return
        self.sent.add(shape)
        for what, fields in (("empty", form.hidden), ("filled", form.hidden | filled(form.fields))):
            with transaction.atomic():
                answer = self.client.post(url, fields, follow=True)
                transaction.set_rollback(True)
            if answer.status_code >= 500 or answer.status_code == 404:
                self.faults.append(f"POST {url} {what}: {answer.status_code}")
            elif answer.status_code == 200 and not says_something(answer, page, before):
                self.faults.append(f"POST {url} {what}: says nothing")


SAYINGS = re.compile(
    r'class="(?:messages|messagelist|error-summary|errorlist|errornote|errors|refusal|receipt|empty|panel preview|'
    r'notice[^"]*)"[^>]*>(.{0,400})',
    re.DOTALL,
)


def sayings(text: str) -> set[str]:
    """What the page says beside its contents: the first words of each message, error, notice and refusal."""
    return {" ".join(re.sub(r"<[^>]*>", " ", said).split())[:80] for said in SAYINGS.findall(text)}


def says_something(answer, page: str, before: str) -> bool:
    """After a form was sent, the same page says what it didn't say before; another page is an answer by itself."""
    landed = urlsplit(answer.redirect_chain[-1][0]).path if answer.redirect_chain else answer.request["PATH_INFO"]
    text = answer.content.decode()
    return landed != page or "<main" not in text or bool(sayings(text) - sayings(before))


@pytest.mark.parametrize("language", ["en", "es-mx"])
@pytest.mark.parametrize("role", ROLES)
def test_everything_that_a_role_can_reach_works(role, language, world):
    person = world.people[role]
    person.language = language
    person.save(update_fields=["language"])
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    reference = world.args["reference"]
    crawl = Crawl(client, ["/", "/inbox/", "/approvals/", f"/accounts/{reference}/"])

    crawl.run()

    assert crawl.faults == []
    assert crawl.pages > 10
