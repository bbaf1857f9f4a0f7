"""Disputes on the pages: raised on the account, taken step by step, answered by a letter in the customer's language."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Approval, Dispute, Payment
from accounts.services.approvals import approve
from accounts.services.disputes import reject_dispute
from collections_crm.services.dispute_letter import data_of
from tests.disputes.steps import disputed, under_review, upheld
from tests.factories import NOW, TODAY, again, make_party, make_user, pay, place_account
from tests.support.logged_in import as_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
LATE = '<span class="badge stop">late</span>'


def raise_it(client, account, **said):
    given = {"kind": "amount", "note": "The fees are wrong.", "party": account.parties.get().pk, "idempotency": uuid4()}
    return client.post(reverse("account-act", args=[account.reference, "dispute"]), given | said, follow=True)


def step(client, dispute, name, **said):
    given = {f"{name}-{field}": value for field, value in ({"idempotency": uuid4()} | said).items()}
    answer = client.post(reverse("dispute-act", args=[dispute.pk, name]), given, follow=True)
    return answer, unescape(answer.content.decode())


def test_an_agent_raises_a_dispute_of_a_part_and_its_hold_leads_to_it(agent, account):
    client = as_user(agent)

    page = unescape(raise_it(client, account, amount="150.00").content.decode())

    dispute = Dispute.objects.get(account=account)
    assert (dispute.kind, dispute.amount, dispute.said.text) == ("amount", 150, "The fees are wrong.")
    assert reverse("dispute", args=[dispute.pk]) in page
    assert "150.00" in page
    shown = client.get(reverse("dispute", args=[dispute.pk])).content.decode()
    assert "Tell the customer by" in shown
    assert "Owed when it came" in shown


def test_a_double_click_raises_one_dispute(agent, account):
    client, key = as_user(agent), uuid4()

    for _time in range(2):
        raise_it(client, account, idempotency=key)

    assert Dispute.objects.count() == 1


def test_more_than_is_owed_comes_back_with_what_was_typed(agent, account):
    page = unescape(raise_it(as_user(agent), account, amount="1500").content.decode())

    assert "at most the balance of 1,200.00 GBP" in page
    assert "The fees are wrong." in page
    assert not Dispute.objects.exists()


def test_a_dispute_goes_its_way_step_by_step(agent, account, manager, second_manager):
    working, deciding = as_user(agent), as_user(manager)
    dispute = disputed(account, agent, amount="150.00")

    step(working, dispute, "acknowledge")
    step(working, dispute, "evidence", of="creditor", by=TODAY.isoformat())
    step(working, dispute, "review")
    _answer, asked = step(deciding, dispute, "uphold", credit="150.00", reasons="Fees taken twice.")
    assert "Nothing is changed before they agree." in asked
    assert "Reject the dispute" not in asked

    request = Approval.objects.get(kind="dispute_upheld")
    shown = unescape(as_user(second_manager).get(reverse("approval", args=[request.pk])).content.decode())
    assert "Fees taken twice." in shown
    assert "wrong amount" in shown
    approve(approval_id=request.pk, actor=second_manager, now=NOW)
    _answer, closed = step(working, dispute, "answer", how="email", on=TODAY.isoformat())

    assert again(dispute).state == "closed"
    assert "Sent to the customer on Wed 18 Nov 2026, by e-mail." in closed
    assert again(account).balance == 1050


def test_a_step_out_of_turn_is_refused_in_words(agent, account, manager):
    dispute = disputed(account, agent)

    answer, page = step(as_user(manager), dispute, "uphold", credit="10", reasons="Right.")

    assert answer.status_code == 422
    assert "Take the dispute under review first." in page or dispute.get_state_display() in page
    assert not Approval.objects.exists()


def test_an_agent_finds_no_way_to_decide(agent, account):
    dispute = under_review(account, agent)
    client = as_user(agent)

    assert "Reject the dispute" not in client.get(reverse("dispute", args=[dispute.pk])).content.decode()
    assert (
        client.post(reverse("dispute-act", args=[dispute.pk, "reject"]), {"reject-reasons": "No."}).status_code == 404
    )


def test_the_letter_is_in_the_customers_language_with_the_reasons_as_written(team, agent, manager):
    account = place_account(jurisdiction="MX", party=make_party("Ana Pérez", language="es-mx"))
    dispute = under_review(account, agent)
    with override("es-mx"):
        assert data_of(dispute, TODAY)["title"] == "Recibimos su aclaración"
    reject_dispute(dispute_id=dispute.pk, reasons="El contrato lo dice.", actor=manager, now=NOW)

    with override("es-mx"):
        data = data_of(again(dispute), TODAY)
    pdf = as_user(agent).get(reverse("dispute-letter", args=[dispute.pk]))

    assert data["quote"] == "El contrato lo dice."
    assert "CONDUSEF" in data["closing"][0]
    assert pdf.content.startswith(b"%PDF")


def test_reasons_are_asked_for_in_the_customers_language(team, agent, manager):
    account = place_account(jurisdiction="MX", party=make_party("Ana Pérez", language="es-mx"))
    dispute = under_review(account, agent)

    page = as_user(manager).get(reverse("dispute", args=[dispute.pk])).content.decode()
    assert "reasons, in spanish" in page.lower()


def test_open_disputes_stand_in_the_inbox_with_their_day(agent, account, manager, compliance):
    dispute = disputed(account, agent)

    for user in (agent, manager, compliance):
        page = as_user(user).get(reverse("inbox")).content.decode()
        assert "Disputes to answer" in page
        assert reverse("dispute", args=[dispute.pk]) in page
    assert "Disputes to answer" not in as_user(make_user("finance")).get(reverse("inbox")).content.decode()


def test_money_goes_to_a_disputed_debt_only_when_somebody_looked(agent, account):
    disputed(account, agent)
    desk = as_user(make_user("finance"))
    sent = {
        "reference": account.reference, "amount": "100.00", "method": "transfer",
        "received_on": TODAY.isoformat(), "idempotency": uuid4(), "confirmed": "1",
    }  # fmt: skip

    asked = unescape(desk.post(reverse("payment-post"), sent).content.decode())
    assert "100.00 GBP of it would pay what is in dispute" in asked
    assert not Payment.objects.exists()
    desk.post(reverse("payment-post"), sent | {"sure": "1"})

    assert Payment.objects.get().account == account


def test_a_stranger_finds_no_dispute(agent, account):
    dispute = disputed(account, agent)

    assert as_user(make_user("agent")).get(reverse("dispute", args=[dispute.pk])).status_code == 404


def test_a_withdrawal_asks_what_the_customer_said(agent, account):
    dispute = disputed(account, agent)
    client = as_user(agent)

    answer, _page = step(client, dispute, "withdraw", said="")
    assert (answer.status_code, again(dispute).state) == (422, "raised")
    _answer, page = step(client, dispute, "withdraw", said="I found the receipt.")

    assert again(dispute).state == "closed"
    assert "Decision: withdrawn" in page
    assert "I found the receipt." in page


def test_whom_it_is_about_finds_nothing_to_do(agent, account):
    dispute = disputed(account, agent, "service", about_agent_id=agent.pk)
    client = as_user(agent)

    page = client.get(reverse("dispute", args=[dispute.pk])).content.decode()
    _answer, refused = step(client, dispute, "withdraw", said="Never mind.")

    assert "Nothing is to be done here by you now." in page
    assert "This dispute is about you" in refused
    assert again(dispute).state == "raised"


def test_the_page_tells_each_round_with_its_letter(agent, account, manager, second_manager):
    dispute = upheld(under_review(account, agent, amount="150.00"), manager, second_manager, "50.00")
    client = as_user(manager)
    step(client, dispute, "answer", how="post", on=TODAY.isoformat())
    step(client, dispute, "reopen")

    page = unescape(client.get(reverse("dispute", args=[dispute.pk])).content.decode())

    letter = dispute.decisions.get().letter
    assert f"asked by {manager.username}, agreed by {second_manager.username}" in page
    assert "50.00 GBP was taken off." in page
    assert "Approval asked for" in page
    kept = client.get(reverse("account-file", args=[account.reference, letter.pk]))
    assert kept.status_code == 200


def test_finance_pays_back_on_the_page_of_the_dispute(agent, account, manager, second_manager):
    dispute = under_review(account, agent, amount="150.00")
    pay(account, "1100.00")
    upheld(dispute, manager, second_manager, "150.00")
    desk = as_user(make_user("finance"))

    assert "To pay back to customers" in desk.get(reverse("inbox")).content.decode()
    _answer, page = step(desk, dispute, "refund", on=TODAY.isoformat())

    assert "50.00 GBP was paid back on" in page
    assert again(account).balance == 0
    assert as_user(manager).post(reverse("dispute-act", args=[dispute.pk, "refund"])).status_code == 404


def test_the_account_shows_what_is_in_dispute_and_what_may_be_asked(agent, account, manager):
    disputed(account, agent, amount="150.00")
    client = as_user(agent)

    page = unescape(client.get(reverse("account", args=[account.reference])).content.decode())
    assert "150.00 GBP in dispute" in page
    assert "May be asked now" in page
    desk = as_user(manager)
    promised = unescape(desk.get(reverse("promise", args=[account.reference])).content.decode())
    assert 'value="250.00"' in promised
    workbench = unescape(client.get(reverse("negotiate", args=[account.reference])).content.decode())
    assert "May be asked in all" in workbench


def test_evidence_is_asked_of_both_on_the_page(agent, account):
    dispute = disputed(account, agent)
    client = as_user(agent)
    step(client, dispute, "acknowledge")

    step(client, dispute, "evidence", of="creditor", by=TODAY.isoformat())
    _answer, page = step(client, dispute, "evidence", of="customer", by=TODAY.isoformat())

    assert "Evidence was asked of the customer by" in page
    assert "Evidence was asked of the creditor by" in page
    assert "Evidence asked for: the creditor" in page


def test_a_dispute_past_its_day_says_so_in_the_inbox(agent, account, settings):
    dispute = disputed(account, agent)
    client = as_user(agent)
    assert LATE not in client.get(reverse("inbox")).content.decode()

    settings.FROZEN_NOW = NOW + timedelta(days=(dispute.due_on - TODAY).days + 1)
    assert LATE in client.get(reverse("inbox")).content.decode()
