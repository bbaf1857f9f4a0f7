"""A settlement from the first no to its breach: refused, countered, approved, accepted, paid, dishonoured, breached."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Payment
from arrangements.models import Arrangement, Escalation
from tests.communications.calls import caller, verify
from tests.factories import (
    NOW,
    TODAY,
    again,
    make_limit,
    make_party,
    make_portfolio,
    make_team,
    make_user,
    place_account,
)
from tests.support.browser import sign_in, switch_to
from tests.support.looking import looked_at
from tests.support.promises import cash_posted

PASSWORD = "three quiet herons"


@pytest.fixture(scope="module")
def live_env():
    return {"FROZEN_NOW": NOW.isoformat()}


class Walk:
    """One browser in which each person of the story signs in in turn."""

    def __init__(self, page, language):
        self.page, self.language, self.seen = page, language, 0

    def comes(self, person, address):
        self.page.context.clear_cookies()
        sign_in(self.page, person.username, PASSWORD)
        switch_to(self.page, self.language)
        self.page.goto(address)

    def looks(self, name):
        self.seen += 1
        looked_at(self.page, f"settlement-{self.seen:02}-{name}-{self.language}")

    def asks_for(self, account, amount, why):
        """The agent works a settlement out and asks a manager for it."""
        self.page.goto(reverse("negotiate", args=[account.reference]))
        self.page.fill("#id_first_on", "+2")
        self.page.fill("#id_settle_for", amount)
        ask = self.page.get_by_role("button", name=re.compile("^(Ask a manager|Solicitar a un gerente)"))
        expect(self.page.locator("#columns article .badge.accent").last).to_be_visible()
        ask.last.click()
        self.page.select_option("[name=reason]", "lump_sum")
        self.page.fill("[name=note]", why)
        self.looks("asked")
        self.page.locator("button[name=do][value^=ask]").last.click()
        self.page.wait_for_url("**/escalations/*/")
        return Escalation.objects.filter(account=account).latest("pk")

    def decides(self, manager, case, act, **answer):
        self.comes(manager, reverse("approval-act", args=[case.approval_id, act]))
        for field, value in answer.items():
            box = self.page.locator(f"[name={field}]")
            box.select_option(value) if field == "reason" else box.fill(value)
        self.looks(act)
        self.sends()
        self.page.wait_for_url(re.compile(r"/approvals/\d+/$"))

    def sends(self):
        with self.page.expect_event("load"):
            self.page.locator("#main [data-main-form] [data-main]").click()


def person(role, team, language):
    user = make_user(role, team, language=language)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("language", ["en", "es-mx"])
def test_a_settlement_is_refused_countered_approved_paid_dishonoured_and_breached(browser_page, language):
    make_limit("agent", settlement_max_discount="0.1")
    make_limit("manager", settlement_max_discount="0.5")
    team = make_team(make_portfolio("UK"))
    agent, manager, finance = (person(role, team, language) for role in ("agent", "manager", "finance"))
    party = make_party("Juana Ortega", language=language)
    account = place_account(owed="1000.00", due="400.00", party=party, owner=agent)
    verify(caller(account, agent), agent)
    walk, page = Walk(browser_page, language), browser_page
    walk.comes(agent, reverse("account", args=[account.reference]))

    # Half of it is too much to let go: the agent may not, the manager says no and why.
    first = walk.asks_for(account, "500", "She has 500 from her sister, today only.")
    walk.decides(manager, first, "decline", reason="too_costly", sentence="Ask for seven hundred.")
    walk.comes(agent, reverse("escalation", args=[first.pk]))
    expect(page.locator("#main")).to_contain_text("Ask for seven hundred.")
    expect(page.locator("#main")).to_contain_text("100.00 GBP")
    walk.looks("refused")

    # Countered: seven hundred, which the manager lets pass, and the customer accepts in the call.
    page.get_by_role("link", name=re.compile("Negotiate anew|Negociar de nuevo")).click()
    page.wait_for_url("**/negotiate/")
    second = walk.asks_for(account, "700", "Her sister can lend her 700.")
    walk.decides(manager, second, "approve")
    agreed = Arrangement.objects.get(pk=Escalation.objects.get(pk=second.pk).arrangement_id)
    assert agreed.state == "offered"
    walk.comes(agent, reverse("offer", args=[agreed.pk]))
    page.check("[name=how][value=verbal]")
    walk.looks("approved")
    walk.sends()
    assert again(agreed).state == "active"
    walk.looks("accepted")

    # Paid: the rest is let go.
    walk.comes(finance, reverse("payment-post"))
    page.fill("[name=reference]", account.reference)
    page.fill("[name=amount]", "700.00")
    page.select_option("[name=method]", "cash")
    page.fill("[name=received_on]", TODAY.isoformat())
    page.press("[name=received_on]", "Control+Enter")
    expect(page.locator("#main")).to_contain_text("300.00")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/payments/\d+/$"))
    walk.looks("paid")
    assert (again(account).state, again(account).balance, again(agreed).state) == ("settled", 0, "completed")

    # The money comes back after its day: everything is owed again, and the settlement is breached.
    cash_posted(account.portfolio, TODAY + timedelta(days=9))
    page.goto(reverse("payment-reverse", args=[Payment.objects.get(account=account).pk]))
    page.select_option("[name=reason]", "dishonour")
    page.fill("[name=on]", TODAY.isoformat())
    walk.looks("dishonoured")
    page.press("[name=on]", "Control+Enter")
    page.wait_for_url(re.compile(r"/payments/\d+/$"))
    assert (again(account).balance, again(agreed).state) == (1000, "breached")
    walk.comes(agent, reverse("offer", args=[agreed.pk]))
    expect(page.locator("h1")).to_contain_text(re.compile("breached|rescindido"))
    walk.looks("breached")
    page.goto(reverse("account", args=[account.reference]))
    walk.looks("account")
