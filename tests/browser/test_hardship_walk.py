"""Somebody calls who can't pay and is afraid of it: from who they are to a plan that they sign on their own page."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from arrangements.models import Arrangement, HardshipCase
from communications.models import Message
from communications.services.links import address_of
from communications.services.send import claim, confirm
from tests.communications.calls import caller
from tests.factories import NOW, make_limit, make_party, make_portfolio, make_team, make_user, place_account
from tests.support.browser import sign_in, switch_to
from tests.support.keyboard import Keyboard
from tests.support.looking import looked_at

PASSWORD = "three quiet herons"


@pytest.fixture(scope="module")
def live_env():
    return {"FROZEN_NOW": NOW.isoformat()}


def step(page, name, **said):
    """One step of the case: its form filled in and sent."""
    form = page.locator(f"form[action$='/{name}/']")
    if (folded := form.locator("xpath=ancestor::details[1]")).count() and folded.get_attribute("open") is None:
        folded.locator("summary").click()
    for field, value in said.items():
        box = form.locator(f"[name={name}-{field}]")
        if box.first.get_attribute("type") == "radio":
            form.locator(f"[name={name}-{field}][value={value}]").check()
        else:
            box.fill(value)
    with page.expect_event("load"):
        form.locator("button[type=submit], button:not([type])").last.click()


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(("language", "place"), [("en", "AU"), ("es-mx", "UK")])
def test_a_nervous_customer_is_heard_helped_and_signs_a_plan(browser_page, language, place):
    make_limit("agent", plan_max_days=730, plan_min_first_share=0)
    page, agent = browser_page, make_user("agent", make_team(make_portfolio(place)), language=language)
    agent.set_password(PASSWORD)
    agent.save()
    customer = make_party("Juana Ortega", language=language)
    account = place_account(
        owed="600.00",
        due="400.00",
        portfolio=make_portfolio(place),
        party=customer,
        email="juana@example.com",
        owner=agent,
    )
    postcode = {"AU": "2000", "UK": "N1 9GU"}[place]
    caller(account, agent)
    sign_in(page, agent.username, PASSWORD)
    page.goto(reverse("account", args=[account.reference]))
    switch_to(page, language)

    # Who they are, before a word of the debt.
    looked_at(page, f"hardship-1-unverified-{language}")
    keys = Keyboard(page)
    keys.command("v")
    keys.said("1985-04-12", postcode)
    keys.command("Enter")
    expect(page.locator("#main")).to_contain_text("600.00")

    # They can't pay: a case with its clock, and nobody asks for money meanwhile.
    page.goto(reverse("account-act", args=[account.reference, "hardship"]))
    page.fill("[name=note]", "50 a month from December.")
    looked_at(page, f"hardship-2-told-{language}")
    page.locator("#main form [data-main]").click()
    page.wait_for_url(f"**/accounts/{account.reference}/")
    case = HardshipCase.objects.get(account=account)
    page.goto(reverse("hardship", args=[case.pk]))
    step(page, "record")
    looked_at(page, f"hardship-3-recorded-{language}")

    # What comes in and goes out.
    page.goto(reverse("budget-take", args=[account.reference]))
    page.check("input[name=household][value=single]")
    page.fill("[name=earnings]", "1200")
    page.fill("[name=food]", "250")
    page.select_option("[name=food_period]", "fortnightly")
    page.fill("[name=home]", "600")
    looked_at(page, f"hardship-4-budget-{language}")
    page.locator("#main form [data-main]").click()
    page.wait_for_url("**/budgets/*/")
    expect(page.locator("#main")).to_contain_text("58.33")
    page.goto(reverse("hardship", args=[case.pk]))
    step(page, "assess")

    # What is left a month leads the workbench; the plan stays below it.
    page.goto(reverse("negotiate", args=[account.reference]))
    expect(page.locator("#id_affordable")).to_have_value("58.33")
    page.fill("#id_each", "50")
    expect(page.locator("#columns article").first).to_be_visible()
    expect(page.locator("#columns .warn")).to_have_count(0)
    looked_at(page, f"hardship-5-workbench-{language}")
    page.get_by_role("button", name=re.compile("^(Offer|Ofrecer)$")).last.click()
    page.wait_for_url("**/offers/*/")
    offered = Arrangement.objects.get(account=account)
    page.goto(reverse("offer-send", args=[offered.pk]))
    page.select_option("#id_way", index=1)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".preview")).to_be_visible()
    looked_at(page, f"hardship-6-send-{language}")
    page.locator("button[name=send]").click()
    page.wait_for_url(f"**/offers/{offered.pk}/")
    message = Message.objects.get(account=account)
    claim(message_id=message.pk, now=NOW)
    confirm(message_id=message.pk, reference="taken", now=NOW)

    # Theirs to sign, on their own page.
    customers = page.context.browser.new_context(base_url=page.url.split("/offers/")[0])
    own = customers.new_page()
    own.goto(address_of(message))
    own.fill("input[name=birth_date]", "1985-04-12")
    own.fill("input[name=postcode]", postcode)
    own.locator("main button").click()
    expect(own.locator("main table")).to_contain_text("50.00")
    looked_at(own, f"hardship-7-terms-{language}")
    own.locator("button[value=yes]").click()
    expect(own.locator(".notice.ok")).to_be_visible()
    looked_at(own, f"hardship-8-signed-{language}")
    customers.close()
    assert Arrangement.objects.get(pk=offered.pk).state == "active"

    # The plan is the help.
    page.goto(reverse("hardship", args=[case.pk]))
    step(page, "grant", measure="arrangement", review_on="2027-02-18")
    looked_at(page, f"hardship-9-granted-{language}")
    case.refresh_from_db()
    assert (case.state, case.arrangement_id) == ("granted", offered.pk)
