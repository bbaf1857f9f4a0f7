"""An administrator drafts narrower hours in the admin, compliance publishes them, the next call is refused by name."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from communications.models import PolicyPack, PolicyVersion
from communications.services.authorise import authorise_contact
from tests import factories
from tests.support.axe import violations
from tests.support.browser import sign_in

PASSWORD = "a long enough secret"


@pytest.fixture(scope="module")
def live_env():
    return {"FROZEN_NOW": factories.NOW.isoformat()}


@pytest.fixture(scope="module")
def book(real_db, django_db_blocker):
    with django_db_blocker.unblock():
        for role in ("admin", "compliance"):
            user = factories.make_user(role, username=role)
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
        return factories.place_account()


def next_call(account, django_db_blocker):
    with django_db_blocker.unblock():
        party = account.parties.get()
        asked = {"account_ids": [account.pk], "party_id": party.pk, "channel": "call", "purpose": "demand"}
        point = party.contact_points.get(kind="phone")
        return authorise_contact(contact_point_id=point.pk, actor=None, now=factories.NOW, **asked).decision


def live_version(code, django_db_blocker):
    with django_db_blocker.unblock():
        return PolicyVersion.objects.in_force(factories.NOW).get(pack__code=code).number


def page_of(code, django_db_blocker):
    with django_db_blocker.unblock():
        return reverse("admin:communications_policypack_change", args=[PolicyPack.objects.get(code=code).pk])


def test_hours_narrowed_by_a_form_and_published_by_compliance_are_obeyed(browser_page, book, django_db_blocker):
    page = browser_page
    before = next_call(book, django_db_blocker)
    sign_in(page, "admin", PASSWORD)
    page.goto(page_of("UK", django_db_blocker))
    page.get_by_label("What changes and why").fill("Shorter afternoons until the new year.")
    page.get_by_role("button", name="Begin the draft").click()
    expect(page.get_by_text("nothing differs from the version in force")).to_be_visible()
    page.get_by_role("link", name="Edit uk-policy-hours").click()
    page.get_by_label("Wed to").fill("14:30")
    assert violations(page) == []
    page.get_by_role("button", name="Save the rule").click()
    expect(page.get_by_role("cell", name="Wed 08:00 - 14:30").first).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("nobody has tried it on past decisions")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    address = page.url
    page.context.clear_cookies()

    sign_in(page, "compliance", PASSWORD)
    page.goto(address)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("In force at once")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("In force now.")).to_be_visible()
    after = next_call(book, django_db_blocker)

    assert before.verdict == "allow"
    assert [reason["rule"] for reason in after.reasons] == ["uk-policy-hours"]
    assert live_version("UK", django_db_blocker) == 2
