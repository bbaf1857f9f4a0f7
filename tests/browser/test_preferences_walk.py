"""What a customer asks for, noted by keyboard alone and seen beside the ways to reach them, in both languages."""

import os
import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import ContactPreference
from accounts.services.contact_preferences import note_workplace
from tests.factories import NOW, make_party, make_portfolio, make_team, make_user, pay, place_account
from tests.support.axe import overflows, violations
from tests.support.browser import sign_in, switch_to

PASSWORD = "three quiet herons"
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture(scope="module")
def live_env():
    return {"FROZEN_NOW": NOW.isoformat()}


@pytest.fixture(scope="module")
def house(real_db):
    return make_team(make_portfolio("UK"), make_portfolio("MX"))


def picture(page, name):
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("language", ["en", "es-mx"])
def test_a_wish_is_noted_by_keyboard_and_stands_beside_the_ways(browser_page, house, language):
    agent = make_user("agent", house)
    agent.set_password(PASSWORD)
    agent.save()
    account = place_account(owed="1200.00", due="400.00", party=make_party("Ana Pérez"), email="ana@example.com")
    party = account.parties.get()
    note_workplace(party_id=party.pk, employer="forbids", hours=[], told_by="call", actor=agent, now=NOW)
    pay(account, "50.00")
    sign_in(browser_page, agent.username, PASSWORD)
    browser_page.goto(reverse("account", args=[account.reference]))
    if language != "en":
        switch_to(browser_page, language)

    browser_page.get_by_role("link", name=re.compile("What they ask for|Lo que pide")).click()
    browser_page.wait_for_url("**/do/preference/")
    browser_page.fill("#id_weekdays", "17-")
    assert violations(browser_page) == []
    picture(browser_page, f"preference-form-{language}")
    browser_page.keyboard.press("Control+Enter")

    expect(browser_page.locator("#preferences b")).to_contain_text("17:00 - 24:00")
    assert ContactPreference.objects.get(party=party).hours[0] == "17:00-24:00"
    assert violations(browser_page) == []
    for width in (1440, 390):
        browser_page.set_viewport_size({"width": width, "height": 900})
        assert not overflows(browser_page)
        picture(browser_page, f"account-{language}-{width}")
