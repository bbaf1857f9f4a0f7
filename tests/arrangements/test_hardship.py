"""Hardship: opened by the customer's word, decided on its clocks by a budget, refused only with reasons."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.foundation.errors import Refused
from accounts.models import AccountParty, Hold
from arrangements.models import HARDSHIP_CLOCKS, HardshipCase
from arrangements.services.hardship import (
    answer_hardship,
    ask_information,
    assess_hardship,
    decline_help,
    grant_help,
    record_hardship,
    review_help,
)
from arrangements.services.hardship_ends import void_hardship
from arrangements.services.hardship_opening import open_hardship
from arrangements.services.promises import cancel_arrangement
from tests.communications.calls import conclude, ring, verify
from tests.factories import (
    NOW,
    TODAY,
    again,
    make_limit,
    make_party,
    make_user,
    place_account,
)
from tests.support.hardship import (
    LETTER,
    NEXT_MONTH,
    answered,
    asked,
    assessed,
    budgeted,
    paused,
    recorded,
    refused,
    told,
)
from tests.support.offers import accepted, offer
from tests.support.promises import promise

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def account(team, agent):
    make_limit("agent", plan_max_days=365)
    return place_account(owed="1200.00", due="400.00", owner=agent)


@pytest.fixture
def manager(team):
    return make_user("manager", team)


def refusal_of(act, **given) -> str:
    with pytest.raises(Refused) as caught:
        act(**given)
    return caught.value.code


def test_who_says_on_a_call_that_they_cannot_pay_has_a_case_with_its_clock_and_its_hold(account, agent):
    call = ring(account, agent)
    verify(call, agent)
    conclude(call, agent, "cannot_pay")

    case = HardshipCase.objects.get()
    assert (case.state, case.noticed_on, case.decide_by) == ("signalled", TODAY, NEXT_MONTH)
    assert (case.hold.kind, case.hold.in_force, case.opened_by) == ("hardship", True, agent)
    assert (case.hold.placed_for_type, case.hold.placed_for_id) == ("hardshipcase", case.pk)
    assert case.hold.review_on == NEXT_MONTH
    assert again(account).next_kind == "review_hold"


@pytest.mark.parametrize(
    ("place", "decide_by", "information_by", "without_it", "with_it"),
    [
        ("AU", date(2026, 12, 10), date(2026, 12, 10), date(2026, 12, 17), date(2026, 12, 11)),
        ("UK", date(2026, 12, 18), date(2026, 12, 18), date(2027, 1, 17), date(2026, 12, 19)),
        ("US", date(2026, 12, 18), date(2026, 12, 18), date(2027, 1, 17), date(2026, 12, 19)),
        ("MX", date(2026, 12, 18), date(2026, 12, 18), date(2027, 1, 17), date(2026, 12, 19)),
    ],
)
def test_each_place_has_its_days(place, decide_by, information_by, without_it, with_it, team, agent):
    account = place_account(jurisdiction=place)
    case = told(account, agent, received_on=TODAY + (DAY if place == "AU" else 0 * DAY))
    assert case.decide_by == decide_by
    case = asked(account, agent)
    assert (case.information_by, case.decide_by) == (information_by, without_it)

    came = NOW + DAY
    budgeted(account, agent, now=came)
    assert assess_hardship(case_id=case.pk, actor=agent, now=came).decide_by == with_it


def test_the_days_run_from_the_day_on_which_the_notice_was_received(account, agent):
    case = told(account, agent, received_on=TODAY - timedelta(days=5))

    assert (case.noticed_on, case.decide_by) == (TODAY - timedelta(days=5), TODAY + timedelta(days=25))


def test_a_notice_is_received_between_the_placement_and_today(account, agent):
    given = {"account_id": account.pk, "party_id": account.parties.get().pk, "actor": agent, "now": NOW}

    assert refusal_of(open_hardship, received_on=TODAY + DAY, **given) == "hardship_in_the_future"
    before = account.opened_on - DAY
    assert refusal_of(open_hardship, received_on=before, **given) == "hardship_before_placed"
    given["party_id"] = make_party("Somebody else").pk
    assert refusal_of(open_hardship, **given) == "party_does_not_owe"


def test_in_australia_information_is_asked_within_21_days(team, agent):
    account = place_account(jurisdiction="AU")
    case = recorded(account, agent)
    late = {"case_id": case.pk, "actor": agent, "now": NOW + timedelta(days=22)}
    assert refusal_of(ask_information, **late) == "hardship_asked_too_late"

    on_the_last = ask_information(case_id=case.pk, actor=agent, now=NOW + timedelta(days=21))
    assert (on_the_last.information_by, on_the_last.decide_by) == (date(2026, 12, 31), date(2027, 1, 7))


def test_the_days_to_decide_run_from_the_day_on_which_the_information_came(account, agent):
    case, later = asked(account, agent), NOW + timedelta(days=20)
    budgeted(account, agent, now=later)
    given = {"case_id": case.pk, "actor": agent, "now": later}
    assert refusal_of(assess_hardship, informed_on=TODAY - DAY, **given) == "hardship_informed_when"
    assert refusal_of(assess_hardship, informed_on=TODAY + timedelta(days=21), **given) == "hardship_informed_when"

    came = TODAY + timedelta(days=12)
    known = assess_hardship(informed_on=came, **given)
    assert (known.informed_on, known.decide_by) == (came, came + timedelta(days=30))


def test_told_again_while_nothing_is_decided_the_case_goes_on(account, agent):
    first = told(account, agent)
    second = told(account, agent, now=NOW + DAY)

    assert (second, HardshipCase.objects.count(), Hold.objects.count()) == (first, 1, 1)
    earlier = {"account_id": account.pk, "party_id": account.parties.get().pk, "received_on": TODAY - DAY}
    assert refusal_of(open_hardship, actor=agent, now=NOW, **earlier) == "hardship_told_before"


def test_told_again_while_help_is_granted_a_new_case_with_new_days_takes_its_place(account, agent):
    first, later = paused(account, agent), NOW + timedelta(days=10)

    second = told(account, agent, now=later)

    first = again(first)
    assert (first.state, first.ending, first.hold.in_force) == ("ended", "told_again", False)
    assert (second.state, second.earlier, second.decide_by) == ("signalled", first, TODAY + timedelta(days=40))
    assert Hold.objects.get(state="active").placed_for_id == second.pk
    assert (again(account).next_kind, again(account).next_subject_id) == ("review_hold", second.hold_id)


def test_what_was_received_before_help_was_granted_is_answered_by_it(account, agent):
    paused(account, agent)
    given = {"account_id": account.pk, "party_id": account.parties.get().pk, "actor": agent, "now": NOW + DAY}

    assert refusal_of(open_hardship, received_on=TODAY - DAY, **given) == "hardship_answered_since"


def test_told_again_while_a_refusal_waits_to_be_sent_both_cases_go_on(account, agent, manager):
    first = refused(account, agent, manager)

    second = told(account, agent, now=NOW + DAY)

    assert (again(first).state, second.state) == ("declined", "signalled")
    answer_hardship(case_id=first.pk, how="hand", on=TODAY, letter=LETTER, actor=agent, now=NOW + DAY)
    assert (again(first).hold.in_force, again(second).hold.in_force) == (False, True)


def test_a_person_has_a_case_in_each_place(team, agent):
    who = make_party()
    here, there = place_account(party=who), place_account(jurisdiction="AU", party=who)

    first, second = told(here, agent), told(there, agent)

    assert (first.jurisdiction, first.decide_by) == ("UK", date(2026, 12, 18))
    assert (second.jurisdiction, second.decide_by) == ("AU", date(2026, 12, 10))


def test_nothing_is_decided_without_a_budget_that_holds(account, agent):
    case = recorded(account, agent)

    assert refusal_of(assess_hardship, case_id=case.pk, actor=agent, now=NOW) == "hardship_needs_budget"


def test_a_co_borrowers_case_is_decided_by_the_co_borrowers_own_budget(account, agent):
    other = make_party("Luis Ortega")
    AccountParty.objects.create(account=account, party=other, role="co_borrower")
    case = recorded(account, agent, party=other)
    budgeted(account, agent)
    assert refusal_of(assess_hardship, case_id=case.pk, actor=agent, now=NOW) == "hardship_needs_budget"

    own = budgeted(account, agent, party=other)
    assert assess_hardship(case_id=case.pk, actor=agent, now=NOW).budget == own


def test_a_pause_is_granted_until_a_day_and_the_hold_is_looked_at_then(account, agent):
    case = again(paused(account, agent))

    assert (case.state, case.measure, case.hold.review_on) == ("granted", "pause", NEXT_MONTH)
    assert case.hold.in_force
    assert again(account).next_on == NEXT_MONTH


def test_a_plan_is_agreed_before_it_is_granted_and_its_own_hold_takes_over(account, agent):
    case = assessed(account, agent)
    asked_for = {"case_id": case.pk, "measure": "arrangement", "review_on": NEXT_MONTH, "actor": agent, "now": NOW}
    assert refusal_of(grant_help, **asked_for) == "hardship_needs_arrangement"

    plan = accepted(offer(account, agent, count=12), agent)
    grant_help(**asked_for)

    case = again(case)
    assert (case.arrangement, case.hold.in_force) == (plan, False)
    assert Hold.objects.get(kind="arrangement").in_force


def test_an_ordinary_promise_is_no_help(account, agent, manager):
    promise(account, manager, "200.00")
    case = assessed(account, agent)
    given = {"case_id": case.pk, "measure": "arrangement", "review_on": NEXT_MONTH, "actor": agent, "now": NOW}

    assert refusal_of(grant_help, **given) == "hardship_needs_arrangement"


def test_a_plan_agreed_before_the_customer_told_us_is_no_help(account, agent):
    accepted(offer(account, agent, count=12), agent)
    later = NOW + DAY
    case = assessed(account, agent, now=later)
    given = {"case_id": case.pk, "measure": "arrangement", "review_on": NEXT_MONTH, "actor": agent, "now": later}

    assert refusal_of(grant_help, **given) == "hardship_needs_arrangement"


def test_a_plan_is_help_once_every_debt_of_the_person_there_has_one(account, agent):
    other = place_account(portfolio=account.portfolio, party=account.parties.get(), owner=agent)
    case = assessed(account, agent)
    accepted(offer(account, agent, count=12), agent)
    given = {"case_id": case.pk, "measure": "arrangement", "review_on": NEXT_MONTH, "actor": agent, "now": NOW}
    assert refusal_of(grant_help, **given) == "hardship_debts_without_plan"
    assert again(other).next_kind == "review_hold"

    second = accepted(offer(other, agent, count=12), agent)
    grant_help(**given)
    assert not again(case).hold.in_force

    cancel_arrangement(arrangement_id=second.pk, reason="cannot_pay", actor=agent, now=NOW)
    assert (again(case).state, again(case).hold.in_force) == ("under_review", True)


def test_help_is_renewed_by_a_budget_that_holds_then(account, agent, manager):
    case, later = paused(account, agent), NOW + timedelta(days=30)
    review_help(case_id=case.pk, actor=agent, now=later)

    until = NEXT_MONTH + timedelta(days=30)
    grant_help(case_id=case.pk, measure="pause", review_on=until, actor=agent, now=later)

    renewed = again(case)
    assert (renewed.review_on, renewed.renewals, renewed.helped_since) == (until, 1, TODAY)
    half_a_year_on = NOW + timedelta(days=200)
    review_help(case_id=case.pk, actor=manager, now=half_a_year_on)
    given = {"case_id": case.pk, "measure": "pause", "actor": manager, "now": half_a_year_on}
    assert refusal_of(grant_help, review_on=TODAY + timedelta(days=230), **given) == "hardship_needs_budget"


def test_an_agent_helps_for_sixty_days_in_all_and_others_a_year_at_a_time(account, agent, manager):
    case = assessed(account, agent)
    given = {"case_id": case.pk, "measure": "pause", "now": NOW}
    beyond = TODAY + timedelta(days=61)
    assert refusal_of(grant_help, review_on=beyond, actor=agent, **given) == "hardship_help_beyond_you"
    assert refusal_of(grant_help, review_on=TODAY, actor=manager, **given) == "hardship_help_until"
    too_far = TODAY + timedelta(days=366)
    assert refusal_of(grant_help, review_on=too_far, actor=manager, **given) == "hardship_help_until"

    grant_help(review_on=TODAY + timedelta(days=60), actor=agent, **given)
    again_said = assessed(account, agent, now=NOW + timedelta(days=60))
    more = {"case_id": again_said.pk, "measure": "pause", "now": NOW + timedelta(days=60), "review_on": beyond}
    assert refusal_of(grant_help, actor=agent, **more) == "hardship_help_beyond_you"
    assert grant_help(actor=manager, **more).review_on == beyond


def test_help_is_refused_by_managers_with_reasons_and_ends_with_the_letter_that_was_sent(account, agent, manager):
    case = assessed(account, agent)
    given = {"case_id": case.pk, "now": NOW}
    assert refusal_of(decline_help, reasons="No.", actor=agent, **given) == "hardship_not_your_role"
    assert refusal_of(decline_help, reasons="", actor=manager, **given) == "hardship_reasons_needed"
    decline_help(reasons="The budget leaves enough.", actor=manager, **given)
    sent = {"actor": agent, "letter": LETTER, **given}
    for on in (TODAY - DAY, TODAY + DAY):
        assert refusal_of(answer_hardship, how="post", on=on, **sent) == "hardship_answered_when"
    for how in ("", "portal"):
        assert refusal_of(answer_hardship, how=how, on=TODAY, **sent) == "hardship_answered_how"

    answer_hardship(how="email", on=TODAY, **sent)

    case = again(case)
    assert (case.state, case.ending, case.hold.in_force) == ("ended", "answered", False)
    assert (case.answered_how, bytes(case.letter.content)) == ("email", LETTER)


def test_help_is_refused_without_a_budget_once_the_day_to_answer_has_passed(account, agent, manager):
    case = asked(account, agent)
    given = {"case_id": case.pk, "reasons": "You didn't tell us.", "actor": manager}
    on_the_day = NOW + timedelta(days=30)
    assert refusal_of(decline_help, now=on_the_day, **given) == "hardship_information_awaited"

    assert decline_help(now=on_the_day + DAY, **given).state == "declined"


def test_in_australia_enforcement_of_every_debt_waits_from_the_refusal_on(team, agent, manager):
    account = place_account(jurisdiction="AU")
    other = place_account(portfolio=account.portfolio, party=account.parties.get())
    today = date(2026, 11, 19)

    answered(account, agent, manager, on=today)

    for one in (account, other):
        notice = one.first_notices.get(kind="hardship_refused")
        assert (notice.sent_on, notice.wait_until) == (today, date(2026, 12, 2))


def test_a_second_refusal_is_somebody_elses_whatever_came_between(account, agent, manager):
    answered(account, agent, manager)
    between, later = NOW + timedelta(days=40), NOW + timedelta(days=50)
    opened = told(account, agent, now=between)
    void_hardship(case_id=opened.pk, said="The wrong account.", actor=manager, now=between)
    second = assessed(account, agent, now=later)

    given = {"case_id": second.pk, "reasons": "Still enough.", "now": later}
    assert refusal_of(decline_help, actor=manager, **given) == "hardship_refused_by_you_before"
    assert decline_help(actor=make_user("compliance"), **given).state == "declined"


def test_four_months_are_counted_by_the_calendar(account, agent, manager):
    first = answered(account, agent, manager)
    assert told(account, agent, now=NOW + timedelta(days=119)).earlier == first  # 17 March


def test_a_case_after_four_months_is_no_repeat(account, agent, manager):
    answered(account, agent, manager)

    assert told(account, agent, now=NOW + timedelta(days=120)).earlier is None  # 18 March


@pytest.mark.parametrize("role", ["finance", "admin"])
def test_only_who_works_such_cases_takes_their_steps(role, account, agent):
    case = told(account, agent)

    given = {"case_id": case.pk, "actor": make_user(role), "now": NOW}
    assert refusal_of(record_hardship, **given) == "hardship_not_your_part"


DECIDED = ["decided_by_id = NULL", "decided_at = now()", "decided_on = decided_on - 1", "budget_id = NULL"]


@pytest.mark.parametrize(
    "change",
    [
        "noticed_on = noticed_on - 30",
        "state = 'ended', ended_at = now(), ending = 'answered'",
        "decide_by = decide_by + 30",
        "reasons_id = NULL",
        "jurisdiction = 'MX'",
        "answered_on = decided_on - 1",
        *DECIDED,
        "measure = 'pause'",
        "review_on = '2030-01-01'",
    ],
)
def test_the_database_keeps_what_was_decided_and_until_when(change, account, agent, manager):
    refused(account, agent, manager)

    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(f"UPDATE arrangements_hardshipcase SET {change}")


@pytest.mark.parametrize("change", [*DECIDED, "measure = 'referral'", "review_on = review_on + 300", "renewals = 5"])
def test_the_database_keeps_which_help_was_granted_until_when(change, account, agent):
    paused(account, agent)

    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(f"UPDATE arrangements_hardshipcase SET {change}")


@pytest.mark.parametrize("ending", ["withdrawn", "in_error", "reviewed", ""])
def test_the_database_ends_no_notice_without_a_word(ending, account, agent):
    told(account, agent)
    statement = "UPDATE arrangements_hardshipcase SET state = 'ended', ended_at = now(), ending = %s"

    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement, [ending])


def test_a_case_leaves_no_open_account(account, agent):
    told(account, agent)
    other = place_account(portfolio=account.portfolio, party=account.parties.get())

    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute("UPDATE arrangements_hardshipcase SET account_id = %s", [other.pk])


def test_every_place_says_where_its_days_come_from():
    assert all(str(clock.source) for clock in HARDSHIP_CLOCKS.values())
