"""A draft is tried in the admin: begun by a form, and a page that is open sees the end of it by itself."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from communications.services.policy_simulations import ask_for_simulation, run_simulation
from tests import factories
from tests.support.axe import violations
from tests.support.browser import sign_in, switch_to
from tests.support.simulations import drafted, rung

PASSWORD = "a long enough secret"
SENTENCE = "3 would need approval that the policy in force allows: 3 by firm-mx-daily-cap"


@pytest.fixture(scope="module")
def live_env():
    return {"FROZEN_NOW": factories.NOW.isoformat()}


@pytest.fixture(scope="module")
def draft(real_db, django_db_blocker):
    with django_db_blocker.unblock():
        admin = factories.make_user("admin", username="admin")
        admin.set_password(PASSWORD)
        admin.save(update_fields=["password"])
        rung(3, jurisdiction="MX")
        rung(2, jurisdiction="MX", actor=factories.make_user("agent", username="paula"))
        return drafted(admin, MX=1)


def page_of(row):
    return reverse(f"admin:communications_{row._meta.model_name}_change", args=[row.pk])


def test_a_draft_is_tried_and_its_figures_lead_to_the_decisions(browser_page, draft):
    page = browser_page
    sign_in(page, "admin", PASSWORD)
    page.goto(page_of(draft))
    page.get_by_label("Days to look back").fill("14")
    assert violations(page) == []
    page.get_by_role("button", name="Simulate").click()

    expect(page.get_by_text(SENTENCE)).to_be_visible()
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name="paula").click()
    expect(page.locator("#changes tbody tr")).to_have_count(1)
    page.locator("#changes tbody th a").click()
    page.wait_for_url(lambda url: "/decisions/" in url)


def test_an_open_page_sees_the_end_by_itself_in_spanish_too(browser_page, draft, django_db_blocker):
    page = browser_page
    with django_db_blocker.unblock():
        simulation = ask_for_simulation(version_id=draft.pk, days=9, actor=None, now=factories.NOW)
    sign_in(page, "admin", PASSWORD)
    page.goto(page_of(simulation))
    expect(page.get_by_text("0 of 5 decisions judged.")).to_be_visible()
    assert violations(page) == []

    with django_db_blocker.unblock():
        run_simulation(simulation_id=simulation.pk, clock=lambda: factories.NOW)

    expect(page.get_by_text(SENTENCE)).to_be_visible()
    switch_to(page, "es-mx")
    expect(page.get_by_text("3 requerirían autorización y la política vigente los permite")).to_be_visible()
