"""Complaints on the pages: raised on the account, taken step by step, listed and counted, in both languages."""

from __future__ import annotations

import json
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Complaint
from accounts.services.accounts import move_account
from accounts.services.approvals import approve
from accounts.services.complaints import reject_complaint, tell_of_delay
from collections_crm.services.complaint_letter import data_of
from tests.communications.calls import caller
from tests.complaints.steps import answered, complained, looked_into, referred
from tests.factories import NOW, TODAY, again, make_party, make_portfolio, make_team, make_user, place_account
from tests.support.cases import raise_case
from tests.support.logged_in import as_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def raise_it(client, account, **said):
    given = {
        "category": "contact", "note": "You ring me at work.", "way": "customer", "party": account.parties.get().pk,
        "idempotency": uuid4(),
    }  # fmt: skip
    return client.post(reverse("account-act", args=[account.reference, "complaint"]), given | said, follow=True)


def step(client, complaint, name, **said):
    given = {f"{name}-{field}": value for field, value in ({"idempotency": uuid4()} | said).items()}
    answer = client.post(reverse("complaint-act", args=[complaint.pk, name]), given, follow=True)
    return answer, unescape(answer.content.decode())


def shown(client, complaint) -> str:
    return unescape(client.get(reverse("complaint", args=[complaint.pk])).content.decode())


def test_an_agent_raises_a_complaint_and_the_account_leads_to_it(agent, account, manager):
    client = as_user(agent)

    page = unescape(raise_it(client, account, wanted="Ring my mobile.", about_agent=manager.pk).content.decode())

    complaint = Complaint.objects.get(account=account)
    assert (complaint.category, complaint.way, complaint.about_agent) == ("contact", "customer", manager)
    assert page.count(reverse("complaint", args=[complaint.pk])) == 2
    text = shown(client, complaint)
    assert "Tell the customer by Wed 25 Nov 2026" in text
    assert "You ring me at work." in text
    assert "Ring my mobile." in text


def test_a_double_click_raises_one_complaint(agent, account):
    client, key = as_user(agent), uuid4()

    for _time in range(2):
        raise_it(client, account, idempotency=key)

    assert Complaint.objects.count() == 1


def test_the_form_offers_the_authority_of_the_place_and_keeps_what_was_typed(agent, account):
    client = as_user(agent)
    url = reverse("account-act", args=[account.reference, "complaint"])
    text = client.get(url).content.decode()
    assert "through the Financial Ombudsman Service" in text
    assert "REDECO" not in text

    answer = raise_it(client, account, category="", note="You ring me at work.")

    assert answer.status_code == 422
    assert "You ring me at work." in answer.content.decode()
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("role", ["finance", "admin"])
def test_other_roles_find_no_form(role, account):
    client = as_user(make_user(role))

    assert client.get(reverse("account-act", args=[account.reference, "complaint"])).status_code == 404
    assert reverse("account-act", args=[account.reference, "complaint"]) not in (
        client.get(reverse("account", args=[account.reference])).content.decode()
    )


def test_a_closed_account_still_takes_complaints_and_shows_the_answered_ones(agent, account, manager):
    answered(account, agent, manager, "fees")
    move_account(again(account), "recall", actor=manager, now=NOW, reason="creditor_asked")
    client = as_user(manager)

    page = unescape(client.get(reverse("account", args=[account.reference])).content.decode())

    assert reverse("account-act", args=[account.reference, "complaint"]) in page
    assert "fees or an amount, closed" in page


def test_a_complaint_goes_its_way_step_by_step(agent, account, manager):
    working, deciding = as_user(agent), as_user(manager)
    complaint = complained(account, agent)

    step(working, complaint, "acknowledge")
    step(working, complaint, "review")
    assert "Reject the complaint" not in shown(working, complaint)
    _answer, told = step(deciding, complaint, "delay", until="2027-01-20", reasons="The recording is missing.")
    assert "The customer was told that it comes by Wed 20 Jan 2027" in told
    answer, told = step(deciding, complaint, "uphold", outcome="upheld", reasons="You had told us.")
    assert answer.status_code == 422
    assert "You had told us." in told
    right = {"outcome": "part_upheld", "remedies": ["apology", "money"]}
    step(deciding, complaint, "uphold", reasons="You had told us.", **right)
    _answer, closed = step(working, complaint, "answer", how="email", on=TODAY.isoformat())

    assert again(complaint).state == "closed"
    assert "Sent to the customer on Wed 18 Nov 2026, by e-mail." in closed
    assert "an apology; an amount is put right" in closed
    assert f"{reverse('account-act', args=[account.reference, 'dispute'])}?kind=amount" in closed


