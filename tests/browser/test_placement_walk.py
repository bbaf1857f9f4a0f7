"""A manager hands in a file: columns, preview, confirmation, result, reject file; then once more."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Account
from tests import factories
from tests.support.axe import overflows, violations
from tests.support.browser import sign_in
from tests.support.placement_files import csv_bytes

PASSWORD = "a long enough secret"
HEADER = ["Loan ID", "Customer name", "Balance", "Past due", "Due date", "Mobile", "Shoe size"]
ROWS = [
    ["77", "Ana Pérez", "500.00", "50.00", "31/10/2026", "212 555 0100", "44"],
    ["78", "Luis Gil", "five hundred", "50.00", "31/10/2026", "", "43"],
]


@pytest.fixture(scope="module")
def manager(real_db, django_db_blocker):
    with django_db_blocker.unblock():
        team = factories.make_team(factories.make_portfolio("US"))
        manager = factories.make_user("manager", team, username="maria")
        manager.set_password(PASSWORD)
        manager.save(update_fields=["password"])


@pytest.fixture
def page(browser_page, manager):
    sign_in(browser_page, "maria", PASSWORD)
    return browser_page


def hand_in(page, path):
    page.goto(reverse("placement-upload"))
    page.set_input_files("[name=file]", path)
    page.select_option("[name=portfolio]", label="us-loan")
    page.fill("[name=as_of]", "2026-11-17")
    page.press("[name=as_of]", "Control+Enter")


def assert_sound(page):
    assert violations(page) == []
    assert not overflows(page)


def test_a_file_is_mapped_previewed_placed_and_recognised(page, tmp_path, django_db_blocker):
    path = tmp_path / "accounts.csv"
    path.write_bytes(csv_bytes(header=HEADER, rows=ROWS))
    page.goto(reverse("placement-list"))
    expect(page.get_by_text("No file of accounts yet.")).to_be_visible()
    assert_sound(page)

    hand_in(page, path)
    expect(page.get_by_role("heading", name="Which column is what")).to_be_visible()
    expect(page.get_by_label("Loan ID")).to_have_value("reference")
    assert_sound(page)
    page.select_option("[name=dates]", "%d/%m/%Y")
    page.fill("[name=name]", "acme-loans")
    page.click("[data-main]")

    expect(page.get_by_text("1 account would be placed.")).to_be_visible()
    expect(page.get_by_role("cell", name="Ana Pérez")).to_be_visible()
    expect(page.locator("#placement-rejected").get_by_text("not an amount")).to_be_visible()
    assert_sound(page)
    with page.expect_download() as download:
        page.click("text=Download the rejected rows")
    assert "five hundred" in download.value.path().read_text(encoding="utf-8-sig")

    page.click("text=Place these accounts")
    expect(page.get_by_role("heading", name="1 account is live")).to_be_visible()
    with django_db_blocker.unblock():
        assert Account.objects.live().get().external_reference == "77"

    hand_in(page, path)
    expect(page.get_by_text("0 imported, 0 new")).to_be_visible()


def test_the_pages_hold_on_a_phone_and_in_spanish(page):
    page.click("button[name=language][value=es-mx]")
    expect(page.locator("html")).to_have_attribute("lang", "es-mx")
    page.set_viewport_size({"width": 320, "height": 800})

    for address in (reverse("placement-list"), reverse("placement-upload"), reverse("placement-detail", args=[1])):
        page.goto(address)
        assert_sound(page)
    expect(page.get_by_role("heading", name="1 cuenta está vigente")).to_be_visible()
