"""Taking a promise: what it does, and what an agent may not accept alone."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.foundation.errors import Refused
from accounts.models import Event, Hold
from accounts.services.holds import place_hold
from arrangements.models import Arrangement
from arrangements.selectors.promises import may_promise
from arrangements.services.promises import cancel_arrangement, make_promise
from tests.communications.calls import conclude, ring, verify
from tests.factories import NOW, TODAY, again, make_limit, make_party, place_account
from tests.support.promises import promise, state_of, verified_contact

pytestmark = pytest.mark.django_db


def test_a_promise_stops_the_chasing_and_sets_its_own_check(agent):
    account = place_account()

    made = promise(account, agent, "200.00", in_days=5)

    account = again(account)
    hold = Hold.objects.get(account=account, kind="arrangement")
    assert state_of(made) == ("active", "scheduled")
    assert account.state == "arranged"
    assert (account.next_kind, account.next_subject_type, account.next_subject_id) == (
        "check_promise",
        "arrangement",
        made.pk,
    )
    assert hold.forbids("demand")
    assert not hold.forbids("reminder")
    assert (hold.placed_for_type, hold.placed_for_id) == ("arrangement", made.pk)
    assert Event.objects.filter(kind="promise.made", account=account, actor=agent).count() == 1


def test_a_promise_due_on_friday_is_judged_after_monday(agent):
    account = place_account()

    made = promise(account, agent, due_on=TODAY + timedelta(days=2))

    instalment = made.instalments.get()
    assert instalment.due_on.strftime("%A") == "Friday"
    assert instalment.judged_on == TODAY + timedelta(days=5)
    assert again(account).next_on == instalment.judged_on


def test_a_second_promise_replaces_the_first(agent):
    account = place_account()
    first = promise(account, agent, "200.00")

    second = promise(account, agent, "300.00")

    assert state_of(first)[0] == "replaced"
    assert again(first).replaced_by == second
    assert Arrangement.objects.filter(account=account, state="active").get() == second
    assert Hold.objects.filter(account=account, kind="arrangement", state="active").get().placed_for_id == second.pk
    assert again(account).next_subject_id == second.pk


@pytest.mark.parametrize("verified", [True, False])
def test_only_a_verified_person_can_promise_to_an_agent(verified, agent):
    account = place_account()
    contact = verified_contact(account, agent, verified=verified)

    if verified:
        assert promise(account, agent, contact=contact).contact_id == contact.pk
        return
    with pytest.raises(Refused) as refusal:
        promise(account, agent, contact=contact)

    assert refusal.value.code == "party_not_verified"
    assert not Arrangement.objects.exists()


@pytest.mark.parametrize(
    ("outcome", "minutes", "may"),
    [("callback", 10, True), ("callback", 31, False), ("refuses", 1, False), ("disputes", 1, False)],
)
def test_once_the_call_is_over_only_what_was_just_said_in_it_is_a_promise(agent, outcome, minutes, may):
    account = place_account()
    contact = ring(account, agent)
    verify(contact, agent)
    conclude(contact, agent, outcome)
    later = NOW + timedelta(minutes=minutes)

    assert may_promise(agent, again(account), later) is may
    if may:
        assert promise(account, agent, contact=contact, now=later).contact_id == contact.pk
        return
    with pytest.raises(Refused) as refusal:
        promise(account, agent, contact=contact, now=later)

    assert refusal.value.code == "promise_after_the_call"


def test_a_contact_about_another_account_verifies_nobody_here(agent):
    account, other = place_account(), place_account()

    with pytest.raises(Refused) as refusal:
        promise(account, agent, contact=verified_contact(other, agent))

    assert refusal.value.code == "party_not_verified"


def test_a_manager_may_take_a_promise_without_a_contact(manager, now):
    account = place_account()

    made = make_promise(
        account_id=account.pk,
        party_id=account.parties.get().pk,
        amount=Decimal("100.00"),
        due_on=TODAY,
        actor=manager,
        now=now,
    )

    assert made.state == "active"


@pytest.mark.parametrize(
    ("amount", "in_days", "code", "words"),
    [
        ("200.00", 15, "promise_too_far", "Wed 2 Dec 2026"),
        ("39.99", 5, "promise_too_small", "40.00 GBP"),
        ("1200.01", 5, "promise_more_than_owed", "1,200.00 GBP"),
        ("0.00", 5, "promise_more_than_owed", "1,200.00 GBP"),
        ("200.00", -1, "day_has_passed", "Tue 17 Nov 2026"),
    ],
)
def test_a_promise_beyond_the_limits_is_refused_and_says_the_nearest_that_is_not(amount, in_days, code, words, agent):
    make_limit("agent", promise_max_days=14, promise_min_share=Decimal("0.100"))
    account = place_account(owed="1200.00", due="400.00")

    with pytest.raises(Refused) as refusal:
        promise(account, agent, amount, in_days)

    assert refusal.value.code == code
    assert words in str(refusal.value)
    assert not Arrangement.objects.exists()
    assert not Hold.objects.exists()
    assert again(account).state == "new"


def test_who_broke_too_many_promises_needs_a_manager(agent, manager):
    make_limit("agent", promise_max_open_breaks=0)
    make_limit("manager", promise_max_open_breaks=3)
    account = place_account()
    broken = promise(account, agent)
    broken.instalments.update(decided_on=TODAY, state="due")
    broken.instalments.update(state="broken")
    Arrangement.objects.filter(pk=broken.pk).update(state="broken")

    with pytest.raises(Refused) as refusal:
        promise(account, agent)

    assert refusal.value.code == "promise_after_broken_ones"
    assert promise(account, manager).state == "active"


def test_nobody_may_be_committed_during_breathing_space(agent, now):
    account = place_account()
    place_hold(kind="breathing_space", account_id=account.pk, actor=agent, now=now)

    with pytest.raises(Refused) as refusal:
        promise(account, agent)

    assert refusal.value.code == "hold_forbids_agreeing"


def test_somebody_who_does_not_owe_can_not_promise(manager, now):
    account = place_account()
    neighbour = make_party("Tomás Vega")

    with pytest.raises(Refused) as refusal:
        make_promise(
            account_id=account.pk,
            party_id=neighbour.pk,
            amount=Decimal("100.00"),
            due_on=TODAY,
            actor=manager,
            now=now,
        )

    assert refusal.value.code == "party_does_not_owe"


def test_finance_takes_no_promises(finance):
    account = place_account()

    with pytest.raises(Refused) as refusal:
        promise(account, finance)

    assert refusal.value.code == "promise_not_your_role"


def test_a_cancelled_promise_gives_the_account_back_today(agent, now):
    account = place_account()
    made = promise(account, agent)

    cancel_arrangement(arrangement_id=made.pk, reason="made_in_error", actor=agent, now=now)
    cancel_arrangement(arrangement_id=made.pk, reason="made_in_error", actor=agent, now=now)

    account = again(account)
    assert state_of(made)[0] == "cancelled"
    assert (account.state, account.next_kind, account.next_on) == ("active", "act", TODAY)
    assert not Hold.objects.filter(account=account, state="active").exists()
    assert Event.objects.filter(kind="arrangement.cancel").count() == 1


def test_another_agent_can_not_cancel_it_but_a_manager_can(agent, manager, team, now):
    account = place_account()
    made = promise(account, manager)

    with pytest.raises(Refused) as refusal:
        cancel_arrangement(arrangement_id=made.pk, reason="made_in_error", actor=agent, now=now)

    assert refusal.value.code == "cancel_not_yours"
    assert state_of(made)[0] == "active"