def test_it_goes_to_the_ombudsman_and_ends_with_what_it_decides(agent, account, manager):
    complaint = answered(account, agent, manager)
    client = as_user(manager)

    _answer, gone = step(client, complaint, "refer", on=TODAY.isoformat(), reference="FOS-77")
    assert "nothing is asked of them and nothing enforced" in gone
    assert "FOS-77" in gone
    step(client, complaint, "ask")
    _answer, over = step(client, complaint, "ruling", ruling="rejected", on=TODAY.isoformat(), said="Fair enough.")

    assert again(complaint).state == "closed"
    assert "The authority's decision: we are right" in over
    assert "The customer went to the authority" not in over


def test_a_claim_that_is_approved_and_not_filed_is_warned_of_it(agent, manager):
    escalation = raise_case("legal", agent)
    approve(approval_id=escalation.approval_id, actor=manager, now=NOW)
    case = again(escalation).case
    client, url = as_user(manager), reverse("enforcement-case", args=[case.pk])
    assert "Nothing is filed while" not in client.get(url).content.decode()

    complained(case.account, agent, way="fos")

    assert "Nothing is filed while this stands: complaint." in client.get(url).content.decode()


def test_whom_it_is_about_reads_that_somebody_else_takes_it_on(agent, account):
    complaint = complained(account, agent, "conduct", about_agent_id=agent.pk)
    client = as_user(agent)

    assert "This complaint is about you: somebody else takes it on." in shown(client, complaint)
    assert "It is acknowledged" not in shown(client, complaint)
    answer, _told = step(client, complaint, "withdraw")
    assert answer.status_code == 422
    assert again(complaint).state == "raised"


def test_an_agent_finds_no_way_to_decide_and_a_stranger_no_complaint(agent, account):
    complaint = looked_into(account, agent)

    answer = as_user(agent).post(reverse("complaint-act", args=[complaint.pk, "reject"]), {"reject-reasons": "No."})
    assert answer.status_code == 404
    stranger = as_user(make_user("agent"))
    assert stranger.get(reverse("complaint", args=[complaint.pk])).status_code == 404


@pytest.mark.parametrize(
    ("place", "language", "came", "longer", "answer"),
    [
        ("UK", "en", "We received your complaint", "0800 023 4567", "You have six months"),
        ("US", "en", "We received your complaint", "consumerfinance.gov", "Consumer Financial Protection Bureau"),
        ("MX", "es-mx", "Recibimos su queja", "CONDUSEF", "dos años"),
        ("AU", "en", "We received your complaint", "AFCA", "two years from the date of our answer"),
    ],
)
def test_the_letters_are_in_the_customers_language_and_name_the_authority(
    place, language, came, longer, answer, agent, manager
):
    account = place_account(jurisdiction=place, party=make_party("Ana Pérez", language=language), owner=agent)
    complaint = looked_into(account, agent)

    def letter():
        with override(language):
            return data_of(again(complaint), TODAY)

    assert letter()["title"] == came
    assert letter()["closing"] == []
    until = complaint.answer_by + timedelta(days=7)
    tell_of_delay(complaint_id=complaint.pk, reasons="Falta un audio.", until=until, actor=manager, now=NOW)
    assert (letter()["quote"], longer in str(letter()["closing"])) == ("Falta un audio.", True)
    reject_complaint(complaint_id=complaint.pk, reasons="El contrato lo dice.", actor=manager, now=NOW)
    final = letter()
    assert final["quote"] == "El contrato lo dice."
    assert answer in json.dumps(final["closing"], ensure_ascii=False)
    pdf = as_user(manager).get(reverse("complaint-letter", args=[complaint.pk]))
    assert pdf.content.startswith(b"%PDF")
    assert f"{account.reference}-complaint-{complaint.pk}.pdf" in pdf.headers["Content-Disposition"]


