"""Next: one person for one agent, best first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.foundation.errors import Refused
from accounts.models import NextKind, Party
from collections_crm.models import Lease
from collections_crm.work.leases import LEASE_TIME, other_holder, renew_lease, take_next
from communications.models import Contact
from tests.factories import NOW, make_party, make_portfolio, make_team, make_user, place_account
from tests.queue.test_refresh_queue import next_step

pytestmark = pytest.mark.django_db


def open_call(agent, party: Party) -> Contact:
    return Contact.objects.create(
        person_id=party.person_id,
        party=party,
        channel="call",
        direction="in",
        purpose="inbound",
        agent=agent,
        started_at=NOW,
        local_on=NOW.date(),
    )


def test_next_takes_own_work_before_the_teams_however_much_that_is_worth(agent):
    place_account(due="9000.00", owed="9000.00", party=make_party("Rich"))
    own = place_account(due="5.00", owner=agent, party=make_party("Own"))

    assert take_next(actor=agent, now=NOW) == own.pk


def test_a_callback_whose_minute_has_come_is_next(agent):
    place_account(due="9000.00", owed="9000.00", owner=agent, party=make_party("Rich"))
    called = place_account(due="5.00", owner=agent, party=make_party("Called"))
    next_step(called, NextKind.CALLBACK, at=NOW - timedelta(minutes=1))

    assert take_next(actor=agent, now=NOW) == called.pk


def test_a_person_is_leased_with_all_their_accounts(agent, team):
    party = make_party()
    place_account(party=party, due="900.00"), place_account(party=party)
    other = place_account(party=make_party("Other"), due="1.00", owed="2.00")
    take_next(actor=agent, now=NOW)

    assert take_next(actor=make_user("agent", team), now=NOW) == other.pk


def test_when_everybody_is_taken_next_says_so(agent, team):
    place_account()
    take_next(actor=agent, now=NOW)

    with pytest.raises(Refused) as refusal:
        take_next(actor=make_user("agent", team), now=NOW)
    assert refusal.value.code == "queue.nothing_now"


def test_a_lease_ends_by_itself_and_activity_moves_its_end(agent, team):
    account, colleague = place_account(), make_user("agent", team)
    take_next(actor=agent, now=NOW)
    renew_lease(agent_id=agent.pk, now=NOW + timedelta(minutes=10))

    with pytest.raises(Refused):
        take_next(actor=colleague, now=NOW + LEASE_TIME)
    later = NOW + timedelta(minutes=10) + LEASE_TIME
    assert take_next(actor=colleague, now=later) == account.pk


def test_a_lease_never_ends_while_the_agents_call_is_open(agent, team):
    party = make_party()
    place_account(party=party)
    take_next(actor=agent, now=NOW)
    open_call(agent, party)
    much_later = NOW + timedelta(hours=2)

    with pytest.raises(Refused):
        take_next(actor=make_user("agent", team), now=much_later)
    assert other_holder(person_id=party.pk, agent_id=0, now=much_later) == agent


def test_an_open_contact_must_be_wrapped_up_before_next(agent):
    account = place_account()
    open_call(agent, account.parties.get())

    with pytest.raises(Refused) as refusal:
        take_next(actor=agent, now=NOW)
    assert refusal.value.code == "queue.contact_open"


def test_next_gives_up_the_last_person(agent):
    first = place_account(due="900.00", owed="900.00", party=make_party("First"))
    take_next(actor=agent, now=NOW)
    next_step(first, NextKind.ACT, on=NOW.date() + timedelta(days=1))
    second = place_account(party=make_party("Second"))

    assert take_next(actor=agent, now=NOW) == second.pk
    assert Lease.objects.get().agent == agent


def test_nobody_outside_the_agents_portfolios_is_offered(agent):
    elsewhere = make_portfolio("UK", code="elsewhere")
    elsewhere.teams.clear()
    make_team(elsewhere, name="Others")
    place_account(portfolio=elsewhere)

    with pytest.raises(Refused):
        take_next(actor=agent, now=NOW)


def test_next_is_a_button_that_opens_the_account_and_never_a_link(client, agent, settings):
    settings.FROZEN_NOW = NOW
    account = place_account()
    client.force_login(agent)

    answer = client.post(reverse("next"), {"idempotency": "9d3c6a8e-62c6-4b2b-8d42-0b9bb0a7d7b1"})

    assert answer.headers["Location"] == reverse("account", args=[account.reference])
    assert client.get(reverse("next")).status_code == 405


def test_the_same_next_button_pressed_twice_opens_the_same_account(client, agent, settings):
    settings.FROZEN_NOW = NOW
    place_account(party=make_party("A")), place_account(party=make_party("B"))
    client.force_login(agent)
    key = {"idempotency": "9d3c6a8e-62c6-4b2b-8d42-0b9bb0a7d7b1"}

    first, second = client.post(reverse("next"), key), client.post(reverse("next"), key)

    assert first.headers["Location"] == second.headers["Location"]


def test_whoever_is_left_as_they_were_comes_again_when_nobody_else_is_there(client, agent, settings):
    settings.FROZEN_NOW = NOW
    first = place_account(due="900.00", party=make_party("First"))
    second = place_account(due="5.00", owed="6.00", party=make_party("Second"))
    client.force_login(agent)

    led_to = [client.post(reverse("next")).headers["Location"] for _press in range(3)]

    assert led_to == [reverse("account", args=[one.reference]) for one in (first, second, first)]
    assert "left before" in client.get(led_to[-1]).content.decode()
