"""The session ends while somebody types: after logging in again over the page, everything that met its end is done."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from collections_crm.models import Draft
from communications.models import Contact
from tests.factories import NOW, make_limit, make_portfolio, make_team, make_user, place_account
from tests.support.browser import sign_in

PASSWORD = "three quiet herons"


@pytest.fixture(scope="module")
def live_env():
    return {"FROZEN_NOW": NOW.isoformat()}


@pytest.fixture(scope="module")
def house(real_db):
    make_limit("agent", promise_max_days=30)
    return make_team(make_portfolio("UK"), make_portfolio("MX"))


def agent_of(house):
    agent = make_user("agent", house)
    agent.set_password(PASSWORD)
    agent.save()
    return agent


@pytest.fixture
def on_a_call(browser_page, house, complaints):
    agent = agent_of(house)
    account = place_account(jurisdiction="MX", owner=agent)
    sign_in(browser_page, agent.username, PASSWORD)
    browser_page.goto(reverse("account", args=[account.reference]))
    browser_page.keyboard.press("c")
    browser_page.locator("#call-bar").wait_for()
    yield browser_page, agent
    # A refused request is what these tests are about; htmx writes each down.
    complaints.clear()


def log_in_again(page):
    page.locator("#login-again[open]").wait_for()
    page.fill("#again-password", PASSWORD)
    page.press("#again-password", "Enter")


def test_a_call_saved_after_the_session_ended_is_saved_once_the_agent_is_back(on_a_call):
    page, agent = on_a_call
    with page.expect_response("**/drafts/**"):
        page.keyboard.press("2")
    page.context.clear_cookies(name="sessionid")

    page.fill("#call-bar textarea", "rang twice")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#login-again")).to_be_visible()
    assert page.locator("#call-bar [data-saved]").inner_text() == ""
    log_in_again(page)
    page.get_by_text("Saved: No answer.").wait_for()

    contact = Contact.objects.get(agent=agent)
    assert contact.outcome.code == "no_answer"
    assert contact.wrapped_up_at is not None
    assert not Draft.objects.filter(user=agent).exists()


def test_a_draft_that_meets_the_end_of_the_session_does_not_displace_the_call(on_a_call):
    page, agent = on_a_call
    note = page.locator("#call-bar textarea")
    page.keyboard.press("2")
    page.context.clear_cookies(name="sessionid")
    page.fill("#call-bar textarea", "rang twice")
    page.locator("#login-again[open]").wait_for()
    with page.expect_response("**/wrap-up/"):
        page.evaluate("document.querySelector('#call-bar [data-stay]').click()")
    with page.expect_response("**/drafts/**"):
        note.dispatch_event("input", {"bubbles": True})
    log_in_again(page)
    page.get_by_text("Saved: No answer.").wait_for()

    assert Contact.objects.get(agent=agent).wrapped_up_at is not None
    assert "/accounts/" in page.url


def test_leaving_the_log_in_says_that_nothing_was_saved(on_a_call):
    page, agent = on_a_call
    page.keyboard.press("2")
    page.context.clear_cookies(name="sessionid")

    page.keyboard.press("Control+Enter")
    page.locator("#login-again[open]").wait_for()
    page.keyboard.press("Escape")

    expect(page.locator("#alert")).to_have_text("Not saved. Your text is kept. Try again.")
    assert Contact.objects.get(agent=agent).wrapped_up_at is None


def test_the_forms_key_saves_the_call_wherever_its_bar_is_open(on_a_call):
    page, agent = on_a_call
    page.goto(reverse("queue"))
    page.locator("#call-bar").wait_for()

    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("2")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Saved: No answer.").wait_for()

    assert Contact.objects.get(agent=agent).wrapped_up_at is not None


def test_a_plain_form_sent_after_the_session_ended_waits_for_the_log_in_with_all_that_was_typed(
    browser_page, house, complaints
):
    page, account = browser_page, place_account(owner=agent_of(house))
    sign_in(page, account.owner.username, PASSWORD)
    page.clock.install()
    page.goto(reverse("negotiate", args=[account.reference]))
    page.fill("[name=each]", "25")
    page.clock.fast_forward("00:01")
    page.get_by_role("heading", name="Token payments").wait_for()
    page.context.clear_cookies(name="sessionid")
    page.clock.fast_forward("02:00")

    page.get_by_role("button", name="Work it out").dblclick()
    with page.expect_navigation():
        log_in_again(page)

    page.get_by_role("heading", name="Token payments").wait_for()
    assert page.locator("[name=each]").input_value() == "25"
    complaints.clear()
