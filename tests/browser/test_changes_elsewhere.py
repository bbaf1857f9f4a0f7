"""What happens elsewhere while a page is open: a call concluded in another window, a search that ends."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.services.skip_traces import request_trace, run_trace
from tests import factories
from tests.support.browser import sign_in

PASSWORD = "three quiet herons"


@pytest.fixture(scope="module")
def live_env():
    return {"FROZEN_NOW": factories.NOW.isoformat()}


@pytest.fixture
def agent(real_db):
    agent = factories.make_user("agent", factories.make_team(factories.make_portfolio("MX")))
    agent.set_password(PASSWORD)
    agent.save()
    return agent


def test_a_call_concluded_in_another_window_takes_its_refusal_away(browser_page, agent, complaints):
    first, second = (factories.place_account(jurisdiction="MX", owner=agent) for _time in range(2))
    sign_in(browser_page, agent.username, PASSWORD)
    browser_page.goto(reverse("account", args=[second.reference]))
    other = browser_page.context.new_page()
    other.goto(reverse("account", args=[first.reference]))
    with other.expect_event("load"):
        other.locator("[data-key=C]").click()
    with browser_page.expect_event("load"):
        browser_page.locator("[data-key=C]").click()
    refused = browser_page.locator("main [data-refused=contact_still_open]")
    expect(refused).to_be_visible()
    other.keyboard.press("2")
    with other.expect_event("load"):
        other.keyboard.press("Control+Enter")

    browser_page.keyboard.press("2")
    browser_page.keyboard.press("Control+Enter")

    expect(browser_page.locator("#call-bar [data-over] button")).to_contain_text("Next account")
    expect(refused).to_have_count(0)
    # htmx writes down the refused sending.
    complaints.clear()


RUNNING = "document.addEventListener('readystatechange', () => { document.body.dataset.clock = 'running' })"


def test_the_customers_clock_goes_on_while_the_page_is_open(browser_page, agent):
    """In the head of the account, and in the bar of an open call."""
    account = factories.place_account(jurisdiction="MX", owner=agent)
    sign_in(browser_page, agent.username, PASSWORD)
    browser_page.goto(reverse("account", args=[account.reference]))
    with browser_page.expect_event("load"):
        browser_page.locator("[data-key=C]").click()
    page = browser_page.context.new_page()
    # The server's clock stands still here; the page is told that it runs.
    page.add_init_script(RUNNING)
    page.clock.install()
    page.goto(reverse("account", args=[account.reference]))
    clocks = [page.locator(f"{where} [data-clocks]").first for where in ("main", "#call-bar")]
    before = [clock.inner_text() for clock in clocks]
    page.clock.fast_forward("02:00")

    for clock, was in zip(clocks, before, strict=True):
        expect(clock).not_to_have_text(was)
        assert clock.inner_text().split(" ", 1)[1] == was.split(" ", 1)[1]


def test_a_search_shows_its_end_by_itself_but_not_under_somebodys_hands(browser_page, agent):
    account = factories.place_account(jurisdiction="MX", owner=agent, phone=None, address=False)
    trace = request_trace(account_id=account.pk, party_id=account.parties.get().pk, actor=None, now=factories.NOW)
    sign_in(browser_page, agent.username, PASSWORD)
    browser_page.goto(reverse("trace", args=[account.reference]))
    again = browser_page.get_by_text("Look again", exact=True)
    again.focus()
    run_trace(skip_trace_id=trace.pk, now=factories.NOW)

    # It asks a second time only if the first answer was let go.
    for _time in range(2):
        with browser_page.expect_response(lambda answer: answer.request.headers.get("x-poll") == "1"):
            pass
    expect(again).to_be_focused()
    browser_page.locator("h1").click()

    expect(again).to_have_count(0)
    expect(browser_page.locator("#trace-found[hx-trigger]")).to_have_count(0)
