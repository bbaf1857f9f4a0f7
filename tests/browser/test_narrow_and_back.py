"""A refused form leaves a way back that sends nothing again; and on a phone the account's parts are one press away."""

import os
import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Note, Payment
from tests.factories import NOW, make_limit, make_party, make_portfolio, make_team, make_user, place_account
from tests.support.axe import overflows, violations
from tests.support.browser import sign_in, switch_to
from tests.support.cases import make_limits

PASSWORD = "three quiet herons"
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture(scope="module")
def live_env():
    return {"FROZEN_NOW": NOW.isoformat()}


@pytest.fixture(scope="module")
def house(real_db):
    make_limit("agent", promise_max_days=30)
    make_limits()
    return make_team(make_portfolio("UK"), make_portfolio("MX"))


def come_in(page, role, house):
    person = make_user(role, house)
    person.set_password(PASSWORD)
    person.save()
    sign_in(page, person.username, PASSWORD)
    return person


@pytest.fixture
def account(house):
    name = "María de los Ángeles Hernández-Castañeda Villarreal"
    return place_account(jurisdiction="MX", owed="1200.00", due="400.00", party=make_party(name))


def picture(page, name):
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def test_back_to_a_refused_escalation_draws_its_form_and_sends_nothing(browser_page, house, account):
    come_in(browser_page, "agent", house)
    address = reverse("escalate", args=[account.reference]) + "?kind=settlement"
    browser_page.goto(address)

    browser_page.locator("form[data-main-form] [data-main]").first.click()
    expect(browser_page.locator(".error-summary")).to_be_focused()
    picture(browser_page, "escalate-refused")
    browser_page.click(".crumbs a")
    browser_page.wait_for_url("**/accounts/*/")
    answer = browser_page.go_back()

    assert answer.request.method == "GET"
    expect(browser_page.locator("h1")).to_contain_text("Escalate")


def test_a_note_kept_by_a_form_that_stays_in_place_leads_to_its_account(browser_page, house, account, complaints):
    come_in(browser_page, "agent", house)
    browser_page.goto(reverse("account-act", args=[account.reference, "note"]))

    browser_page.locator("form[data-main-form] [data-main]").click()
    expect(browser_page.locator(".error-summary")).to_be_focused()
    browser_page.fill("#id_text", "rang the shop")
    browser_page.locator("form[data-main-form] [data-main]").click()
    browser_page.get_by_text("Note kept.").wait_for()

    assert browser_page.url.endswith(reverse("account", args=[account.reference]))
    assert Note.objects.get().text == "rang the shop"
    # htmx writes down the refused sending.
    complaints.clear()


def test_back_from_a_posted_payment_does_not_offer_to_post_it_again(browser_page, house, account):
    come_in(browser_page, "finance", None)
    browser_page.goto(reverse("payment-post") + f"?account={account.reference}")
    browser_page.fill("#id_amount", "20.00")
    browser_page.fill("#id_received_on", "2026-11-18")
    browser_page.fill("#id_bank_reference", "SPEI 77")
    browser_page.locator("form[data-main-form] [data-main]").click()
    expect(browser_page.locator("h1")).to_have_text("Post this payment?")

    browser_page.locator("form[data-main-form] [data-main]").click()
    browser_page.wait_for_url(re.compile(r"/payments/\d+/$"))
    answer = browser_page.go_back()

    assert answer.request.method == "GET"
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("language", ["en", "es-mx"])
def test_on_a_phone_the_parts_of_an_account_are_one_press_away(browser_page, house, account, language):
    browser_page.set_viewport_size({"width": 390, "height": 844})
    come_in(browser_page, "agent", house)
    browser_page.goto(reverse("account", args=[account.reference]))
    switch_to(browser_page, language)
    picture(browser_page, f"account-390-{language}")

    browser_page.click(".jumps a[href='#money']")

    expect(browser_page.locator("#money h2")).to_be_in_viewport()
    expect(browser_page.locator(".jumps")).to_be_in_viewport()
    assert browser_page.locator(".top").bounding_box()["height"] < 120
    assert browser_page.locator(".top nav a").first.bounding_box()["x"] < 100
    assert violations(browser_page) == []
    assert not overflows(browser_page)
    picture(browser_page, f"account-390-money-{language}")
    browser_page.goto(reverse("escalate", args=[account.reference]))
    picture(browser_page, f"escalate-390-{language}")


def test_the_folded_call_sheet_shows_the_whole_name(browser_page, house, account):
    browser_page.set_viewport_size({"width": 390, "height": 844})
    come_in(browser_page, "agent", house)
    browser_page.goto(reverse("account", args=[account.reference]))

    browser_page.locator("form[action$='/call/'] button").first.click()
    who = browser_page.locator("#call-bar[data-sheet=shut] .who")
    who.wait_for()

    picture(browser_page, "sheet-390")
    bar, name = browser_page.locator("#call-bar").bounding_box(), who.bounding_box()
    assert name["x"] + name["width"] <= 390
    assert name["y"] + name["height"] <= bar["y"] + bar["height"]
    assert who.evaluate("name => name.scrollWidth <= name.clientWidth")


def test_a_key_of_the_folded_call_sheet_opens_it_and_it_stays_open(browser_page, house, complaints):
    browser_page.set_viewport_size({"width": 390, "height": 844})
    come_in(browser_page, "agent", house)
    browser_page.goto(reverse("account", args=[place_account().reference]))
    browser_page.keyboard.press("c")
    browser_page.locator("#call-bar[data-sheet=shut]").wait_for()

    browser_page.keyboard.press("v")
    expect(browser_page.locator("#call-bar[data-sheet=open] [data-first-question] input").first).to_be_focused()
    browser_page.keyboard.type("2 jan 1980")
    browser_page.keyboard.press("Enter")

    expect(browser_page.locator("#call-bar[data-sheet=open] [data-first-question]").first).to_be_visible()
    expect(browser_page.locator("#call-bar").get_by_text("This field is required.")).to_be_visible()
    complaints.clear()  # the form that came back is logged as an error of its own


def test_on_a_wide_screen_the_call_leaves_the_account_in_sight(browser_page, house):
    browser_page.set_viewport_size({"width": 1440, "height": 900})
    come_in(browser_page, "agent", house)
    account = place_account(owed="1200.00", due="400.00")
    browser_page.goto(reverse("account", args=[account.reference]))

    browser_page.keyboard.press("c")
    bar = browser_page.locator(".callbar")
    expect(bar.locator("[name=outcome]").first).to_be_visible()
    picture(browser_page, "call-bar-wide")

    assert bar.bounding_box()["height"] <= 400


def test_on_a_phone_one_sees_where_one_is_and_what_the_field_is_for(browser_page, house):
    browser_page.set_viewport_size({"width": 390, "height": 844})
    come_in(browser_page, "agent", house)
    browser_page.goto(reverse("messages"))
    switch_to(browser_page, "es-mx")

    here = browser_page.locator(".top nav [aria-current]")
    row, item = browser_page.locator(".top nav").bounding_box(), here.bounding_box()
    assert row["x"] <= item["x"]
    # The row scrolls by whole pixels.
    assert item["x"] + item["width"] <= row["x"] + row["width"] + 1
    expect(browser_page.locator("#find")).to_have_attribute("placeholder", "Buscar")
    picture(browser_page, "messages-390-es-mx")
