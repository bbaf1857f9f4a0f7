"""The queue page: what an agent and a manager see, and what it costs."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from accounts.models import Account, HoldKind, NextKind
from accounts.services.holds import place_hold
from collections_crm.models import SavedView
from tests.communications.calls import caller, verify
from tests.factories import NOW, make_party, make_portfolio, make_team, make_user, place_account
from tests.queue.test_refresh_queue import next_step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def shown(client, query: str = "") -> str:
    answer = client.get(reverse("queue") + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_agent_sees_their_own_work_before_the_teams(as_agent, agent):
    pooled = place_account(due="9000.00", owed="9000.00", party=make_party("Pool Person"))
    own = place_account(due="10.00", owner=agent, party=make_party("Own Person"))

    page = shown(as_agent)

    assert page.index(own.reference) < page.index(pooled.reference)


def test_the_list_shows_who_why_and_how_much_with_its_currency(as_agent):
    account = place_account(due="400.00", party=make_party("Juana Ramírez Ortega", language="es-mx"))

    page = shown(as_agent)

    assert "Juana R. O." in page
    assert "Ramírez" not in page
    assert "first call" in page
    assert "400.00" in page
    assert account.currency in page


def test_the_list_says_nothing_of_the_debt_of_an_unverified_person_on_the_line(as_agent, agent):
    person = make_party("Juana Ramírez Ortega")
    account, second = (place_account(due=due, owner=agent, party=person) for due in ("411.00", "422.00"))
    other = place_account(due="433.00", owner=agent)
    contact = caller(account, agent)

    silent = shown(as_agent, "?tab=all")
    verify(contact, agent)
    spoken = shown(as_agent, "?tab=all")

    assert silent.count("Verify first (V)") == 2
    assert second.reference in silent
    assert other.reference in silent
    assert [figure in silent for figure in ("411.00", "422.00", "433.00")] == [False, False, True]
    assert [figure in spoken for figure in ("411.00", "422.00", "433.00")] == [True, True, True]


def test_the_pool_holds_what_belongs_to_the_team_and_to_nobody_in_it(client, agent, manager):
    client.force_login(manager)
    pooled, own = place_account(), place_account(owner=agent)

    page = shown(client, "?whose=pool&tab=all")

    assert pooled.reference in page
    assert own.reference not in page


def test_a_colleagues_own_account_is_not_in_my_list(as_agent, team):
    colleagues = place_account(owner=make_user("agent", team))

    assert colleagues.reference not in shown(as_agent, "?tab=all")


def test_another_teams_pool_is_not_in_my_list(as_agent):
    elsewhere = make_portfolio("UK", code="elsewhere", name="Elsewhere")
    elsewhere.teams.clear()
    make_team(elsewhere, name="Others")

    foreign = place_account(portfolio=elsewhere)

    assert foreign.reference not in shown(as_agent, "?tab=all")


def test_each_tab_holds_what_its_name_says_and_all_of_it_together(as_agent, agent):
    now, waiting, held = place_account(), place_account(), place_account()
    traced = place_account(phone=None, address=False)
    next_step(waiting, NextKind.ACT, on=NOW.date() + timedelta(days=3))
    place_hold(kind=HoldKind.DISPUTE, account_id=held.pk, actor=agent, now=NOW)

    for tab, account in {"now": now, "waiting": waiting, "hold": held, "trace": traced}.items():
        page = shown(as_agent, f"?tab={tab}")
        assert account.reference in page
        assert sum(other.reference in page for other in (now, waiting, held, traced)) == 1
    assert all(a.reference in shown(as_agent, "?tab=all") for a in (now, waiting, held, traced))


def test_an_account_whose_hours_open_later_today_stands_under_later(as_agent, settings):
    settings.FROZEN_NOW = NOW.replace(hour=6)
    account = place_account(now=settings.FROZEN_NOW)

    assert account.reference not in shown(as_agent)
    assert account.reference in shown(as_agent, "?tab=later")


def test_an_empty_now_says_when_the_next_window_opens(as_agent, settings):
    settings.FROZEN_NOW = NOW.replace(hour=6)
    place_account(now=settings.FROZEN_NOW)

    assert "Nobody here may be called before 08:00 London" in shown(as_agent)


def test_filters_narrow_the_list_and_stand_as_chips(as_agent):
    small, large = place_account(due="50.00"), place_account(due="700.00", owed="900.00")

    page = shown(as_agent, "?amount=500")

    assert large.reference in page
    assert small.reference not in page
    assert "due at least: 500" in page


def test_a_nonsense_filter_is_left_out(as_agent):
    account = place_account()

    assert account.reference in shown(as_agent, "?bucket=many&portfolio=drop&after=!!&tab=nope")


def test_pages_follow_each_other_without_gap_or_repetition(as_agent):
    accounts = [place_account(due=f"{n + 1}.00") for n in range(53)]

    first = as_agent.get(reverse("queue"))
    mark = first.context["page"].found.next
    second = as_agent.get(reverse("queue"), {"after": mark})

    seen = [row.reference for answer in (first, second) for row in answer.context["page"].rows]
    assert len(seen) == 53
    assert set(seen) == {account.reference for account in accounts}


def test_the_number_on_a_tab_stops_at_its_bound_whoever_has_the_accounts(as_agent, agent, monkeypatch):
    for owner in (agent, agent, None, None):
        place_account(owner=owner)

    exact = as_agent.get(reverse("queue")).context["page"].counts.tabs
    monkeypatch.setattr("collections_crm.selectors.queue_lists.COUNTED_TO", 3)
    bounded = as_agent.get(reverse("queue")).context["page"].counts.tabs

    assert exact["now"] == exact["all"] == 4
    assert bounded["now"] == bounded["all"] == 3


def test_a_late_callback_of_mine_raises_an_alert(as_agent, agent, settings):
    account = place_account(owner=agent)
    next_step(account, NextKind.CALLBACK, at=NOW - timedelta(minutes=30))

    page = shown(as_agent)

    assert "1 callback of yours is late" in page


def test_the_why_of_a_row_adds_up(as_agent):
    place_account()

    row = as_agent.get(reverse("queue")).context["page"].rows[0]

    said, total = row.arithmetic.split(" = ")
    assert sum(int(part.split()[-1]) for part in said.split(" + ")) == int(total)
    assert "first call 80" in said


def test_a_view_is_saved_under_an_opaque_address_and_is_nobody_elses(as_agent, agent, client, team):
    place_account()
    as_agent.post(reverse("queue-view-save"), {"name": "Big ones", "query": "tab=all&amount=500&evil=1"})
    view = SavedView.objects.get(user=agent)

    answer = as_agent.get(reverse("queue-view", args=[view.pk]))
    client.force_login(make_user("agent", team))

    assert answer.headers["Location"] == "/queue/?tab=all&amount=500"
    assert client.get(reverse("queue-view", args=[view.pk])).status_code == 404


def test_the_queue_page_costs_at_most_twelve_queries(as_agent, agent, django_assert_max_num_queries):
    for _ in range(5):
        place_account(owner=agent)
    shown(as_agent)

    with django_assert_max_num_queries(12):
        shown(as_agent)


def test_a_manager_gives_ticked_accounts_to_an_agent_after_a_confirmation(client, manager, agent):
    account = place_account()
    client.force_login(manager)
    given = {"account": [account.pk], "to": agent.pk, "idempotency": "9d3c6a8e-62c6-4b2b-8d42-0b9bb0a7d7b1"}

    asked = client.post(reverse("queue-assign"), given)
    before = Account.objects.get(pk=account.pk)
    done = client.post(reverse("queue-assign"), given | {"confirmed": "1"})
    twice = client.post(reverse("queue-assign"), given | {"confirmed": "1"})

    account = Account.objects.get(pk=account.pk)
    assert "goes to" in asked.content.decode()
    assert before.owner is None
    assert (account.owner, account.next_owner) == (agent, agent)
    assert 'class="receipt"' in done.content.decode()
    assert "nothing was done twice" in twice.content.decode()
    assert account.events.filter(kind="account.assigned").count() == 1
    page = unescape(client.get(reverse("account", args=[account.reference])).content.decode())
    assert f"<b>Given to an agent</b> <span>{agent.username}</span>" in page


def test_giving_accounts_without_one_ticked_says_what_to_tick(client, manager):
    client.force_login(manager)

    answer = client.post(reverse("queue-assign"), {"to": ""})

    assert answer.status_code == 422
    assert "Tick the accounts to give first." in answer.content.decode()


def test_an_agent_can_not_give_accounts_away(as_agent, agent):
    account = place_account()

    answer = as_agent.post(reverse("queue-assign"), {"account": [account.pk], "to": agent.pk, "confirmed": "1"})

    assert answer.status_code == 403
    assert Account.objects.get(pk=account.pk).owner is None


def test_a_manager_may_look_at_one_agents_queue(client, manager, team):
    first, second = make_user("agent", team), make_user("agent", team)
    hers, his = place_account(owner=first), place_account(owner=second)
    client.force_login(manager)

    page = shown(client, f"?whose={first.pk}")

    assert hers.reference in page
    assert his.reference not in page


def test_the_queue_speaks_spanish(client, team):
    client.force_login(make_user("agent", team, language="es-mx"))
    place_account()

    page = shown(client)

    assert "Siguiente cuenta" in page
