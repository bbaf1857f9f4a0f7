"""Finance posts a payment and takes it back; a manager takes a promise by keyboard; sound in both languages."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Payment
from arrangements.models import Arrangement
from tests import factories
from tests.support.axe import overflows, violations
from tests.support.browser import sign_in
from tests.support.promises import state_of

PASSWORD = "a long enough secret"
# Where to leave pictures of the pages to be looked at; nowhere unless asked.
PICTURES = os.environ.get("TEST_PICTURES", "")


@pytest.fixture(scope="module")
def live_env():
    return {"FROZEN_NOW": factories.NOW.isoformat()}


@pytest.fixture(scope="module")
def team(real_db, django_db_blocker):
    with django_db_blocker.unblock():
        team = factories.make_team(factories.make_portfolio("MX"))
        for role, name in (("finance", "fina"), ("manager", "maria")):
            person = factories.make_user(role, team, username=name)
            person.set_password(PASSWORD)
            person.save(update_fields=["password"])
        yield team


@pytest.fixture
def account(team, django_db_blocker):
    with django_db_blocker.unblock():
        yield factories.place_account(owed="1200.00", due="400.00", jurisdiction="MX")


def switch_to(page, language):
    page.click(f"button[name=language][value={language}]")
    expect(page.locator("html")).to_have_attribute("lang", language)


def is_sound(page, name):
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)
    assert violations(page) == []
    assert not overflows(page)


@pytest.mark.parametrize("language", ["en", "es-mx"])
def test_a_promise_is_taken_by_keyboard_and_the_money_comes_and_goes(
    browser_page, account, django_db_blocker, language
):
    page = browser_page
    sign_in(page, "maria", PASSWORD)
    page.goto(reverse("account", args=[account.reference]))
    switch_to(page, language)
    page.keyboard.press("p")
    page.fill("#promise-panel [name=amount]", "200.00")
    page.fill("#promise-panel [name=due_on]", "+5")
    is_sound(page, f"promise-form-{language}")
    page.press("#promise-panel [name=due_on]", "Control+Enter")
    page.wait_for_url("**/promise/")
    expect(page.locator("#promise-panel")).to_contain_text("200.00")
    is_sound(page, f"promise-taken-{language}")

    page.context.clear_cookies()
    sign_in(page, "fina", PASSWORD)
    page.goto(reverse("payment-post"))
    switch_to(page, language)
    page.fill("[name=reference]", account.reference)
    page.fill("[name=amount]", "200.00")
    page.select_option("[name=method]", "cash")
    page.fill("[name=received_on]", "2026-11-18")
    is_sound(page, f"payment-form-{language}")
    page.press("[name=received_on]", "Control+Enter")
    expect(page.locator("main")).to_contain_text("1,000.00")
    is_sound(page, f"payment-confirm-{language}")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url.rstrip("/").rsplit("/", 1)[-1].isdigit())
    is_sound(page, f"payment-receipt-{language}")
    with django_db_blocker.unblock():
        payment = Payment.objects.get(account=account)
        made = Arrangement.objects.get(account=account)
        assert state_of(made) == ("completed", "kept")

    page.goto(reverse("payment-reverse", args=[payment.pk]))
    page.select_option("[name=reason]", "dishonour")
    is_sound(page, f"payment-reverse-{language}")
    page.press("[name=on]", "Control+Enter")
    page.wait_for_url(f"**{reverse('payment', args=[payment.pk])}")
    page.goto(reverse("payments"))
    is_sound(page, f"payments-{language}")
    with django_db_blocker.unblock():
        assert state_of(made) == ("active", "due")
