"""Hardship: opened by the customer's word, decided on its clocks by a budget, refused only with reasons."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils.translation import override

from accounts.foundation.errors import Refused
from accounts.models import Hold, HoldKind
from accounts.services.holds import place_hold, release_hold
from arrangements.models import HardshipCase
from arrangements.services.hardship import (
    answer_hardship,
    ask_information,
    assess_hardship,
    decline_help,
    end_hardship,
    grant_help,
    record_hardship,
    review_help,
)
from collections_crm.services.hardship_letter import data_of
from tests.arrangements.test_budgets import taken
from tests.communications.calls import conclude, ring, verify
from tests.factories import NOW, TODAY, again, make_limit, make_party, make_user, place_account
from tests.support.logged_in import as_user
from tests.support.offers import accepted, offer

pytestmark = pytest.mark.django_db
NEXT_MONTH = TODAY + timedelta(days=30)


@pytest.fixture
def account(team, agent):
    make_limit("agent", plan_max_days=365)
    return place_account(owed="1200.00", due="400.00", owner=agent)


@pytest.fixture
def manager(team):
    return make_user("manager", team)


def case_of(account, actor, *, now=NOW) -> HardshipCase:
    place_hold(kind=HoldKind.HARDSHIP, account_id=account.pk, actor=actor, now=now)
    return HardshipCase.objects.latest("pk")


def assessed(account, actor, *, now=NOW) -> HardshipCase:
    case = case_of(account, actor, now=now)
    record_hardship(case_id=case.pk, is_different=False, actor=actor, now=now)
    taken(account, actor, now=now)
    return assess_hardship(case_id=case.pk, actor=actor, now=now)


def refused(account, actor, decider, *, now=NOW) -> HardshipCase:
    case = assessed(account, actor, now=now)
    return decline_help(case_id=case.pk, reasons="The budget leaves enough.", actor=decider, now=now)


def refusal_of(act, **given) -> str:
    with pytest.raises(Refused) as caught:
        act(**given)
    return caught.value.code


def test_who_says_on_a_call_that_they_cannot_pay_has_a_case_with_its_clock(account, agent):
    call = ring(account, agent)
    verify(call, agent)
    conclude(call, agent, "cannot_pay")

    case = HardshipCase.objects.get()
    assert (case.state, case.noticed_on, case.decide_by) == ("signalled", TODAY, NEXT_MONTH)
    assert (case.hold.kind, case.hold.in_force, case.opened_by) == ("hardship", True, agent)


def test_a_person_has_one_case_however_often_it_is_said(account, agent):
    case_of(account, agent)
    case_of(account, agent)

    assert HardshipCase.objects.count() == 1


def test_in_australia_information_is_asked_within_21_days_and_decided_by_its_clocks(team, agent):
    account = place_account(jurisdiction="AU")
    case = case_of(account, agent)
    assert case.decide_by == date(2026, 12, 10)
    record_hardship(case_id=case.pk, is_different=False, actor=agent, now=NOW)
    late = {"case_id": case.pk, "actor": agent, "now": NOW + timedelta(days=22)}
    assert refusal_of(ask_information, **late) == "hardship_asked_too_late"

    asked = ask_information(case_id=case.pk, actor=agent, now=NOW + timedelta(days=21))
    assert (asked.information_by, asked.decide_by) == (date(2026, 12, 31), date(2027, 1, 7))

    came = NOW + timedelta(days=25)
    taken(account, agent, now=came)
    assert assess_hardship(case_id=case.pk, actor=agent, now=came).decide_by == date(2027, 1, 4)


def test_nothing_is_decided_without_a_budget_that_holds(account, agent):
    case = case_of(account, agent)
    record_hardship(case_id=case.pk, is_different=False, actor=agent, now=NOW)

    assert refusal_of(assess_hardship, case_id=case.pk, actor=agent, now=NOW) == "hardship_needs_budget"


def test_a_pause_is_granted_until_a_day_and_the_hold_is_looked_at_then(account, agent):
    case = assessed(account, agent)

    grant_help(case_id=case.pk, measure="pause", review_on=NEXT_MONTH, actor=agent, now=NOW)

    case = again(case)
    assert (case.state, case.measure, case.hold.review_on) == ("granted", "pause", NEXT_MONTH)
    assert case.hold.in_force
    assert again(account).next_on == NEXT_MONTH


def test_a_plan_is_agreed_before_it_is_granted_and_its_own_hold_takes_over(account, agent):
    case = assessed(account, agent)
    asked = {"case_id": case.pk, "measure": "arrangement", "review_on": NEXT_MONTH, "actor": agent, "now": NOW}
    assert refusal_of(grant_help, **asked) == "hardship_needs_arrangement"

    plan = accepted(offer(account, agent, count=12), agent)
    grant_help(**asked)

    case = again(case)
    assert (case.arrangement, case.hold.in_force) == (plan, False)
    assert Hold.objects.get(kind="arrangement").in_force


def test_help_is_renewed_or_ends_when_it_is_looked_at_again(account, agent):
    case = assessed(account, agent)
    grant_help(case_id=case.pk, measure="pause", review_on=NEXT_MONTH, actor=agent, now=NOW)
    later = NOW + timedelta(days=30)
    review_help(case_id=case.pk, actor=agent, now=later)

    again_until = NEXT_MONTH + timedelta(days=30)
    grant_help(case_id=case.pk, measure="pause", review_on=again_until, actor=agent, now=later)
    assert again(case).review_on == again_until
    end_hardship(case_id=case.pk, actor=agent, now=later)

    assert (again(case).state, again(case).hold.in_force) == ("ended", False)
    assert again(account).next_kind == "act"


def test_help_lasts_a_year_at_most(account, agent):
    case = assessed(account, agent)
    asked = {"case_id": case.pk, "measure": "pause", "actor": agent, "now": NOW}

    assert refusal_of(grant_help, review_on=TODAY + timedelta(days=366), **asked) == "hardship_help_until"
    assert refusal_of(grant_help, review_on=TODAY, **asked) == "hardship_help_until"


def test_help_is_refused_by_managers_with_reasons_and_ends_with_the_letter_that_was_sent(account, agent, manager):
    case = assessed(account, agent)
    assert refusal_of(decline_help, case_id=case.pk, reasons="No.", actor=agent, now=NOW) == "hardship_not_your_role"
    assert refusal_of(decline_help, case_id=case.pk, reasons="", actor=manager, now=NOW) == "hardship_reasons_needed"

    decline_help(case_id=case.pk, reasons="The budget leaves enough.", actor=manager, now=NOW)
    assert refusal_of(end_hardship, case_id=case.pk, actor=manager, now=NOW) == "hardship_answer_first"
    answer_hardship(case_id=case.pk, on=TODAY, actor=agent, now=NOW)

    assert (again(case).state, again(case).hold.in_force) == ("ended", False)


def test_in_australia_enforcement_waits_from_the_refusal_on(team, agent, manager):
    account = place_account(jurisdiction="AU")
    case = refused(account, agent, manager)
    today = date(2026, 11, 19)

    answer_hardship(case_id=case.pk, on=today, actor=agent, now=NOW)

    notice = account.first_notices.get(kind="hardship_refused")
    assert (notice.sent_on, notice.wait_until) == (today, date(2026, 12, 2))


def test_a_second_refusal_is_somebody_elses(account, agent, manager):
    first = refused(account, agent, manager)
    answer_hardship(case_id=first.pk, on=TODAY, actor=agent, now=NOW)
    later = NOW + timedelta(days=40)
    second = assessed(account, agent, now=later)
    assert second.earlier == first

    given = {"case_id": second.pk, "reasons": "Still enough.", "now": later}
    assert refusal_of(decline_help, actor=manager, **given) == "hardship_refused_by_you_before"
    assert decline_help(actor=make_user("compliance"), **given).state == "declined"


def test_a_case_after_four_months_is_no_repeat(account, agent, manager):
    first = refused(account, agent, manager)
    answer_hardship(case_id=first.pk, on=TODAY, actor=agent, now=NOW)

    assert case_of(account, agent, now=NOW + timedelta(days=123)).earlier is None


def test_a_hold_lifted_by_hand_takes_its_case_with_it(account, agent, manager):
    case = case_of(account, agent)

    release_hold(hold_id=case.hold_id, reason="placed_in_error", actor=manager, now=NOW)

    assert again(case).state == "ended"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE arrangements_hardshipcase SET noticed_on = noticed_on - 30",
        "UPDATE arrangements_hardshipcase SET state = 'ended', ended_at = now()",
        "UPDATE arrangements_hardshipcase SET decide_by = decide_by + 30",
        "UPDATE arrangements_hardshipcase SET reasons_id = NULL",
        "DELETE FROM arrangements_hardshipcase",
    ],
)
def test_the_database_keeps_what_was_decided_and_until_when(statement, account, agent, manager):
    refused(account, agent, manager)

    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement)


def step(client, case, name, **said):
    given = {f"{name}-{field}": value for field, value in ({"idempotency": uuid4()} | said).items()}
    answer = client.post(reverse("hardship-act", args=[case.pk, name]), given, follow=True)
    return unescape(answer.content.decode())


@pytest.mark.usefixtures("frozen")
def test_an_agent_takes_a_case_from_the_account_to_granted_help(account, agent):
    client = as_user(agent)
    said = {"note": "Lost the job in May.", "reason": "customer_told", "review_on": ""}
    client.post(reverse("account-act", args=[account.reference, "hardship"]), said)
    case = HardshipCase.objects.get()
    assert reverse("hardship", args=[case.pk]) in client.get(reverse("account", args=[account.reference])).text
    assert reverse("hardship", args=[case.pk]) in client.get(reverse("inbox")).text

    step(client, case, "record")
    assert "Take the customer's budget first" in step(client, case, "assess")
    taken(account, agent)
    step(client, case, "assess")
    page = step(client, case, "grant", measure="pause", review_on=NEXT_MONTH.isoformat())

    assert "Granted. It is looked at again on its day." in page
    assert "nothing is asked for a while" in page
    assert "Refuse help" not in page


@pytest.mark.usefixtures("frozen")
def test_a_manager_reads_who_may_refuse_and_the_letter_gives_reasons_and_the_way_to_complain(team, agent, manager):
    account = place_account(jurisdiction="MX", party=make_party("Ana Pérez", language="es-mx"))
    case = assessed(account, agent)
    assert "Refuse help" not in as_user(agent).get(reverse("hardship", args=[case.pk])).text

    page = step(as_user(manager), case, "decline", reasons="El presupuesto alcanza.")
    with override("es-mx"):
        letter = data_of(again(case), TODAY)
    pdf = as_user(agent).get(reverse("hardship-letter", args=[case.pk]))

    assert "El presupuesto alcanza." in page
    assert letter["quote"] == "El presupuesto alcanza."
    assert "CONDUSEF" in letter["closing"][0]
    assert pdf.content.startswith(b"%PDF")


def test_a_stranger_finds_no_case(account, agent):
    case = case_of(account, agent)

    assert as_user(make_user("agent")).get(reverse("hardship", args=[case.pk])).status_code == 404
