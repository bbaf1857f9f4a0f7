"""A customer who can't pay at once: what they can do is worked out while they speak, and agreed; by keyboard."""

import os
import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from arrangements.models import Arrangement
from communications.models import Message
from communications.services.links import address_of
from communications.services.send import claim, confirm
from tests.communications.calls import caller, verify
from tests.factories import NOW, make_limit, make_party, make_portfolio, make_team, make_user, place_account
from tests.support.axe import overflows, violations
from tests.support.browser import sign_in, switch_to
from tests.support.offers import offer

PASSWORD = "three quiet herons"
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture(scope="module")
def live_env():
    return {"FROZEN_NOW": NOW.isoformat()}


def picture(page, name):
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("language", ["en", "es-mx"])
def test_what_the_customer_can_do_is_worked_out_and_agreed_in_the_call(browser_page, language):
    make_limit("agent", plan_max_days=365)
    agent = make_user("agent", make_team(make_portfolio("UK")))
    agent.set_password(PASSWORD)
    agent.save()
    juana = make_party("Juana Ortega", language="es-mx")
    account = place_account(owed="12000.00", due="4000.00", party=juana)
    verify(caller(account, agent), agent)
    sign_in(browser_page, agent.username, PASSWORD)
    browser_page.goto(reverse("account", args=[account.reference]))
    if language != "en":
        switch_to(browser_page, language)

    browser_page.keyboard.press("l")
    browser_page.wait_for_url("**/negotiate/")
    browser_page.fill("#id_each", "1000")
    browser_page.fill("#id_affordable", "800")
    expect(browser_page.locator("#columns article")).to_have_count(3)
    expect(browser_page.locator("#columns .read-aloud").first).to_contain_text("Usted paga")
    expect(browser_page.locator("#columns .warn").first).to_contain_text("800.00 GBP")
    browser_page.fill("#id_affordable", "1500")
    expect(browser_page.locator("#columns .warn")).to_have_count(0)
    assert violations(browser_page) == []
    for width in (1440, 390, 320):
        browser_page.set_viewport_size({"width": width, "height": 900})
        assert not overflows(browser_page)
        picture(browser_page, f"workbench-{language}-{width}")
    browser_page.set_viewport_size({"width": 1280, "height": 900})
    browser_page.get_by_role("button", name=re.compile("Accept now|Acepta ahora")).first.click()

    browser_page.wait_for_url("**/offers/*/")
    agreed = Arrangement.objects.get(account=account)
    assert (agreed.state, agreed.instalments.count()) == ("active", 4)
    assert violations(browser_page) == []
    for width in (1440, 320):
        browser_page.set_viewport_size({"width": width, "height": 900})
        assert not overflows(browser_page)
        picture(browser_page, f"offer-{language}-{width}")


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("language", ["en", "es-mx"])
def test_an_offer_is_sent_and_the_customer_accepts_it_on_their_own_page(browser_page, language):
    make_limit("agent")
    agent = make_user("agent", make_team(make_portfolio("UK")), language=language)
    agent.set_password(PASSWORD)
    agent.save()
    party = make_party("Juana Ortega", language=language)
    quoted = offer(place_account(owed="400.00", due="200.00", party=party, email="juana@example.com"), agent)
    sign_in(browser_page, agent.username, PASSWORD)
    browser_page.goto(reverse("offer-send", args=[quoted.pk]))
    browser_page.select_option("#id_way", index=1)
    browser_page.keyboard.press("Control+Enter")
    expect(browser_page.locator(".preview")).to_contain_text("100.00 GBP")
    look(browser_page, f"offer-send-{language}", (1440, 390))
    browser_page.locator("button[name=send]").click()
    browser_page.wait_for_url(f"**/offers/{quoted.pk}/")
    message = Message.objects.get(account=quoted.account)
    claim(message_id=message.pk, now=NOW)
    confirm(message_id=message.pk, reference="taken", now=NOW)

    browser_page.context.clear_cookies()
    browser_page.goto(address_of(message))
    look(browser_page, f"customer-questions-{language}", (390, 1440))
    browser_page.fill("input[name=birth_date]", "1985-04-12")
    browser_page.fill("input[name=postcode]", "N1 9GU")
    browser_page.locator("main button").click()
    expect(browser_page.locator("main table")).to_contain_text("100.00 GBP")
    look(browser_page, f"customer-terms-{language}", (390, 1440))
    browser_page.locator("button[value=yes]").click()
    expect(browser_page.locator(".notice.ok")).to_be_visible()
    look(browser_page, f"customer-agreed-{language}", (390, 1440))

    assert Arrangement.objects.get(pk=quoted.pk).accepted_how == "link"


def look(page, name, widths):
    assert violations(page) == []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        assert not overflows(page)
        picture(page, f"{name}-{width}")
