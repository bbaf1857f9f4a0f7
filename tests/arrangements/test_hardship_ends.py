"""How hardship cases end: with a word, by review, with their plan or their account; and what is held meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from accounts.foundation.errors import Refused
from accounts.models import Account
from accounts.services.accounts import move_account
from accounts.services.holds import release_hold
from arrangements.services.enforcement import record_filing
from arrangements.services.hardship import grant_help, review_help
from arrangements.services.hardship_ends import end_hardship, void_hardship, withdraw_hardship
from arrangements.services.promises import cancel_arrangement
from collections_crm.closing.close import close_through
from collections_crm.proof.invariants import INVARIANTS, violators
from collections_crm.services.holds_by_hand import extend_by_hand, kinds_for, may_lift, release_by_hand
from communications.services.notices import record_first_notice
from tests.arrangements.test_enforcement import open_case  # noqa: F401 - a fixture
from tests.factories import NOW, TODAY, again, make_limit, make_user, pay, place_account
from tests.support.hardship import (
    NEXT_MONTH,
    answered,
    asked,
    assessed,
    paused,
    recorded,
    refused,
    told,
)
from tests.support.offers import accepted, offer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def account(team, agent):
    make_limit("agent", plan_max_days=365)
    return place_account(owed="1200.00", due="400.00", owner=agent)


@pytest.fixture
def manager(team):
    return make_user("manager", team)


@pytest.fixture
def planned(account, agent):
    """A case whose help is a plan in force."""
    case = assessed(account, agent)
    accepted(offer(account, agent, count=12), agent)
    return grant_help(case_id=case.pk, measure="arrangement", review_on=NEXT_MONTH, actor=agent, now=NOW)


def refusal_of(act, **given) -> str:
    with pytest.raises(Refused) as caught:
        act(**given)
    return caught.value.code


@pytest.mark.parametrize("begin", [told, recorded, asked, assessed])
def test_an_undecided_case_ends_by_the_customers_word_or_as_an_error_that_others_than_agents_say(
    begin, account, agent, manager
):
    given = {"case_id": begin(account, agent).pk, "now": NOW}
    assert refusal_of(end_hardship, said="Over.", actor=agent, **given) in (
        "move_not_allowed",
        "hardship_decided_already",
    )
    assert refusal_of(void_hardship, said="Not them.", actor=agent, **given) == "hardship_not_yours_to_void"
    assert refusal_of(void_hardship, said=" ", actor=manager, **given) == "hardship_word_needed"
    assert refusal_of(withdraw_hardship, said="", actor=agent, **given) == "hardship_word_needed"

    case = withdraw_hardship(said="My pay came after all.", actor=agent, **given)

    assert (case.state, case.ending, case.ending_said.text) == ("ended", "withdrawn", "My pay came after all.")
    assert not again(case).hold.in_force
    assert again(account).next_kind == "act"
    assert withdraw_hardship(said="Twice.", actor=agent, **given).ending_said.text == "My pay came after all."


def test_opened_in_error_is_a_managers_word(account, agent, manager):
    case = told(account, agent)

    void_hardship(case_id=case.pk, said="Somebody of the same name.", actor=manager, now=NOW)

    assert (again(case).ending, again(case).hold.in_force) == ("in_error", False)


def test_in_australia_a_notice_taken_back_is_waited_out_like_a_refusal(team, agent):
    account = place_account(jurisdiction="AU")

    withdraw_hardship(case_id=told(account, agent).pk, said="It is fine.", actor=agent, now=NOW)

    assert account.first_notices.get(kind="hardship_refused").wait_until == TODAY + timedelta(days=14)


def test_granted_help_ends_by_its_review_with_a_word(account, agent):
    case = paused(account, agent)
    given = {"case_id": case.pk, "said": "Works again.", "actor": agent, "now": NOW}
    assert refusal_of(end_hardship, **given) == "hardship_review_first"
    assert refusal_of(withdraw_hardship, **given) == "hardship_decided_already"
    review_help(case_id=case.pk, actor=agent, now=NOW)

    end_hardship(**given)

    assert (again(case).ending, again(case).hold.in_force) == ("reviewed", False)
    assert again(account).next_kind == "act"


def test_a_refusal_is_sent_before_its_case_ends(account, agent, manager):
    given = {"case_id": refused(account, agent, manager).pk, "said": "Over.", "now": NOW}

    for act in (end_hardship, withdraw_hardship, void_hardship):
        assert refusal_of(act, actor=manager, **given) == "hardship_answer_first"


@pytest.mark.parametrize("role", ["agent", "manager", "compliance", "admin"])
@pytest.mark.parametrize("begin", [told, refused, paused])
def test_nobody_lifts_or_moves_by_hand_what_belongs_to_a_case(begin, role, account, agent, manager):
    case = begin(account, agent, manager) if begin is refused else begin(account, agent)
    given = {"hold_id": case.hold_id, "reason": "placed_in_error", "actor": make_user(role), "now": NOW}

    assert not may_lift(given["actor"], case.hold)
    assert refusal_of(release_by_hand, **given) == "hold.kept_by_hardship"
    assert refusal_of(extend_by_hand, review_on=TODAY + timedelta(days=3000), **given) == "hold.kept_by_hardship"
    assert "hardship" not in kinds_for(given["actor"])
    assert again(case.hold).in_force


def test_a_plan_then_a_review_then_a_pause_holds_again(planned, account, agent):
    assert not again(planned).hold.in_force
    review_help(case_id=planned.pk, actor=agent, now=NOW)
    assert again(planned).hold.in_force

    grant_help(case_id=planned.pk, measure="pause", review_on=NEXT_MONTH, actor=agent, now=NOW)

    case = again(planned)
    assert (case.hold.in_force, case.hold.review_on, case.arrangement) == (True, NEXT_MONTH, None)


def test_a_plan_that_is_cancelled_brings_the_case_under_review_and_the_account_waits(planned, account, agent):
    cancel_arrangement(arrangement_id=planned.arrangement_id, reason="cannot_pay", actor=agent, now=NOW + DAY)

    case, account = again(planned), again(account)
    assert (case.state, case.review_on, case.hold.in_force) == ("under_review", TODAY + DAY, True)
    assert (account.next_kind, account.next_on, account.next_subject_id) == ("review_hold", TODAY + DAY, case.hold_id)
    assert invariants_hold()


def test_a_plan_that_is_broken_brings_the_case_under_review(planned, account):
    account.portfolio.closed_through = TODAY - DAY
    account.portfolio.save(update_fields=["closed_through"])
    for day in range(40):
        close_through(portfolio_id=account.portfolio_id, on=TODAY + day * DAY, now=NOW + (day + 1) * DAY)

    case = again(planned)
    assert (again(case.arrangement).state, case.state, case.hold.in_force) == ("broken", "under_review", True)
    assert again(account).next_kind == "review_hold"
    assert invariants_hold()


def test_a_plan_that_is_replaced_is_looked_at_again_with_what_replaced_it(planned, account, agent):
    other = accepted(offer(account, agent, count=6), agent)
    case = again(planned)
    assert (case.state, case.hold.in_force, again(other).state) == ("under_review", True, "suspended")

    grant_help(case_id=case.pk, measure="arrangement", review_on=NEXT_MONTH, actor=agent, now=NOW)

    assert (again(case).arrangement, again(other).state) == (other, "active")
    assert invariants_hold()


def test_a_case_ends_with_the_last_debt_of_its_person(account, agent, manager):
    case = paused(account, agent)

    recall(account, manager)

    assert (again(case).ending, again(case).hold.in_force) == ("account_closed", False)
    assert invariants_hold()


def test_money_in_full_ends_the_case(planned, account):
    pay(account, "1200.00")

    assert (again(account).state, again(planned).ending) == ("paid", "account_closed")
    assert invariants_hold()


def test_a_case_goes_on_with_another_debt_of_its_person(account, agent, manager):
    other = place_account(portfolio=account.portfolio, party=account.parties.get(), owner=agent)
    case = asked(account, agent)

    recall(account, manager)

    case = again(case)
    assert (case.account, case.state, case.hold.in_force) == (other, "information_requested", True)
    assert again(other).next_kind == "review_hold"
    assert invariants_hold()


def recall(account, manager):
    move_account(Account.objects.lock(account.pk), "recall", actor=manager, now=NOW, reason="creditor_asked")


def invariants_hold() -> bool:
    return not {one.name: found for one in INVARIANTS if (found := violators(one))}


@pytest.mark.parametrize("begin", [told, asked, paused, refused])
def test_an_open_case_without_its_hold_is_found(begin, account, agent, manager):
    case = begin(account, agent, manager) if begin is refused else begin(account, agent)
    assert invariants_hold()
    release_hold(hold_id=case.hold_id, reason="by_another_door", actor=None, now=NOW)

    assert violators(one_named("hardship_has_its_hold")) == [case.pk]


def test_a_refusal_of_which_australia_knows_nothing_is_found(team, agent, manager):
    account = place_account(jurisdiction="AU")
    case = answered(account, agent, manager, on=TODAY + DAY)
    assert invariants_hold()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE communications_firstnotice DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM communications_firstnotice WHERE kind = 'hardship_refused'")

    assert violators(one_named("hardship_refusal_is_known")) == [case.pk]


def one_named(name):
    return next(one for one in INVARIANTS if one.name == name)


def test_nothing_is_filed_while_a_customer_waits_to_be_answered(open_case, agent, now):  # noqa: F811
    enforcement = open_case("ucc")
    given = {"case_id": enforcement.pk, "filed_on": TODAY, "number": "1", "actor": agent, "now": now}
    told(enforcement.account, agent, now=now)
    assert refusal_of(record_filing, **given) == "case_held"

    withdraw_hardship(case_id=enforcement.account.hardship_cases.get().pk, said="Paid.", actor=agent, now=now)
    assert record_filing(**given).state == "filed"


def test_what_was_filed_before_the_customer_told_us_is_recorded(open_case, agent, now):  # noqa: F811
    enforcement, later = open_case("legal"), now + timedelta(days=3)
    told(enforcement.account, agent, now=later)
    given = {"case_id": enforcement.pk, "number": "1", "actor": agent, "now": later}

    assert refusal_of(record_filing, filed_on=TODAY + timedelta(days=3), **given) == "case_held"
    assert record_filing(filed_on=TODAY + DAY, **given).state == "filed"


def test_nothing_is_filed_while_a_refusal_is_waited_out(open_case, agent, now):  # noqa: F811
    enforcement = open_case("legal")
    record_first_notice(account_id=enforcement.account_id, kind="hardship_refused", sent_on=TODAY, actor=agent, now=now)
    given = {"case_id": enforcement.pk, "number": "1", "actor": agent}

    assert refusal_of(record_filing, filed_on=TODAY + 13 * DAY, now=now + 13 * DAY, **given) == "case_help_refused"
    assert record_filing(filed_on=TODAY + 14 * DAY, now=now + 14 * DAY, **given).state == "filed"
