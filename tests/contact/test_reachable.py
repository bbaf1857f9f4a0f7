"""Who has neither phone nor e-mail is looked for: the badge and the next step say so, whatever addresses there are."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.services.contact_points import add_contact_point
from communications.models import Outcome
from tests.communications.calls import conclude, ring
from tests.factories import NOW, again, place_account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen(settings):
    settings.FROZEN_NOW = NOW


@pytest.fixture
def at_work(client, agent):
    client.force_login(agent)
    return client


def shown(client, account):
    return client.get(reverse("account", args=[account.reference])).content.decode()


def test_with_a_wrong_number_on_the_only_phone_the_person_is_looked_for(at_work, agent):
    account = place_account()
    contact = ring(account, agent)

    conclude(contact, agent, "wrong_number")

    page = shown(at_work, account)
    assert again(account).next_kind == "trace"
    assert "nobody to reach" in page
    assert "MAY CALL" not in page
    assert Outcome.objects.get(code="wrong_number").point_status == "wrong_party"


def test_with_an_e_mail_left_the_account_is_worked_and_the_badge_speaks_of_writing(at_work, agent):
    account = place_account(email="juana@example.com")
    contact = ring(account, agent)

    conclude(contact, agent, "not_in_service")

    page = shown(at_work, account)
    assert again(account).next_kind == "act"
    assert "MAY WRITE" in page
    assert "MAY CALL" not in page


def test_an_address_alone_makes_nobody_reachable(agent):
    account = place_account(phone=None, address=False)

    given = {"party_id": account.parties.get().pk, "provenance": "agent", "actor": agent, "now": NOW}
    add_contact_point(kind="post", value="1 High Street, London N1 9GU", **given)

    assert again(account).next_kind == "trace"
