"""An agent's day by keyboard: from log-in to the next account, with the commands counted."""

import pytest
from django.urls import reverse

from arrangements.models import Arrangement
from communications.models import Contact
from tests.factories import NOW, make_limit, make_party, make_portfolio, make_team, make_user, place_account
from tests.support.browser import sign_in
from tests.support.keyboard import Keyboard, account_on

PASSWORD = "three quiet herons"


@pytest.fixture(scope="module")
def live_env():
    return {"FROZEN_NOW": NOW.isoformat()}


@pytest.fixture(scope="module")
def house(real_db):
    make_limit("agent", promise_max_days=30)
    return make_team(make_portfolio("UK"), make_portfolio("MX"))


def come_in(page, house, language):
    agent = make_user("agent", house, language=language)
    agent.set_password(PASSWORD)
    agent.save()
    for number in range(3):
        party = make_party(f"Persona {number}", language=language)
        place_account(jurisdiction="MX", party=party, owner=agent)
    sign_in(page, agent.username, PASSWORD)
    page.goto(reverse("queue"))
    return agent


@pytest.mark.parametrize("language", ["en", "es-mx"])
def test_a_no_answer_takes_three_commands_and_a_promise_six(browser_page, house, language):
    agent = come_in(browser_page, house, language)
    keys = Keyboard(browser_page)
    keys.command("n")
    first = account_on(browser_page)

    keys.commands.clear()
    keys.command("c")
    keys.command("2")
    keys.command("Control+Enter")

    assert len(keys.commands) == 3
    assert Contact.objects.get(agent=agent).outcome.code == "no_answer"
    second = account_on(browser_page)
    assert second != first

    keys.commands.clear()
    keys.command("c")
    assert "400.00" not in browser_page.content()
    keys.command("v")
    keys.said("12 abr 1985", "64000")
    keys.command("Enter")
    assert "400.00" in browser_page.content()
    keys.command("1")
    keys.command("1")
    keys.said("+7")
    keys.command("Control+Enter")

    assert len(keys.commands) == 6
    agreed = Arrangement.objects.get(account=second)
    assert (agreed.amount, agreed.made_by) == (400, agent)
    assert account_on(browser_page) not in (first, second)
    assert not Contact.objects.filter(agent=agent, wrapped_up_at__isnull=True).exists()


def test_a_call_is_made_and_wrapped_up_without_any_script(browser, live_app, house):
    agent = make_user("agent", house)
    agent.set_password(PASSWORD)
    agent.save()
    account = place_account(jurisdiction="MX", owner=agent)
    context = browser.new_context(base_url=live_app.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, agent.username, PASSWORD)

    page.goto(reverse("account", args=[account.reference]))
    page.get_by_role("button", name="Call C").first.click()
    page.get_by_label("Birth date").fill("12 apr 1985")
    page.get_by_label("Post code").fill("64000")
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("radio", name="Right party").check()
    page.get_by_role("radio", name="Says it is paid").check()
    page.get_by_role("textbox", name="Note").fill("paid at the branch on Monday")
    page.get_by_role("button", name="Save and stay").click()

    assert page.get_by_text("Saved: Says it is paid.").is_visible()
    assert Contact.objects.get(agent=agent).outcome.code == "says_paid"
    context.close()


def test_a_caller_of_another_team_is_found_verified_and_served(browser_page, house):
    place_account(jurisdiction="MX", party=make_party("Rosalinda Treviño Garza"), reference="A-CALLER")
    stranger = make_user("agent", make_team(name="Elsewhere"))
    stranger.set_password(PASSWORD)
    stranger.save()
    sign_in(browser_page, stranger.username, PASSWORD)

    browser_page.keyboard.press("/")
    browser_page.keyboard.type("trevino garza")
    browser_page.keyboard.press("Enter")
    browser_page.get_by_role("button", name="They called").click()
    browser_page.wait_for_url("**/accounts/A-CALLER/")
    assert "400.00" not in browser_page.content()
    browser_page.keyboard.press("v")
    Keyboard(browser_page).said("1985-04-12", "64000")
    browser_page.keyboard.press("Enter")
    browser_page.get_by_text("Match: this is the person").wait_for()

    assert "400.00" in browser_page.content()
    browser_page.get_by_role("radio", name="Right party").check()
    browser_page.get_by_role("radio", name="Asks us to stop").check()
    browser_page.keyboard.press("Control+Shift+Enter")
    browser_page.get_by_text("Saved: Asks us to stop.").wait_for()
    assert Contact.objects.get(agent=stranger).direction == "in"
