"""Two people at one hardship case at the very same moment: one of them decides, and the hold is where it belongs."""

from __future__ import annotations

import pytest

from accounts.foundation.errors import Refused
from accounts.models import Hold
from accounts.services.holds import release_hold
from arrangements.models import HardshipCase
from arrangements.services.hardship import decline_help, grant_help, review_help
from arrangements.services.hardship_ends import end_hardship
from collections_crm.proof.invariants import INVARIANTS, violators
from tests.factories import NOW, TODAY, again, make_portfolio, make_team, make_user, place_account
from tests.support.at_once import at_once
from tests.support.hardship import NEXT_MONTH, assessed, paused, told

ROUNDS = 3


@pytest.fixture
def people(real_db, django_db_blocker):
    with django_db_blocker.unblock():
        team = make_team(make_portfolio("UK"))
        yield make_user("agent", team), make_user("manager", team)


def grant(case, actor, until=NEXT_MONTH):
    return lambda: grant_help(case_id=case.pk, measure="pause", review_on=until, actor=actor, now=NOW)


def only_one(answers):
    (refusal,) = [answer for answer in answers if isinstance(answer, Refused)]
    return refusal.code


def holds_right(case) -> bool:
    found = [one for one in INVARIANTS if one.name.startswith("hardship") and violators(one)]
    return not found and Hold.objects.filter(account=case.account, state__in=["active", "extended"]).count() <= 1


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_granted_and_refused_at_once_is_one_of_both(turn, people):
    agent, manager = people
    case = assessed(place_account(), agent)

    answers = at_once(grant(case, agent), lambda: decline_help(case_id=case.pk, reasons="No.", actor=manager, now=NOW))

    assert only_one(answers) == "move_not_allowed"
    one = again(case)
    assert (one.state, one.decided_by, one.measure) in [("granted", agent, "pause"), ("declined", manager, "")]
    assert holds_right(one)


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_granted_twice_at_once_is_granted_once(turn, people):
    agent, manager = people
    case = assessed(place_account(), agent)

    answers = at_once(grant(case, agent), grant(case, manager))

    assert only_one(answers) == "move_not_allowed"
    assert again(case).renewals == 0
    assert holds_right(again(case))


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_renewed_and_ended_at_once_is_one_of_both(turn, people):
    agent, manager = people
    case = paused(place_account(), agent)
    review_help(case_id=case.pk, actor=agent, now=NOW)

    at_once(grant(case, manager), lambda: end_hardship(case_id=case.pk, said="Over.", actor=agent, now=NOW))

    assert again(case).state in ("granted", "ended")
    assert again(case).hold.in_force is (again(case).state == "granted")
    assert holds_right(again(case))


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_told_twice_at_once_is_one_case_with_one_hold(turn, people):
    agent, manager = people
    account = place_account()

    at_once(lambda: told(account, agent), lambda: told(account, manager))

    case = HardshipCase.objects.get(account=account)
    assert Hold.objects.get(account=account).placed_for_id == case.pk
    assert holds_right(case)


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_granted_while_the_hold_is_lifted_by_another_door_there_is_a_hold_or_it_is_found(turn, people):
    """Nobody lifts it by hand; should some other code do so, the step that comes after it holds again."""
    agent, _manager = people
    case = assessed(place_account(), agent)

    at_once(grant(case, agent), lambda: release_hold(hold_id=case.hold_id, reason="elsewhere", actor=None, now=NOW))
    review_help(case_id=case.pk, actor=agent, now=NOW)

    assert again(case).hold.in_force
    assert again(case.account).next_on == TODAY
    assert holds_right(again(case))
