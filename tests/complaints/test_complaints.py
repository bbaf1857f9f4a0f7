"""Complaints: the customer is left in peace, clocks run from receipt, an answer is sent before it is over."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.foundation.errors import Refused
from accounts.models import Complaint, Hold, HoldScope, NextKind
from accounts.services.accounts import move_account
from accounts.services.complaints import (
    acknowledge_complaint,
    raise_complaint,
    record_complaint_answer,
    reject_complaint,
    review_complaint,
    tell_of_delay,
    uphold_complaint,
    withdraw_complaint,
)
from accounts.services.holds import release_hold
from collections_crm.proof.invariants import INVARIANTS, violators
from collections_crm.services.holds_by_hand import kinds_for, may_lift
from communications.models import Outcome
from tests.communications.calls import conclude, ring
from tests.complaints.steps import answered, complained, looked_into, referred
from tests.factories import NOW, TODAY, again, make_party, make_user, place_account

pytestmark = pytest.mark.django_db
IN_TEN_WEEKS = TODAY + timedelta(days=70)


def refusal_of(act, **given) -> str:
    with pytest.raises(Refused) as caught:
        act(**given)
    return caught.value.code


def test_who_complains_is_left_in_peace_on_every_account_until_it_is_acknowledged(account, agent):
    other = place_account(party=account.parties.get(), owner=agent)

    complaint = complained(account, agent, wanted="Ring my mobile.")

    hold = again(complaint).hold
    assert (hold.kind, hold.scope, hold.forbids("demand")) == ("complaint", HoldScope.PERSON, True)
    assert not hold.forbids("reply")
    for one in (account, other):
        assert (again(one).next_kind, again(one).next_on) == (NextKind.REVIEW_HOLD, complaint.acknowledge_by)
    assert (complaint.said.text, complaint.wanted.text) == ("You ring me at work.", "Ring my mobile.")


@pytest.mark.parametrize(
    ("place", "acknowledge", "answer"),
    [
        ("UK", date(2026, 11, 25), date(2027, 1, 13)),
        ("US", date(2026, 11, 25), date(2026, 12, 18)),
        ("MX", date(2026, 11, 20), date(2026, 12, 31)),
        ("AU", date(2026, 11, 20), date(2026, 12, 19)),
    ],
)
def test_the_clocks_of_each_place_run_from_the_day_it_came(place, acknowledge, answer, agent):
    complaint = complained(place_account(jurisdiction=place), agent)

    assert (complaint.acknowledge_by, complaint.answer_by) == (acknowledge, answer)


@pytest.mark.parametrize(
    ("place", "said", "answer"),
    [
        ("US", {"way": "cfpb"}, date(2026, 12, 3)),
        ("AU", {"category": "hardship"}, date(2026, 12, 10)),
        ("US", {"category": "hardship"}, date(2026, 12, 18)),
        ("AU", {"way": "afca"}, date(2026, 12, 19)),
    ],
)
def test_an_authority_or_hardship_shortens_the_clock_where_its_rule_does(place, said, answer, agent):
    assert complained(place_account(jurisdiction=place), agent, **said).answer_by == answer


def test_what_came_by_letter_a_while_ago_is_counted_from_then(account, agent):
    complaint = complained(account, agent, received_on=TODAY - timedelta(days=14), in_writing=True)

    assert complaint.answer_by == date(2026, 12, 30)
    assert complaint.is_late(TODAY)
    assert again(account).next_on == TODAY


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"category": "weather"}, "complaint_category_unknown"),
        ({"way": "afca"}, "complaint_way_elsewhere"),
        ({"received_on": TODAY + timedelta(days=1)}, "complaint_in_the_future"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_no_trace(said, code, account, agent):
    given = {"category": "contact", "said": "You ring me at work."} | said
    about = {"account_id": account.pk, "party_id": account.parties.get().pk, "actor": agent, "now": NOW}

    assert refusal_of(raise_complaint, **about, **given) == code
    assert not Complaint.objects.exists()
    assert not Hold.objects.exists()


def test_somebody_who_does_not_owe_is_sent_no_letter_about_the_debt(account, agent):
    stranger = make_party("Ana Pérez")

    given = {"account_id": account.pk, "party_id": stranger.pk, "category": "contact", "said": "Who are you?"}
    assert refusal_of(raise_complaint, actor=agent, now=NOW, **given) == "complaint_of_a_stranger"


def test_one_person_complains_about_one_thing_once_at_a_time(account, agent):
    complained(account, agent)

    about = {"account_id": account.pk, "party_id": account.parties.get().pk, "said": "Still.", "actor": agent}
    assert refusal_of(raise_complaint, category="contact", now=NOW, **about) == "complaint_open_already"
    assert raise_complaint(category="fees", now=NOW, **about).state == "raised"


def test_the_last_complaint_that_closes_lets_the_account_be_worked_again(account, agent):
    first, second = complained(account, agent), complained(account, agent, "fees")

    withdraw_complaint(complaint_id=first.pk, actor=agent, now=NOW)
    assert again(account).next_kind == NextKind.REVIEW_HOLD
    withdraw_complaint(complaint_id=second.pk, actor=agent, now=NOW)

    assert again(account).next_kind == NextKind.ACT
    assert not Hold.objects.filter(state__in=["active", "extended"]).exists()


def test_people_complain_about_closed_accounts_too(account, agent, manager):
    move_account(account, "recall", actor=manager, now=NOW, reason="creditor_asked")

    complaint = complained(account, agent)

    assert (complaint.state, again(account).next_kind) == ("raised", None)
    withdraw_complaint(complaint_id=complaint.pk, actor=agent, now=NOW)
    assert again(complaint).state == "closed"


def test_the_next_clock_becomes_the_day_of_the_review(account, agent):
    complaint = complained(account, agent)

    acknowledge_complaint(complaint_id=complaint.pk, actor=agent, now=NOW)

    assert again(account).next_on == complaint.answer_by


def test_a_call_whose_outcome_is_a_complaint_opens_one(account, agent):
    Outcome.objects.filter(code="disputes").update(hold_kind="complaint")

    conclude(ring(account, agent), agent, "disputes")

    complaint = Complaint.objects.get(account=account)
    assert (complaint.category, complaint.said, complaint.hold.in_force) == ("other", None, True)


def test_nobody_holds_for_a_complaint_by_hand(account, agent, manager):
    complaint = complained(account, agent)

    assert "complaint" not in kinds_for(agent)
    assert "complaint" not in kinds_for(manager)
    assert not may_lift(manager, again(complaint).hold)


def test_an_answer_with_reasons_closes_what_was_upheld(account, agent, manager):
    complaint = looked_into(account, agent)
    given = {"complaint_id": complaint.pk, "actor": manager, "now": NOW}
    assert refusal_of(record_complaint_answer, how="post", on=TODAY, **given) == "complaint_not_decided"

    right = {"outcome": "upheld", "reasons": "You had told us."}
    assert refusal_of(uphold_complaint, remedies=[], **right, **given) == "complaint_remedy_needed"
    uphold_complaint(remedies=["contact", "apology"], **right, **given)
    assert again(complaint).hold.in_force
    assert refusal_of(record_complaint_answer, how="owl", on=TODAY, **given) == "complaint_answered_how"
    early = TODAY - timedelta(days=1)
    assert refusal_of(record_complaint_answer, how="post", on=early, **given) == "complaint_answered_when"
    record_complaint_answer(how="post", on=TODAY, **given)

    done = again(complaint)
    assert (done.state, done.outcome, done.remedies) == ("closed", "upheld", ["apology", "contact"])
    assert not done.hold.in_force
    assert again(account).next_kind == NextKind.ACT
    assert again(account).balance == 1200


def test_twice_changes_nothing(account, agent, manager):
    complaint = answered(account, agent, manager)
    given = {"complaint_id": complaint.pk, "actor": manager, "now": NOW}

    record_complaint_answer(how="email", on=TODAY, **given)
    withdraw_complaint(**given)

    assert (again(complaint).answered_how, again(complaint).outcome) == ("post", "rejected")


def test_agents_decide_nothing_and_tell_nobody_of_delays(account, agent):
    complaint = looked_into(account, agent)
    given = {"complaint_id": complaint.pk, "reasons": "No.", "actor": agent, "now": NOW}

    assert refusal_of(reject_complaint, **given) == "complaint_not_yours_to_decide"
    assert refusal_of(uphold_complaint, outcome="upheld", remedies=["apology"], **given) == (
        "complaint_not_yours_to_decide"
    )
    assert refusal_of(tell_of_delay, until=IN_TEN_WEEKS, **given) == "complaint_not_yours_to_decide"


def test_whom_it_is_about_takes_no_step_of_it(account, agent, manager):
    complaint = looked_into(account, agent, "conduct", about_agent_id=manager.pk)
    given = {"complaint_id": complaint.pk, "actor": manager, "now": NOW}

    assert refusal_of(reject_complaint, reasons="No.", **given) == "complaint_about_you"
    assert refusal_of(withdraw_complaint, **given) == "complaint_about_you"
    with pytest.raises(IntegrityError, match="not_decided_by_whom"), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(decided_by=manager, decided_at=NOW)


def test_reasons_are_needed_and_an_upheld_part_is_said(account, agent, manager):
    complaint = looked_into(account, agent)
    given = {"complaint_id": complaint.pk, "actor": manager, "now": NOW}

    assert refusal_of(reject_complaint, reasons=" ", **given) == "complaint_reasons_needed"
    assert refusal_of(uphold_complaint, outcome="closed", remedies=["apology"], reasons="x", **given) == (
        "complaint_outcome_unknown"
    )
    uphold_complaint(outcome="part_upheld", remedies=["records"], reasons="One of two.", **given)
    assert again(complaint).state == "part_upheld"


def test_the_customer_is_told_that_it_takes_longer_and_it_stays_late_all_the_same(account, agent, manager):
    complaint = looked_into(account, agent)
    given = {"complaint_id": complaint.pk, "actor": manager, "now": NOW, "reasons": "The recording is missing."}
    assert refusal_of(tell_of_delay, until=complaint.answer_by, **given) == "complaint_delay_day"
    assert refusal_of(tell_of_delay, until=TODAY + timedelta(days=91), **given) == "complaint_delay_day"
    assert refusal_of(tell_of_delay, until=IN_TEN_WEEKS, **(given | {"reasons": ""})) == "complaint_reasons_needed"

    tell_of_delay(until=IN_TEN_WEEKS, **given)

    told = again(complaint)
    assert (told.due_on, again(account).next_on, told.answer_by) == (IN_TEN_WEEKS, IN_TEN_WEEKS, date(2027, 1, 13))
    assert told.is_late(date(2027, 1, 14))
    assert not told.is_late(date(2027, 1, 13))


def test_a_delay_is_told_again_only_with_a_later_day(account, agent, manager):
    complaint = looked_into(account, agent)
    given = {"complaint_id": complaint.pk, "actor": manager, "reasons": "The recording is missing."}
    tell_of_delay(until=IN_TEN_WEEKS, now=NOW, **given)

    assert refusal_of(tell_of_delay, until=IN_TEN_WEEKS, now=NOW, **given) == "complaint_delay_day"
    tell_of_delay(until=IN_TEN_WEEKS + timedelta(days=7), now=NOW, **given)
    assert again(complaint).delayed_until == IN_TEN_WEEKS + timedelta(days=7)


def test_nobody_is_told_of_a_delay_before_it_is_acknowledged(account, agent, manager):
    complaint = complained(account, agent)

    given = {"complaint_id": complaint.pk, "reasons": "Ill.", "until": IN_TEN_WEEKS, "actor": manager, "now": NOW}
    assert refusal_of(tell_of_delay, **given) == "complaint_delay_state"


def test_steps_out_of_turn_and_by_other_roles_are_refused(account, agent):
    complaint = complained(account, agent)

    assert refusal_of(review_complaint, complaint_id=complaint.pk, actor=agent, now=NOW) == "move_not_allowed"
    finance = make_user("finance")
    assert refusal_of(acknowledge_complaint, complaint_id=complaint.pk, actor=finance, now=NOW) == (
        "complaint_not_your_role"
    )


def test_what_is_due_first_comes_first_and_the_database_works_the_day_out_alike(account, agent, manager):
    complained(account, agent, "fees", received_on=TODAY - timedelta(days=3))
    delayed = looked_into(account, agent, "contact")
    tell_of_delay(complaint_id=delayed.pk, reasons="Ill.", until=IN_TEN_WEEKS, actor=manager, now=NOW)
    referred(complained(account, agent, "privacy"), agent)
    looked_into(account, agent, "other")

    found = list(Complaint.objects.due_first())

    assert [one.category for one in found] == ["fees", "privacy", "other", "contact"]
    assert [one.next_due for one in found] == [one.due_on for one in found]


def test_the_database_lets_nobody_shorten_a_complaints_way(account, agent, manager):
    complaint = looked_into(account, agent)
    tell_of_delay(complaint_id=complaint.pk, reasons="Ill.", until=IN_TEN_WEEKS, actor=manager, now=NOW)
    for statement in (
        "UPDATE accounts_complaint SET state = 'closed', ended_at = now() WHERE id = %s",
        "UPDATE accounts_complaint SET state = 'rejected' WHERE id = %s",
        "UPDATE accounts_complaint SET answer_by = answer_by + 60 WHERE id = %s",
        "UPDATE accounts_complaint SET acknowledge_by = acknowledge_by + 60 WHERE id = %s",
        "UPDATE accounts_complaint SET delayed_until = delayed_until - 1 WHERE id = %s",
        "UPDATE accounts_complaint SET delayed_until = NULL WHERE id = %s",
        "UPDATE accounts_complaint SET about_agent_id = raised_by_id WHERE id = %s",
        "UPDATE accounts_complaint SET hold_id = NULL WHERE id = %s",
        "DELETE FROM accounts_complaint WHERE id = %s",
    ):
        with pytest.raises(Exception, match="complaint"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [complaint.pk])


def test_the_book_stays_whole_whatever_became_of_the_complaints(account, agent, manager):
    answered(account, agent, manager)
    complained(place_account(), agent)
    withdraw_complaint(complaint_id=complained(place_account(), agent).pk, actor=agent, now=NOW)
    referred(answered(place_account(), agent, manager), agent)

    assert not [one.name for one in INVARIANTS if "complaint" in one.name and violators(one)]


def test_an_open_complaint_without_its_hold_is_found(account, agent):
    complaint = complained(account, agent)
    release_hold(hold_id=complaint.hold_id, reason="by_mistake", actor=agent, now=NOW)

    found = {one.name: violators(one) for one in INVARIANTS if "complaint" in one.name}
    assert found == {"open_complaint_is_held": [complaint.pk], "closed_complaint_was_answered": []}
