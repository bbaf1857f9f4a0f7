"""The pages of hardship: told on the account page, taken step by step, read by whom it concerns, sent as a letter."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.models import AccountParty, Attachment, Hold, Note
from accounts.services.approvals import approve
from arrangements.models import HardshipCase
from collections_crm.services.hardship_letter import data_of
from tests.factories import NOW, TODAY, again, make_party, make_portfolio, make_team, make_user, place_account
from tests.support.cases import raise_case
from tests.support.hardship import NEXT_MONTH, asked, assessed, budgeted, paused, refused, told
from tests.support.logged_in import as_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def account(team, agent):
    return place_account(owed="1200.00", due="400.00", owner=agent)


@pytest.fixture
def manager(team):
    return make_user("manager", team)


def step(client, case, name, **said):
    given = {f"{name}-{field}": value for field, value in ({"idempotency": uuid4()} | said).items()}
    answer = client.post(reverse("hardship-act", args=[case.pk, name]), given, follow=True)
    return unescape(answer.content.decode())


def tell(client, account, **said):
    given = {"note": "", "reason": "customer_told", "received_on": "", "party": account.parties.first().pk} | said
    return client.post(reverse("account-act", args=[account.reference, "hardship"]), given)


def read(client, name, *args):
    return unescape(client.get(reverse(name, args=args)).text)


def test_an_agent_takes_a_case_from_the_account_to_granted_help(account, agent):
    client = as_user(agent)
    tell(client, account, note="40 a month from January.")
    case = HardshipCase.objects.get()
    assert reverse("hardship", args=[case.pk]) in read(client, "account", account.reference)
    assert reverse("hardship", args=[case.pk]) in read(client, "inbox")

    step(client, case, "record")
    assert "Take the customer's budget first" in step(client, case, "assess")
    budgeted(account, agent)
    step(client, case, "assess")
    page = step(client, case, "grant", measure="pause", review_on=NEXT_MONTH.isoformat())

    assert "Granted. It is looked at again on its day." in page
    assert "Nothing is asked for a while" in page
    assert "Refuse help" not in page


def test_the_form_asks_what_can_be_paid_and_leads_apart_to_why_it_cannot(account, agent):
    page = read(as_user(agent), "account-act", account.reference, "hardship")

    assert "what they can pay, and from when" in page.lower()
    assert reverse("account-support", args=[account.reference]) in page
    assert "what happened" not in page.lower()


def test_the_form_takes_the_day_and_who_of_several_cannot_pay(account, agent):
    other = make_party("Luis Ortega")
    AccountParty.objects.create(account=account, party=other, role="co_borrower")
    client, before = as_user(agent), TODAY - timedelta(days=3)

    tell(client, account, received_on=before.isoformat(), party=other.pk)
    ahead = tell(client, account, received_on=(TODAY + timedelta(days=1)).isoformat())

    case = HardshipCase.objects.get()
    assert (case.party, case.noticed_on, case.hold.person) == (other, before, other)
    assert ahead.status_code == 422


def test_pressing_it_twice_leaves_one_case_and_one_hold(account, agent):
    client = as_user(agent)

    tell(client, account)
    tell(client, account)

    assert (HardshipCase.objects.count(), Hold.objects.count()) == (1, 1)


def test_granted_help_says_how_long_it_has_gone_on(account, agent):
    case = paused(account, agent)
    client = as_user(agent)
    step(client, case, "review")

    page = step(client, case, "grant", measure="pause", review_on=NEXT_MONTH.isoformat())

    assert "renewed 1 time" in page


def test_a_manager_reads_who_may_refuse_and_the_letter_that_went_is_kept(team, agent, manager):
    account = place_account(jurisdiction="MX", party=make_party("Ana Pérez", language="es-mx"))
    case = assessed(account, agent)
    assert "Refuse help" not in read(as_user(agent), "hardship", case.pk)

    client = as_user(manager)
    page = step(client, case, "decline", reasons="El presupuesto alcanza.")
    with override("es-mx"):
        letter = data_of(again(case), TODAY)
    assert "El presupuesto alcanza." in page
    assert letter["quote"] == "El presupuesto alcanza."
    assert "CONDUSEF" in letter["closing"][0]

    page = step(client, case, "answer", how="hand", on=TODAY.isoformat())
    kept = Attachment.objects.get(kind="hardship_letter")
    assert "handed over" in page
    assert reverse("account-file", args=[account.reference, kept.pk]) in page
    assert bytes(kept.content).startswith(b"%PDF")


def sentences(case):
    return " ".join(data_of(again(case), TODAY)["sentences"])


def test_the_letter_of_an_ended_case_promises_nothing(account, agent, manager):
    case = told(account, agent)
    assert "Until then we do not ask you" in sentences(case)

    step(as_user(agent), case, "withdraw", said="I can pay after all.")

    assert "Until then" not in sentences(case)
    assert "you took back that you cannot pay" in sentences(case)


@pytest.mark.parametrize("role", ["finance", "admin"])
def test_who_works_no_cases_reads_neither_case_nor_reasons_nor_letter_nor_budget(role, account, agent, manager):
    case = refused(account, agent, manager)
    step(as_user(agent), case, "answer", how="post", on=TODAY.isoformat())
    kept, stranger = Attachment.objects.get(kind="hardship_letter"), as_user(make_user(role))

    for name in ("hardship", "hardship-letter"):
        assert stranger.get(reverse(name, args=[case.pk])).status_code == 403
    assert stranger.get(reverse("budget", args=[again(case).budget_id])).status_code == 403
    assert stranger.get(reverse("account-file", args=[account.reference, kept.pk])).status_code == 404
    assert stranger.get(reverse("evidence", args=[kept.pk])).status_code == 404
    for page in ("account", "account-older"):
        assert "The budget leaves enough." not in read(stranger, page, account.reference)
        assert kept.name not in read(stranger, page, account.reference)
        assert "elp refused" not in read(stranger, page, account.reference)
    assert "The budget leaves enough." in read(as_user(agent), "account", account.reference)
    assert Note.objects.filter(text="The budget leaves enough.").exists()


def test_a_hold_leads_to_its_own_case_where_that_may_be_opened(team, agent):
    who = make_party()
    here = place_account(party=who, owner=agent)
    abroad = make_portfolio("AU")
    colleague = make_user("agent", make_team(abroad, name="Sydney"))
    abroad.teams.set([colleague.team])
    there = place_account(portfolio=abroad, party=who)
    ours, theirs = told(here, agent), told(there, colleague)

    page = read(as_user(agent), "account", here.reference)

    assert reverse("hardship", args=[ours.pk]) in page
    assert reverse("hardship", args=[theirs.pk]) not in page


def test_a_link_to_take_the_budget_names_whose_it_is(account, agent):
    other = make_party("Luis Ortega")
    AccountParty.objects.create(account=account, party=other, role="co_borrower")
    case = asked(account, agent, party=other)
    link = f"{reverse('budget-take', args=[account.reference])}?party={other.pk}"
    client = as_user(agent)

    assert link in read(client, "hardship", case.pk)
    assert f'<option value="{other.pk}" selected' in client.get(link).text


def test_who_cannot_be_refused_yet_reads_why(account, agent, manager):
    case = asked(account, agent)

    client = as_user(manager)
    assert "Refuse help" not in read(client, "hardship", case.pk)

    page = step(client, case, "decline", reasons="Nothing came.")

    assert "The customer may answer until" in page


def test_a_stranger_finds_no_case(account, agent):
    case = told(account, agent)

    assert as_user(make_user("agent")).get(reverse("hardship", args=[case.pk])).status_code == 404


def test_the_page_of_enforcement_says_what_stands_against_filing(account, agent, manager):
    escalation = raise_case("ucc", agent)
    approve(approval_id=escalation.approval_id, actor=manager, now=NOW)
    enforcement = again(escalation).case
    told(enforcement.account, agent)

    page = read(as_user(agent), "enforcement-case", enforcement.pk)

    assert "Nothing is filed while this stands: hardship." in page
