"""An agent escalates by keyboard, a manager decides by keyboard; every page of it sound in both languages."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Account, User
from accounts.services.approvals import approve
from arrangements.models import Escalation
from tests import factories
from tests.support.axe import overflows, violations
from tests.support.browser import sign_in, switch_to
from tests.support.cases import account_for, make_limits, raise_case

PASSWORD = "a long enough secret"


@pytest.fixture(scope="module")
def live_env():
    return {"FROZEN_NOW": factories.NOW.isoformat()}


@pytest.fixture(scope="module")
def house(real_db, django_db_blocker):
    """An agent and a manager of one team, and an account to write off."""
    with django_db_blocker.unblock():
        team = factories.make_team(factories.make_portfolio("UK"), factories.make_portfolio("US", "mca"))
        for role, name in (("agent", "ana"), ("manager", "maria")):
            person = factories.make_user(role, team, username=name)
            person.set_password(PASSWORD)
            person.save(update_fields=["password"])
        make_limits()
        yield team


@pytest.fixture
def account(house, django_db_blocker):
    with django_db_blocker.unblock():
        yield account_for("write_off")


@pytest.mark.parametrize("language", ["en", "es-mx"])
def test_a_write_off_is_raised_and_approved_by_keyboard(browser_page, account, django_db_blocker, language):
    page = browser_page
    sign_in(page, "ana", PASSWORD)
    page.goto(reverse("escalate", args=[account.reference]) + "?kind=write_off")
    switch_to(page, language)
    page.select_option("[name=reason]", "small")
    page.fill("[name=note]", "12 pounds of fees, nobody will pay them.")
    page.press("[name=note]", "Control+Enter")
    page.wait_for_url("**/escalations/*/")
    page.context.clear_cookies()

    sign_in(page, "maria", PASSWORD)
    switch_to(page, language)
    page.goto(reverse("approvals"))
    page.click(f"tr:has-text('{account.reference}') a.row-link")
    page.wait_for_url(re.compile(r"/approvals/\d+/$"))
    page.keyboard.press("a")
    page.wait_for_url("**/approve/")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/approvals/*/")

    expect(page.locator(".messages .success")).to_be_visible()
    with django_db_blocker.unblock():
        assert Account.objects.get(pk=account.pk).state == "written_off"


def pages_of(django_db_blocker):
    """One of each page, with a case that waits and one that is in enforcement."""
    with django_db_blocker.unblock():
        agent, manager = User.objects.get(username="ana"), User.objects.get(username="maria")
        waiting, filed = raise_case("legal", agent), raise_case("ucc", agent)
        settled = raise_case("settlement", agent, amount=Decimal("1100.00"))
        approve(approval_id=filed.approval_id, actor=manager, now=factories.NOW)
        case = Escalation.objects.get(pk=filed.pk).case
        fresh = account_for("settlement")
    return {
        "approvals": reverse("approvals"),
        "approval": reverse("approval", args=[waiting.approval_id]),
        "settlement": reverse("approval", args=[settled.approval_id]),
        "decline": reverse("approval-act", args=[waiting.approval_id, "decline"]),
        "approve": reverse("approval-act", args=[waiting.approval_id, "approve"]),
        "escalate": reverse("escalate", args=[fresh.reference]) + "?kind=settlement",
        "refused": reverse("escalate", args=[fresh.reference]) + "?kind=ucc",
        "escalation": reverse("escalation", args=[filed.pk]),
        "enforcement": reverse("enforcement-case", args=[case.pk]),
        "notices": reverse("notice-record", args=[fresh.reference]),
        "inbox": reverse("inbox"),
        "account": reverse("account", args=[waiting.account.reference]),
    }


def test_every_page_of_it_is_sound_in_both_languages_and_on_a_phone(browser_page, house, django_db_blocker):
    page = browser_page
    addresses = pages_of(django_db_blocker)
    sign_in(page, "maria", PASSWORD)

    for language, width, theme in [("en", 1440, "light"), ("es-mx", 1440, "dark"), ("es-mx", 320, "light")]:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        page.goto(addresses["inbox"])
        switch_to(page, language)
        for name, address in addresses.items():
            page.goto(address)
            assert violations(page) == [], (name, language, width)
            assert not overflows(page), (name, language, width)
