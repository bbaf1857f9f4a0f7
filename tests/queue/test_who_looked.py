"""Who looked at what: opened pages are written down, and looks without a contact stand out."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.models import AccountAccess
from accounts.services.reveals import reveal_contact_point
from tests.communications.calls import conclude, ring
from tests.factories import NOW, make_team, make_user, place_account
from tests.queue.test_account_page import call

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def look(account, who, at=NOW):
    point = account.parties.get().contact_points.get(kind="phone")
    reveal_contact_point(account_id=account.pk, contact_point_id=point.pk, reason="confirm", actor=who, now=at)


def opened(client, account, name="account", *args):
    return client.get(reverse(name, args=[account.reference, *args]))


def pages_read():
    return list(AccountAccess.objects.order_by("id").values_list("user__username", "page"))


def listed(client, **asked):
    page = client.get(reverse("reveals"), asked)
    return [(row.account.reference, row.user.username, row.spoke) for row, _reason in page.context["rows"]]


def test_each_page_of_an_account_that_somebody_opens_is_written_down(client, agent):
    account = place_account()
    client.force_login(agent)

    opened(client, account)
    opened(client, account, "account-act", "note")
    opened(client, account, "account-changes", 0)

    assert pages_read() == [(agent.username, "account"), (agent.username, "account-act")]


def test_a_page_that_was_not_shown_was_not_read(client, agent):
    account = place_account()
    client.force_login(make_user("agent", make_team(name="elsewhere")))
    assert opened(client, account).status_code == 404

    call(agent, account)
    client.force_login(agent)
    assert opened(client, account, "account-older").status_code == 403

    assert pages_read() == []


def test_the_log_of_who_looked_is_only_added_to(client, agent):
    client.force_login(agent)
    opened(client, place_account())

    for act in (lambda rows: rows.update(page="nothing"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act(AccountAccess.objects.all())


def test_a_manager_sees_who_opened_an_account_and_an_agent_does_not(client, agent, manager):
    account = place_account()
    client.force_login(agent)
    opened(client, account)
    assert opened(client, account, "account-readers").status_code == 403

    client.force_login(manager)
    page = opened(client, account, "account-readers")

    assert [(row.user, what) for row, what in page.context["rows"]] == [
        (manager, "who opened it"),
        (agent, "the account"),
    ]


def test_a_look_without_a_contact_of_the_same_person_that_day_stands_out(client, agent, manager):
    explained, others, bare = place_account(), place_account(), place_account()
    colleague = make_user("agent", agent.team)
    conclude(ring(explained, agent), agent, "no_answer")
    conclude(ring(others, colleague), colleague, "no_answer")
    for account in (explained, others, bare):
        look(account, agent, NOW + timedelta(minutes=5))
    client.force_login(manager)

    assert listed(client) == [(a.reference, agent.username, False) for a in (bare, others)]
    assert (explained.reference, agent.username, True) in listed(client, all="on")


def test_a_call_of_yesterday_explains_no_look_of_today(client, agent, manager):
    account = place_account()
    conclude(ring(account, agent, now=NOW - timedelta(days=1)), agent, "no_answer", now=NOW - timedelta(hours=23))
    look(account, agent)
    client.force_login(manager)

    assert listed(client) == [(account.reference, agent.username, False)]


def test_a_manager_sees_the_looks_at_accounts_of_the_own_team_only(client, agent):
    account = place_account()
    look(account, agent)
    client.force_login(make_user("manager", make_team(name="elsewhere")))
    assert listed(client) == []

    client.force_login(make_user("compliance"))
    assert listed(client) == [(account.reference, agent.username, False)]


def test_days_before_the_last_week_are_asked_for_and_a_slip_is_told(client, agent, manager):
    account = place_account()
    look(account, agent, NOW - timedelta(days=20))
    client.force_login(manager)

    assert listed(client) == []
    long_ago = str((NOW - timedelta(days=25)).date())
    assert listed(client, first=long_ago) == [(account.reference, agent.username, False)]
    slip = client.get(reverse("reveals"), {"first": "2026-11-10", "last": "2026-11-01"})
    assert slip.status_code == 422
    assert "It begins after it ends." in slip.content.decode()
