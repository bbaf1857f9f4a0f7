"""A merchant calls, asks to be reconciled and sends a statement; proposed, agreed to, and the new schedule is there."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Approval, Reconciliation
from tests.communications.calls import caller, verify
from tests.factories import NOW, make_portfolio, make_team, make_user
from tests.support.advances import advance, bank_file
from tests.support.browser import sign_in, switch_to
from tests.support.looking import looked_at

PASSWORD = "three quiet herons"


@pytest.fixture(scope="module")
def live_env():
    return {"FROZEN_NOW": NOW.isoformat()}


def statement() -> bytes:
    """Two weeks of sales, a rent that went out, and a row that nobody can read."""
    days = [date(2026, 11, 2) + timedelta(days=step) for step in range(12)]
    sales = [f"{day.isoformat()},Card sales,1000.00," for day in days if day.weekday() < 5]
    return bank_file(*sales, "2026-11-12,Rent,,2400.00", "2026-11-13,Unknown,ten,")


def someone(role, team):
    person = make_user(role, team)
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("language", ["en", "es-mx"])
def test_a_merchant_is_reconciled_from_the_call_to_the_new_schedule(browser_page, tmp_path, language):
    page, team = browser_page, make_team(make_portfolio("US", "mca", regulated=False))
    agent, manager = someone("agent", team), someone("manager", team)
    account = advance(owner=agent, language=language)
    contact = caller(account, agent)
    verify(contact, agent, {"tax_tail": "6789", "postcode": "10001"})
    file = tmp_path / "bank.csv"
    file.write_bytes(statement())
    sign_in(page, agent.username, PASSWORD)
    page.goto(reverse("account", args=[account.reference]))
    if language != "en":
        switch_to(page, language)
    looked_at(page, f"advance-{language}")

    page.locator("#advance").get_by_role("link", name=re.compile("Reconcile|Conciliar")).click()
    page.fill("#id_note", "My sales are half of what they were.")
    looked_at(page, f"ask-{language}")
    page.locator("#main form [data-main]").click()
    page.wait_for_url(f"**/accounts/{account.reference}/")
    case = Reconciliation.objects.get(account=account)
    page.locator("#advance").get_by_role("link", name=re.compile("Reconcil|Concilia")).click()

    page.wait_for_url("**/reconciliations/*/")
    page.set_input_files("#id_file-file", str(file))
    looked_at(page, f"asked-{language}")
    page.get_by_role("button", name=re.compile("Read the file|Leer el archivo")).click()
    page.wait_for_url("**/statements/*/")
    looked_at(page, f"columns-{language}")
    page.locator("#main form [data-main]").click()

    page.wait_for_url("**/reconciliations/*/")
    expect(page.locator("#figures-title + dl")).to_contain_text("111.11")
    looked_at(page, f"figures-{language}")
    page.get_by_role("button", name=re.compile("Ask a manager to agree|Pedir el acuerdo de un gerente")).click()
    page.wait_for_load_state()
    request = Approval.objects.get(kind="reconciliation", subject_id=case.pk)

    page.context.clear_cookies()
    sign_in(page, manager.username, PASSWORD)
    page.goto(reverse("approval", args=[request.pk]))
    looked_at(page, f"approval-{language}")
    page.keyboard.press("a")
    page.wait_for_url("**/approve/")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/approvals/\d+/$"))

    page.goto(reverse("reconciliation", args=[case.pk]))
    expect(page.locator("#figures-title ~ .table-scroll").first).to_contain_text("111.11")
    looked_at(page, f"done-{language}")
    done = Reconciliation.objects.get(pk=case.pk)
    assert (done.state, done.after.remittance) == ("done", done.remittance)
