"""The figures under the queue open into what they count."""

from __future__ import annotations

import pytest
from django.urls import reverse

from arrangements.models import Instalment
from collections_crm.selectors.day_figures import day_figures
from communications.models import Contact
from tests.communications.calls import caller, conclude, verify
from tests.factories import NOW, TODAY, make_user, place_account
from tests.support.promises import promise

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def opened(client, name, query=""):
    answer = client.get(reverse("queue-day", args=[name]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def worked_call(agent, *, verified):
    account = place_account()
    contact = caller(account, agent)
    if verified:
        verify(contact, agent)
    conclude(contact, agent, "refuses" if verified else "stop")
    return account


def test_right_party_is_who_was_verified(as_agent, agent):
    unverified = worked_call(agent, verified=False)
    verified = worked_call(agent, verified=True)

    figures, page = day_figures(agent, now=NOW), opened(as_agent, "right-party")

    assert Contact.objects.filter(counts_conversation=True).count() == 2
    assert (figures.worked, figures.right_party) == (2, 1)
    assert verified.reference in page
    assert unverified.reference not in page


def test_each_figure_leads_to_the_accounts_that_it_counts(as_agent, agent):
    account = worked_call(agent, verified=True)
    made = promise(place_account(), agent)
    Instalment.objects.filter(arrangement=made).update(decided_on=TODAY)

    foot = as_agent.get(reverse("queue")).content.decode()

    for name in ("worked", "right-party", "promises"):
        assert f'href="{reverse("queue-day", args=[name])}"' in foot
    assert reverse("account", args=[account.reference]) in opened(as_agent, "worked")
    assert reverse("account", args=[made.account.reference]) in opened(as_agent, "promises")
    assert "200.00" in opened(as_agent, "promises")
    assert made.account.reference not in opened(as_agent, "worked")


def test_a_manager_opens_the_day_of_one_of_the_team_and_nobody_elses(client, agent, manager):
    account = worked_call(agent, verified=True)
    client.force_login(manager)

    mine = opened(client, "worked")
    theirs = opened(client, "worked", f"?whose={agent.pk}")
    client.force_login(make_user("manager"))
    stranger = opened(client, "worked", f"?whose={agent.pk}")

    assert account.reference in theirs
    assert account.reference not in mine
    assert account.reference not in stranger
