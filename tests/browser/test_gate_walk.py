"""The gate from a refused call to a changed rule, in both languages: an exception by a second person, a draft tried on
the past, published, and felt by the next call."""

import os
import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Portfolio, User
from communications.models import Contact, PolicyDecision
from tests import factories
from tests.browser.test_the_day import DAYS, approve_it, come_in, narrow_hours, press
from tests.communications.calls import conclude, ring
from tests.support.keyboard import Keyboard

PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture(scope="module")
def live_env():
    return {"FROZEN_NOW": factories.NOW.isoformat()}


def picture(page, day, name):
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"gate-{name}-{day.language}.png"), full_page=True)


def placed(day, agent, name):
    portfolio = Portfolio.objects.get(code=f"{day.jurisdiction.lower()}-loans")
    party = factories.make_party(name, language=day.language)
    return factories.place_account(portfolio=portfolio, party=party, owner=agent)


def open_page(page, account):
    page.goto(reverse("account", args=[account.reference]))
    return Keyboard(page)


def try_the_draft(page, day, address):
    """Ask for a simulation of the draft, and answer its sentence."""
    page.goto(address)
    press(page, "[name=days]")
    told = page.locator(".sentence")
    expect(told).to_contain_text(re.compile(r"\d"))
    picture(page, day, "5-simulated")
    return told.inner_text()


def submit_and_publish(page, day, address):
    page.goto(address)
    press(page, "[name=act][value=submit]")
    press(page, "[name=confirmed]")
    come_in(page, day, "compliance")
    page.goto(address)
    press(page, "[name=act][value=publish]")
    picture(page, day, "6-before-publishing")
    press(page, "[name=confirmed]")
    expect(page.locator("[name=act]")).to_have_count(0)
    picture(page, day, "7-published")


@pytest.mark.parametrize("day", DAYS, ids=lambda day: day.language)
def test_a_refused_call_is_made_by_a_second_persons_yes_and_a_tried_change_is_felt(browser_page, colleague, demo, day):
    agent = User.objects.get(username=day.user("agent"))
    held, other = placed(day, agent, "Ana Persona"), placed(day, agent, "Berta Persona")
    conclude(ring(held, agent), agent, "vulnerable")
    come_in(browser_page, day, "agent")

    keys = open_page(browser_page, held)
    keys.command("c")
    expect(browser_page.locator("#refused")).to_contain_text("vulnerability")
    picture(browser_page, day, "1-refused")
    browser_page.fill("form[action$='/exception/'] textarea", "Her sister asked for it.")
    browser_page.locator("form[action$='/exception/'] button").click()
    expect(browser_page.locator(".messages .success")).to_be_visible()
    approve_it(colleague, day, held)
    picture(colleague, day, "2-approved")

    keys = open_page(browser_page, held)
    keys.command("c")
    browser_page.locator("a[href^='tel:']").first.wait_for()
    call = Contact.objects.get(agent=agent, wrapped_up_at__isnull=True)
    assert (call.verdict, call.decision.override.checker.username) == ("override", day.user("manager"))
    keys.command("2")
    keys.command("Control+Enter")
    open_page(browser_page, held)
    exception = {"en": "approved exception", "es-mx": "excepción autorizada"}[day.language]
    expect(browser_page.locator(".timeline")).to_contain_text(exception)
    picture(browser_page, day, "3-in-the-timeline")

    address = narrow_hours(colleague, day, submit=False)
    picture(colleague, day, "4-drafted")
    assert re.search(r"\d", try_the_draft(colleague, day, address))
    submit_and_publish(colleague, day, address)

    keys = open_page(browser_page, other)
    keys.command("c")
    expect(browser_page.locator("#refused")).to_contain_text(day.refusal)
    picture(browser_page, day, "8-felt")
    assert [r["rule"] for r in PolicyDecision.objects.filter(actor=agent).latest("pk").reasons] == [day.rule]
