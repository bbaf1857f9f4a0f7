"""Who may do what where: each address of the product, each role, each method, in one table.

A cell says what an empty request is answered with, in this order of people: nobody logged in, agent, manager, finance,
compliance, admin.  `+` let in (a page, a redirect, or a form sent back with what is missing), `x` forbidden, `0` not
there for them, `-` no such method, `L` to the log-in. A new address must be entered here, or the first test fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from tests.support.world import ROLES, World, build_world

# address: (GET, POST)
TABLE: dict[str, tuple[str, str]] = {
    "account": ("L+++++", "L-----"),
    "account-act": ("L+++++", "L+++++"),
    "account-changes": ("L+++++", "L-----"),
    "account-erase": ("Lxxx-x", "Lxxx+x"),
    "account-export": ("Lxxx-x", "Lxxx+x"),
    "account-file": ("L+++++", "L-----"),
    "account-older": ("L+++++", "L-----"),
    "account-readers": ("Lx+x++", "Lx-x--"),
    "account-privacy": ("Lxxx+x", "Lxxx-x"),
    "account-reveal": ("L+++++", "L+++++"),
    "account-signs": ("L++++x", "L----x"),
    "account-support": ("L++x+x", "L++x+x"),
    "account-support-text": ("L+xx+x", "L+xx+x"),
    "account-way": ("L+++++", "L-----"),
    "account-why": ("L+++++", "L-----"),
    "approval": ("L+++++", "L-----"),
    "approval-act": ("L+++++", "L+++++"),
    "approval-claim": ("L-----", "L+++++"),
    "approvals": ("L+++++", "L-----"),
    "budget": ("L++x+x", "L--x-x"),
    "budget-take": ("L++x+x", "L++x+x"),
    "complaint": ("L+++++", "L-----"),
    "complaint-act": ("L-----", "L++0+0"),
    "complaint-letter": ("L+++++", "L-----"),
    "complaints": ("Lx+x+x", "Lx-x-x"),
    "contact": ("L+0000", "L-----"),
    "contact-exception": ("L-----", "L+++++"),
    "contact-hang-up": ("L-----", "L+0000"),
    "contact-inbound": ("L-----", "L+++++"),
    "contact-start": ("L-----", "L+++++"),
    "contact-verify": ("L-----", "L+0000"),
    "contact-wrap-up": ("L-----", "L+0000"),
    "customer-agreement": ("+xxxxx", "------"),
    "customer-answer": ("------", "+xxxxx"),
    "customer-offer": ("+xxxxx", "+xxxxx"),
    "decision": ("L+++++", "L-----"),
    "dispute": ("L+++++", "L-----"),
    "dispute-act": ("L-----", "L++0+0"),
    "dispute-letter": ("L+++++", "L-----"),
    "draft": ("L-----", "L+++++"),
    "echo": ("L-----", "L+++++"),
    "enforcement-case": ("L+++++", "L-----"),
    "enforcement-close": ("L--xxx", "L++xxx"),
    "enforcement-file": ("L--xxx", "L++xxx"),
    "escalate": ("L++xxx", "L++xxx"),
    "escalation": ("L+++++", "L-----"),
    "escalation-correct": ("L++xxx", "L++xxx"),
    "evidence": ("L+++++", "L-----"),
    "export-file": ("Lxxx+x", "Lxxx-x"),
    "hardship": ("L++x+x", "L--x-x"),
    "hardship-act": ("L--x-x", "L++x+x"),
    "hardship-letter": ("L++x+x", "L--x-x"),
    "health": ("++++++", "------"),
    "home": ("L+++++", "L+++++"),
    "inbox": ("L+++++", "L-----"),
    "language": ("------", "++++++"),
    "login": ("++++++", "++++++"),
    "login-again": ("------", "++++++"),
    "login-code": ("LLLLLL", "LLLLLL"),
    "logout": ("------", "LLLLLL"),
    "mailbox": ("Lx+x++", "Lx-x--"),
    "message": ("L+++++", "L+++++"),
    "message-cancel": ("L-----", "L+++++"),
    "message-write": ("L++xxx", "L++xxx"),
    "messages": ("L+++++", "L-----"),
    "next": ("L-----", "L+++++"),
    "negotiate": ("L++xxx", "L++xxx"),
    "notice-record": ("L++xxx", "L++xxx"),
    "offer": ("L+++++", "L-----"),
    "offer-agreement": ("L++xxx", "L--xxx"),
    "offer-accept": ("L--xxx", "L++xxx"),
    "offer-send": ("L++xxx", "L++xxx"),
    "offer-turn-down": ("L--xxx", "L++xxx"),
    "paid-claim": ("L++xxx", "L++xxx"),
    "password_change": ("L+++++", "L+++++"),
    "password_change_done": ("L+++++", "L-----"),
    "payment-identify": ("Lxx+xx", "Lxx+xx"),
    "suspense": ("Lxx+xx", "Lxx-xx"),
    "suspense-take": ("Lxx+xx", "Lxx+xx"),
    "payment": ("Lxx+xx", "Lxx-xx"),
    "payment-post": ("Lxx+xx", "Lxx+xx"),
    "payment-reverse": ("Lxx+xx", "Lxx+xx"),
    "payments": ("Lxx+xx", "Lxx+xx"),
    "placement-cancel": ("Lx-xx-", "Lx+xx+"),
    "placement-confirm": ("Lx-xx-", "Lx+xx+"),
    "placement-detail": ("Lx+xx+", "Lx-xx-"),
    "placement-list": ("Lx+xx+", "Lx-xx-"),
    "placement-mapping": ("Lx+xx+", "Lx+xx+"),
    "placement-rejects": ("Lx+xx+", "Lx-xx-"),
    "placement-rows": ("Lx+xx+", "Lx-xx-"),
    "placement-upload": ("Lx+xx+", "Lx+xx+"),
    "privacy": ("Lxxx+x", "Lxxx-x"),
    "promise": ("L+++++", "L+++++"),
    "promise-ask": ("L--xxx", "L++xxx"),
    "promise-cancel": ("L-----", "L00000"),
    "queue": ("L+++++", "L-----"),
    "queue-day": ("L+++++", "L-----"),
    "queue-assign": ("L-----", "Lx+xxx"),
    "queue-export": ("Lx++++", "L-----"),
    "queue-filters": ("L+++++", "L-----"),
    "queue-news": ("L+++++", "L-----"),
    "queue-view": ("L+0000", "L-----"),
    "queue-view-drop": ("L-----", "L+0000"),
    "queue-view-save": ("L-----", "L+++++"),
    "reconciliation": ("L+++++", "L-----"),
    "reconciliation-act": ("L-----", "L++0+0"),
    "reconciliation-letter": ("L+++++", "L-----"),
    "reconciliation-statement": ("L++0+0", "L++0+0"),
    "referral-answer": ("Lxxx-x", "Lxxx+x"),
    "reveals": ("Lx+x+x", "Lx-x-x"),
    "retention-release": ("Lxxx-x", "Lxxx+x"),
    "retention-report": ("Lxxx+x", "Lxxx-x"),
    "search": ("L+++++", "L+++++"),
    "session-stay": ("L-----", "L+++++"),
    "single-keys": ("L-----", "L+++++"),
    "stop-release": ("Lx-x--", "Lx+x++"),
    "stops": ("Lx+x++", "Lx+x++"),
    "text-inbound": ("------", "xxxxxx"),
    "text-status": ("------", "xxxxxx"),
    "trace": ("L+++++", "L++xxx"),
    "trace-accept": ("L--xxx", "L++xxx"),
    "trace-reject": ("L--xxx", "L++xxx"),
    "two-step": ("L+++++", "L+++++"),
    "two-step-off": ("L-----", "L+++++"),
    "two-step-picture": ("L+++++", "L-----"),
    "verification-locks": ("Lx+xxx", "Lx-xxx"),
    "verification-unlock": ("Lx-xxx", "Lx+xxx"),
}

ADMIN_PAGES = ("changelist", "add", "history", "delete", "change", "password_change")
ADMIN_OWN = {
    "admin:index", "admin:login", "admin:logout", "admin:password_change", "admin:password_change_done",
    "admin:autocomplete", "admin:jsi18n", "admin:view_on_site", "admin:app_list", "admin:",
    "admin:policy_inquiry", "admin:policy_inquiry_case",
}  # fmt: skip


def addresses() -> dict[str, list[str]]:
    """Every named address of the resolver with the names of its parameters."""
    return dict(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[URLPattern | URLResolver], space: str, before: str) -> Iterator[tuple[str, list[str]]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, inner, route)
        else:
            yield f"{space}{pattern.name or ''}", re.findall(r"<(?:\w+:)?(\w+)>", route)


ADDRESSES = addresses()
OURS = sorted(name for name in ADDRESSES if not name.startswith("admin:"))


@pytest.fixture(scope="module")
def world(real_db, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock():
        yield build_world()


@pytest.fixture(autouse=True)
def _frozen(frozen):
    """At the moment in which the made-up people live."""


def answered(client: Client, method: str, url: str) -> str:
    """One request without any content, its effects rolled back: the letter of its answer."""
    with transaction.atomic():
        answer = client.generic(method, url, content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    if answer.status_code == 302 and answer.headers["Location"].split("?")[0] == reverse("login"):
        return "L"
    letters = {403: "x", 404: "0", 405: "-", 401: "L"}
    assert answer.status_code < 500
    return letters.get(answer.status_code, "+")


def clients(world: World) -> list[Client]:
    """Nobody, then each role, each with the session of its log-in: some addresses take it from the client."""
    if not world.sessions:
        world.sessions = [_session_of(world.people[role]) for role in ROLES]
    found = [Client() for _session in ("", *world.sessions)]
    for client, session in zip(found[1:], world.sessions, strict=True):
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    return found


def _session_of(person: User) -> str:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_every_address_is_in_the_table():
    assert sorted(TABLE) == OURS


@pytest.mark.parametrize("name", OURS)
def test_each_role_is_answered_as_the_table_says(name, world):
    url = reverse(name, kwargs=world.args_for(name, ADDRESSES[name]))

    cells = tuple("".join(answered(client, method, url) for client in clients(world)) for method in ("GET", "POST"))

    assert cells == TABLE[name]


def test_every_address_of_the_administration_is_one_that_roles_open():
    models = re.compile(rf"admin:[a-z_]+_[a-z]+_(?:{'|'.join(ADMIN_PAGES)})")

    unknown = [name for name in ADDRESSES if name.startswith("admin:") and not models.fullmatch(name)]

    assert set(unknown) <= ADMIN_OWN


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_administration_is_closed_to_whoever_works_accounts(method, world):
    names = [name for name in ADDRESSES if name.startswith("admin:") and name not in ("admin:logout", "admin:")]
    given = {"object_id": 1, "id": 1, "app_label": "accounts", "content_type_id": 1}
    urls = [reverse(name, kwargs={param: given[param] for param in ADDRESSES[name]}) for name in names]
    agent = clients(world)[1]

    assert {url for url in urls if answered(agent, method, url) != "x"} == set()