def test_reasons_are_asked_for_in_the_customers_language(team, agent, manager):
    account = place_account(jurisdiction="MX", party=make_party("Ana Pérez", language="es-mx"), owner=agent)
    complaint = looked_into(account, agent)

    assert "reasons, in spanish" in shown(as_user(make_user("compliance")), complaint).lower()


def test_open_complaints_stand_in_the_inbox_late_ones_marked(agent, account, manager, compliance):
    complaint = complained(account, agent, received_on=TODAY - timedelta(days=14))
    soon = complained(place_account(owner=agent), agent, received_on=TODAY - timedelta(days=2))

    for user in (agent, manager, compliance):
        page = unescape(as_user(user).get(reverse("inbox")).content.decode())
        assert "Complaints to answer" in page
        assert "late: was due Wed 11 Nov 2026" in page
        assert "due Mon 23 Nov 2026 (in 5 days)" in page
        assert page.index(reverse("complaint", args=[complaint.pk])) < page.index(reverse("complaint", args=[soon.pk]))
    assert "Complaints to answer" not in as_user(make_user("finance")).get(reverse("inbox")).content.decode()


def test_managers_see_what_is_open_late_and_how_many_came_of_what(agent, account, manager):
    late = complained(account, agent, "fees", received_on=TODAY - timedelta(days=14))
    referred(answered(place_account(owner=agent), agent, manager, "fees"), agent)
    answered(place_account(owner=agent), agent, manager)
    complained(place_account(owner=agent), agent, received_on=TODAY - timedelta(days=91))
    client = as_user(manager)

    page = client.get(reverse("complaints"))
    assert [row.complaint.category for row in page.context["rows"]] == ["contact", "fees", "fees"]
    counts = {row.category: row for row in page.context["counts"]}
    assert (counts["fees"].came, counts["fees"].open, counts["fees"].late) == (2, 2, 1)
    assert (counts["fees"].rejected, counts["fees"].referred, counts["contact"].came) == (1, 1, 1)

    overdue = client.get(reverse("complaints"), {"which": "late"})
    assert [row.complaint.pk for row in overdue.context["rows"]][1] == late.pk
    assert all(row.is_late for row in overdue.context["rows"])
    about = client.get(reverse("complaints"), {"category": "contact"})
    assert [row.complaint.state for row in about.context["rows"]] == ["closed"]


def test_the_list_asks_as_many_questions_of_many_complaints_as_of_few(
    agent, account, manager, django_assert_max_num_queries
):
    client = as_user(manager)
    for place in ("UK", "UK", "UK"):
        complained(place_account(jurisdiction=place, owner=agent), agent)
    client.get(reverse("complaints"))

    with django_assert_max_num_queries(14) as few:
        client.get(reverse("complaints"))
    for _number in range(6):
        complained(place_account(owner=agent), agent, "fees")
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("complaints"))


def test_other_teams_complaints_are_neither_listed_nor_counted(agent, account, manager):
    complained(account, agent)
    elsewhere = make_team(make_portfolio("AU", code="au-others"), name="Others")

    page = as_user(make_user("manager", elsewhere)).get(reverse("complaints"))

    assert (page.context["rows"], page.context["counts"]) == ([], [])
    assert len(as_user(manager).get(reverse("complaints")).context["rows"]) == 1


def test_the_list_says_nothing_of_who_is_on_the_line_unverified(agent, account, manager):
    complaint = complained(account, agent, "fees")
    caller(account, manager)

    page = as_user(manager).get(reverse("complaints"))

    assert page.context["rows"] == []
    assert reverse("complaint", args=[complaint.pk]) not in page.content.decode()


def test_the_pages_are_in_spanish(agent, account, manager):
    complaint = looked_into(account, agent)
    manager.language = "es-mx"
    manager.save(update_fields=["language"])
    client = as_user(manager)

    assert "Queja" in shown(client, complaint)
    assert "improcedente" in shown(client, complaint).lower()
    assert "Quejas" in client.get(reverse("complaints")).content.decode()
