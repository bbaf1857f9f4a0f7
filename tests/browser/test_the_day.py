"""The main job from end to end, in both languages: accounts worked, a case approved, hours narrowed, a call refused."""

from dataclasses import dataclass

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Account, Hold, Portfolio, User
from arrangements.models import Arrangement, Escalation
from collections_crm.demo.people import password_of
from communications.models import Contact, PolicyDecision, PolicyPack
from tests import factories
from tests.support.browser import sign_in, switch_to
from tests.support.keyboard import Keyboard, account_on


@dataclass(frozen=True)
class Day:
    """Whose day it is, the answers of its customers, and the hours that end it."""

    language: str
    number: str  # the demo has two of most users: `agent` and `agent2`
    jurisdiction: str
    answers: tuple[str, str]
    rule: str
    narrowed: tuple[str, str]
    refusal: str

    def user(self, role):
        return f"{role}{'' if role == 'admin' else self.number}"


DAYS = [
    Day(
        language="en",
        number="",
        jurisdiction="UK",
        answers=("12 apr 1985", "N1 9GU"),
        rule="uk-policy-hours",
        narrowed=("wed_closes", "14:30"),
        refusal="Contact is kept to 08:00 - 14:30; it is 15:00",
    ),
    Day(
        language="es-mx",
        number="2",
        jurisdiction="MX",
        answers=("12 abr 1985", "64000"),
        rule="mx-hours",
        narrowed=("wed_opens", "10:00"),
        refusal="Solo en el horario 10:00 - 22:00 donde está el cliente; son las 09:00",
    ),
]


@pytest.fixture(scope="module")
def live_env():
    return {"FROZEN_NOW": factories.NOW.isoformat()}


def come_in(page, day, role):
    page.context.clear_cookies()
    sign_in(page, day.user(role), password_of(role))
    switch_to(page, day.language)


def place_six(day):
    agent = User.objects.get(username=day.user("agent"))
    portfolio = Portfolio.objects.get(code=f"{day.jurisdiction.lower()}-loans")
    for number in range(6):
        party = factories.make_party(f"Persona {number}", language=day.language)
        factories.place_account(portfolio=portfolio, party=party, owner=agent)
    return agent


def verify(keys, day):
    keys.command("v")
    keys.said(*day.answers)
    keys.command("Enter")


def says(keys, what):
    """The right party, and the key that stands beside what they said."""
    keys.command("1")
    keys.command(keys.page.get_attribute(f"input[name=said][value={what}]", "data-key"))


def work_five(keys, day):
    """Each account of the day with how it ended, and the sixth, which Next has brought."""
    worked = {}

    def begin(outcome):
        worked[outcome] = account_on(keys.page)
        keys.command("c")

    keys.command("n")
    begin("no_answer")
    keys.command("2")
    keys.command("Control+Enter")

    begin("promise")
    verify(keys, day)
    says(keys, "promise")
    keys.said("+7")
    keys.command("Control+Enter")

    begin("says_paid")
    verify(keys, day)
    says(keys, "says_paid")
    keys.command("Control+Enter")

    begin("disputes")
    says(keys, "disputes")
    keys.command("Control+Enter")

    begin("third_party")
    keys.command("6")
    keys.command("Control+Shift+Enter")
    assert account_on(keys.page) == worked["third_party"]
    raise_concern(keys)
    keys.page.goto(reverse("queue"))
    keys.command("n")
    return worked, account_on(keys.page)


def raise_concern(keys):
    """Whoever answered said that somebody else's name was used: a manager is asked."""
    keys.command("e")
    keys.page.click("a[href='?kind=fraud']")
    keys.page.select_option("[name=reason]", "identity")
    keys.page.fill("[name=note]", "The brother says she never took a loan.")
    keys.command("Control+Enter")
    keys.page.wait_for_url("**/escalations/*/")


def approve_it(page, day, account):
    come_in(page, day, "manager")
    page.goto(reverse("approvals"))
    page.click(f"tr:has-text('{account.reference}') a.row-link")
    keys = Keyboard(page)
    page.locator("[data-key=A]").wait_for()
    keys.command("a")
    keys.command("Control+Enter")
    expect(page.locator(".messages .success")).to_be_visible()


def press(page, holding):
    """Send the form that holds this field."""
    page.wait_for_load_state("load")
    with page.expect_event("load"):
        page.locator(f"form:has({holding}) [type=submit]:not([name=look])").click()


def narrow_hours(page, day, *, submit=True):
    """An admin's draft with narrower hours, submitted; answers its address."""
    come_in(page, day, "admin")
    pack = PolicyPack.objects.get(code=day.jurisdiction)
    page.goto(reverse("admin:communications_policypack_change", args=[pack.pk]))
    page.fill("[name=note]", "Shorter hours until the new year.")
    press(page, "[name=note]")
    page.click(f"tr[id='{day.rule}'] a")
    field, value = day.narrowed
    page.fill(f"[name={field}]", value)
    press(page, f"[name={field}]")
    if submit:
        press(page, "[name=act][value=submit]")
        press(page, "[name=confirmed]")
        expect(page.locator("[name=act][value=publish]")).to_have_count(0)
    return page.url


def publish(page, day, address):
    come_in(page, day, "compliance")
    page.goto(address)
    press(page, "[name=act][value=publish]")
    press(page, "[name=confirmed]")
    expect(page.locator("[name=act]")).to_have_count(0)


@pytest.mark.parametrize("day", DAYS, ids=lambda day: day.language)
def test_five_accounts_worked_a_case_approved_hours_narrowed_and_the_next_call_refused(
    browser_page, colleague, demo, day
):
    agent = place_six(day)
    come_in(browser_page, day, "agent")
    browser_page.goto(reverse("queue"))
    keys = Keyboard(browser_page)

    worked, sixth = work_five(keys, day)
    assert {contact.outcome.code for contact in Contact.objects.filter(agent=agent)} == set(worked)
    assert len({*worked.values(), sixth}) == 6
    assert Arrangement.objects.get(account=worked["promise"]).made_by == agent
    assert Hold.objects.filter(account=worked["says_paid"], kind="paid_claim").exists()
    assert Hold.objects.filter(account=worked["disputes"], kind="dispute").exists()

    approve_it(colleague, day, worked["third_party"])
    case = Escalation.objects.get(account=worked["third_party"])
    assert (case.kind, case.state) == ("fraud", "in_progress")
    assert Account.objects.get(pk=case.account_id).next_owner.role == "compliance"

    publish(colleague, day, narrow_hours(colleague, day))
    keys.command("c")

    refused = browser_page.locator("#refused")
    expect(refused).to_contain_text(day.rule)
    expect(refused).to_contain_text(day.refusal)
    expect(browser_page.locator("a[href^='tel:']")).to_have_count(0)
    decision = PolicyDecision.objects.filter(actor=agent).latest("pk")
    assert [reason["rule"] for reason in decision.reasons] == [day.rule]
    assert Contact.objects.filter(agent=agent).count() == len(worked)
