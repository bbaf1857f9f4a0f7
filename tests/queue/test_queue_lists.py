"""What the list of the queue offers beside its rows: word of newer ones, and a file for a spreadsheet."""

from __future__ import annotations

import csv
import re

import pytest
from django.urls import reverse

from accounts.foundation.events import Event
from accounts.services.holds import place_hold
from tests.factories import NOW, make_party, place_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def news_address(client) -> str:
    page = client.get(reverse("queue") + "?tab=now").content.decode()
    return re.search(r'hx-get="([^"]*/queue/news/[^"]*)"', page)[1].replace("&amp;", "&")


def exported(client, query: str = "") -> list[list[str]]:
    answer = client.get(reverse("queue-export") + query)
    assert answer.status_code == 200
    return list(csv.reader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))


def test_an_open_list_says_how_many_accounts_are_newer_or_changed(client, agent):
    client.force_login(agent)
    kept = place_account(owner=agent)
    address = news_address(client)
    assert "newer or changed" not in client.get(address).content.decode()

    place_account(owner=agent)
    place_hold(kind="dispute", account_id=kept.pk, actor=agent, now=NOW)

    assert "1 newer or changed: refresh" in client.get(address).content.decode()


def test_a_manager_takes_the_list_along_and_the_log_says_so(client, manager):
    client.force_login(manager)
    place_account(due="1400.00", owed="1400.00", party=make_party("Juana Ramírez Ortega"))
    place_account(due="10.00", party=make_party("=HYPERLINK(1)"))

    header, first, second = exported(client)

    assert header[:2] == ["Reference", "Customer"]
    assert first[1] == "Juana R. O."
    assert first[3:5] == ["1400.00", "1400.00"]
    assert second[1].startswith("'=")
    event = Event.objects.get(kind="queue.exported")
    assert (event.actor_id, event.codes) == (manager.pk, {"tab": "now", "rows": 2})


def test_the_file_holds_what_the_filters_leave(client, manager):
    client.force_login(manager)
    place_account(due="1400.00", owed="1400.00")
    place_account(due="10.00")

    assert len(exported(client, "?amount=500")) == 2


def test_an_agent_is_not_offered_the_file_and_does_not_get_it(client, agent):
    client.force_login(agent)
    place_account(owner=agent)

    assert reverse("queue-export") not in client.get(reverse("queue")).content.decode()
    assert client.get(reverse("queue-export")).status_code == 403
