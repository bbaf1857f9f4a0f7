"""Where the focus is after a key: in the field that is to be filled, so that typing is never taken for commands."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Note
from tests import factories
from tests.support.browser import sign_in
from tests.support.keyboard import Keyboard

PASSWORD = "three quiet herons"


@pytest.fixture(scope="module")
def live_env():
    return {"FROZEN_NOW": factories.NOW.isoformat()}


@pytest.fixture
def agent(real_db):
    factories.make_limit("agent", promise_max_days=30)
    agent = factories.make_user("agent", factories.make_team(factories.make_portfolio("MX")))
    agent.set_password(PASSWORD)
    agent.save()
    return agent


@pytest.fixture
def account(browser_page, agent):
    """The page of an account of the agent's own, open before them."""
    account = factories.place_account(jurisdiction="MX", owner=agent)
    sign_in(browser_page, agent.username, PASSWORD)
    browser_page.goto(reverse("account", args=[account.reference]))
    return account


def test_a_note_is_begun_typed_and_saved_by_keys(browser_page, account):
    browser_page.keyboard.press("i")
    expect(browser_page.locator("[name=text]")).to_be_focused()

    browser_page.keyboard.type("2 jobs now, next pay day on the 1st")
    browser_page.keyboard.press("Control+Enter")
    browser_page.wait_for_url(f"**{reverse('account', args=[account.reference])}")

    assert Note.objects.get(account=account).text == "2 jobs now, next pay day on the 1st"


@pytest.mark.parametrize(("key", "field"), [("d", "kind"), ("h", "note"), ("b", "paid_on"), ("t", "way")])
def test_each_form_that_a_key_opens_begins_in_its_first_empty_field(browser_page, account, key, field):
    browser_page.keyboard.press(key)

    expect(browser_page.locator(f"main form[data-main-form] [name={field}]")).to_be_focused()


def test_a_refused_form_keeps_the_focus_at_what_is_wrong(browser_page, account, complaints):
    browser_page.goto(reverse("account-act", args=[account.reference, "note"]))
    browser_page.keyboard.press("Control+Enter")

    expect(browser_page.locator(".error-summary")).to_be_focused()
    # htmx writes down the refused sending.
    complaints.clear()


def test_the_account_page_itself_takes_no_focus_into_a_field(browser_page, account):
    expect(browser_page.locator("h1")).to_be_focused()


def test_an_outcome_that_a_draft_has_chosen_already_leads_on_by_its_key(browser_page, account):
    keys = Keyboard(browser_page)
    keys.command("c")
    keys.command("v")
    keys.said("12 abr 1985", "64000")
    keys.command("Enter")
    with browser_page.expect_response(lambda answer: "drafts" in answer.url and "promise" in answer.request.post_data):
        keys.command("1")
        keys.command("1")
    browser_page.reload()
    promised = browser_page.locator("input[name=said][value=promise]")
    expect(promised).to_be_checked()

    keys.command("1")

    expect(browser_page.locator("#id_promise_on")).to_be_focused()
    browser_page.keyboard.type("2027")
    expect(promised).to_be_checked()
