"""The ground of every page, as a browser shows it: log-in, language, keyboard, focus, themes, narrow screens."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import User
from tests.support.axe import overflows, violations
from tests.support.browser import sign_in

PASSWORD = "a long enough secret"
OWN_PAGES = ["password_change", "two-step"]


@pytest.fixture(scope="module")
def people(real_db, django_db_blocker):
    with django_db_blocker.unblock():
        User.objects.create_user("ana", password=PASSWORD, role="agent")
        User.objects.create_superuser("root", password=PASSWORD, role="admin")


@pytest.fixture
def at_work(browser_page, people):
    sign_in(browser_page, "ana", PASSWORD)
    browser_page.goto(reverse("password_change"))
    # An earlier test of this module may have left another language.
    switch_to(browser_page, "en")
    return browser_page


def switch_to(page, language):
    page.click(f"button[name=language][value={language}]")
    expect(page.locator("html")).to_have_attribute("lang", language)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390, 320])
def test_the_log_in_page_is_accessible_in_both_languages(browser_page, theme, width):
    browser_page.emulate_media(color_scheme=theme)
    browser_page.set_viewport_size({"width": width, "height": 800})
    browser_page.goto(reverse("login"))

    for language in ("en", "es-mx"):
        switch_to(browser_page, language)

        assert violations(browser_page) == []
        assert not overflows(browser_page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_ones_own_pages_are_accessible_in_both_languages_and_on_a_phone(at_work, theme):
    at_work.emulate_media(color_scheme=theme)

    for url_name in OWN_PAGES:
        for language, width in [("en", 1440), ("es-mx", 1440), ("es-mx", 320)]:
            at_work.set_viewport_size({"width": width, "height": 800})
            at_work.goto(reverse(url_name))
            switch_to(at_work, language)

            assert violations(at_work) == [], (url_name, language, width)
            assert not overflows(at_work), (url_name, language, width)


def test_a_wrong_password_moves_the_focus_to_what_is_wrong(browser_page, people):
    browser_page.goto(reverse("login"))
    browser_page.fill("input[name=username]", "ana")
    browser_page.fill("input[name=password]", "wrong")
    browser_page.press("input[name=password]", "Enter")

    expect(browser_page.locator(".error-summary")).to_be_focused()


def test_the_first_link_skips_to_the_content(at_work):
    skip = at_work.locator(":nth-match(a, 1)")
    skip.focus()
    expect(skip).to_be_in_viewport()

    skip.press("Enter")

    expect(at_work.locator("main")).to_be_focused()


def test_a_question_mark_opens_the_keys_and_escape_closes_them(at_work):
    at_work.locator("main").focus()

    at_work.keyboard.press("?")
    expect(at_work.locator("#keys-help")).to_be_visible()
    assert violations(at_work) == []
    at_work.keyboard.press("Escape")

    expect(at_work.locator("#keys-help")).to_be_hidden()


def test_letters_do_nothing_while_typing(at_work):
    field = at_work.locator("input[name=old_password]")
    field.focus()

    at_work.keyboard.type("?n/")

    expect(field).to_have_value("?n/")
    expect(at_work.locator("#keys-help")).to_be_hidden()


def test_letters_do_nothing_for_somebody_who_switched_them_off(at_work):
    at_work.locator("main").focus()
    at_work.keyboard.press("?")
    at_work.click("#keys-help button[name=on]")
    at_work.wait_for_selector("body[data-keys=off]")

    at_work.locator("main").focus()
    at_work.keyboard.press("?")

    expect(at_work.locator("#keys-help")).to_be_hidden()
    at_work.click(".menu summary")
    at_work.click("[data-opens=keys-help]")
    at_work.click("#keys-help button[name=on]")
    at_work.wait_for_selector("body[data-keys=on]")


def test_the_command_list_finds_by_part_of_a_name_and_runs_it(at_work):
    at_work.keyboard.press("Control+k")
    expect(at_work.locator("#commands")).to_be_visible()
    assert violations(at_work) == []

    at_work.keyboard.type("log ou")
    expect(at_work.locator("#command-list [role=option]")).to_have_count(1)
    at_work.keyboard.press("Enter")

    at_work.wait_for_url(f"**{reverse('login')}*")


def test_escape_leaves_a_field_without_discarding_what_was_typed(at_work):
    field = at_work.locator("input[name=old_password]")
    field.fill("typed")

    field.press("Escape")

    expect(field).not_to_be_focused()
    expect(field).to_have_value("typed")


def test_ctrl_enter_sends_the_form(at_work):
    at_work.locator("input[name=old_password]").fill("not my password")
    at_work.locator("input[name=new_password1]").fill("another long secret 7")
    field = at_work.locator("input[name=new_password2]")
    field.fill("another long secret 7")

    field.press("Control+Enter")

    expect(at_work.locator(".error-summary")).to_be_focused()


def test_an_expired_session_asks_for_the_password_over_the_page(at_work, complaints):
    at_work.context.clear_cookies(name="sessionid")

    at_work.evaluate(
        "window.htmx.ajax('GET', location.pathname, {target: '#main', select: '#main', swap: 'outerHTML'})"
    )
    expect(at_work.locator("#login-again")).to_be_visible()
    at_work.fill("#login-again input[type=password]", PASSWORD)
    at_work.press("#login-again input[type=password]", "Enter")

    expect(at_work.locator("#login-again")).to_be_hidden()
    assert all("401" in complaint for complaint in complaints)
    complaints.clear()


@pytest.mark.parametrize("page_name", ["admin:index", "admin:accounts_user_changelist", "admin:password_change"])
def test_the_admin_keeps_the_strict_policy_in_our_colours(browser_page, people, page_name):
    sign_in(browser_page, "root", PASSWORD)

    answer = browser_page.goto(reverse(page_name))

    assert answer.status == 200
    assert "unsafe" not in answer.headers["content-security-policy"]
    background = browser_page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(244, 246, 248)"
