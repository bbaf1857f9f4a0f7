"""What happens while somebody types: drafts, amounts and days said back, forms sent once, rows walked by key."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import User
from collections_crm.models import Draft
from tests.support.axe import overflows, violations
from tests.support.browser import sign_in

PASSWORD = "a long enough secret"


@pytest.fixture(scope="module")
def live_env():
    # Demonstrations serve a page that shows every part.
    return {"DEMO": "1"}


@pytest.fixture
def parts(browser_page, real_db, django_db_blocker):
    with django_db_blocker.unblock():
        User.objects.filter(username="ana").exists() or User.objects.create_user("ana", password=PASSWORD)
        Draft.objects.all().delete()
    sign_in(browser_page, "ana", PASSWORD)
    browser_page.goto("/styleguide/")
    return browser_page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1000, 390, 320])
def test_every_part_of_our_pages_is_accessible(parts, theme, width):
    parts.emulate_media(color_scheme=theme)
    parts.set_viewport_size({"width": width, "height": 900})

    assert violations(parts) == []
    assert not overflows(parts)


def test_an_amount_is_said_back_in_words_while_it_is_typed(parts):
    parts.fill("#id_amount", "1,240.50")
    expect(parts.locator("#id_amount_echo")).to_have_text("1,240.50 Mexican pesos")

    parts.fill("#id_amount", "1.240,50")

    expect(parts.locator("#id_amount_echo")).to_have_text("Write 1,240.50.")


def test_what_was_typed_survives_leaving_the_page(parts):
    parts.fill("#id_day", "+7")
    # Leaving the day sends a draft of its own: what counts is the one that holds the note.
    with parts.expect_response(lambda answer: "lost a shift" in (answer.request.post_data or "")):
        parts.fill("#id_note", "lost a shift")

    parts.goto("/password/")
    parts.goto("/styleguide/")

    expect(parts.locator("#id_note")).to_have_value("lost a shift")
    expect(parts.locator("#id_day")).to_have_value("+7")


def test_switching_the_language_keeps_what_was_typed(parts):
    parts.fill("#id_note", "perdió un turno")

    parts.click("button[name=language][value=es-mx]")
    expect(parts.locator("html")).to_have_attribute("lang", "es-mx")

    expect(parts.locator("#id_note")).to_have_value("perdió un turno")
    parts.click("button[name=language][value=en]")


def test_a_saved_form_leaves_no_draft(parts):
    parts.fill("#id_amount", "620")
    parts.fill("#id_day", "2027-01-15")
    expect(parts.locator("[data-saved]")).to_contain_text("Saved ")

    parts.press("#id_day", "Control+Enter")

    expect(parts.locator(".messages")).to_contain_text("620.00 / 2027-01-15")
    expect(parts.locator("#id_amount")).to_have_value("")


def test_errors_link_to_their_fields(parts):
    parts.fill("#id_day", "03/04")
    parts.press("#id_day", "Control+Enter")

    expect(parts.locator(".error-summary")).to_be_focused()
    parts.click(".error-summary a >> nth=1")

    expect(parts.locator("#id_day")).to_be_focused()


def test_a_card_number_is_refused_wherever_it_is_typed(parts):
    parts.fill("#id_amount", "620")
    parts.fill("#id_day", "+7")
    parts.fill("#id_note", "4111 1111 1111 1111")
    parts.press("#id_note", "Control+Enter")

    expect(parts.locator(".error-summary")).to_contain_text("card number")


def test_j_and_k_walk_the_rows(parts):
    parts.locator(".table .row-link >> nth=0").focus()

    parts.keyboard.press("j")
    expect(parts.locator(".table .row-link >> nth=1")).to_be_focused()
    parts.keyboard.press("k")

    expect(parts.locator(".table .row-link >> nth=0")).to_be_focused()


def test_a_form_is_sent_once_however_often_it_is_pressed(parts):
    sent = []
    parts.on(
        "request",
        lambda request: (
            request.method == "POST"
            and request.url.endswith("/styleguide/")
            and "drafts" not in request.url
            and sent.append(1)
        ),
    )
    parts.fill("#id_amount", "620")
    parts.fill("#id_day", "+7")

    parts.dblclick("[data-main]")
    expect(parts.locator(".messages")).to_be_visible()

    assert len(sent) == 1


def test_a_lost_connection_keeps_the_text_and_says_so(parts, complaints):
    parts.context.set_offline(True)
    parts.fill("#id_note", "half a senten")

    expect(parts.locator("#alert")).to_have_text("Not saved. Your text is kept. Try again.")
    expect(parts.locator("#id_note")).to_have_value("half a senten")
    complaints.clear()


def test_pages_of_errors_say_what_to_do(parts, complaints):
    parts.goto("/no-such-page/")

    expect(parts.locator("h1")).to_have_text("Not found")
    assert violations(parts) == []
    complaints.clear()


def test_the_frame_works_without_any_script(browser, live_app, parts):
    context = browser.new_context(base_url=live_app.url, java_script_enabled=False)
    page = context.new_page()

    page.goto(reverse("login"))
    page.fill("input[name=username]", "ana")
    page.fill("input[name=password]", PASSWORD)
    page.click("[data-main]")
    page.goto("/styleguide/")
    page.fill("#id_amount", "620")
    page.fill("#id_day", "2027-01-15")
    page.click("[data-main]")

    assert "620.00 / 2027-01-15" in page.content()
    context.close()
