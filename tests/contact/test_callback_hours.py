"""A callback is promised for an hour at which the customer may be called, by their own clock."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.services.contact_points import add_contact_point
from tests.communications.calls import ring
from tests.factories import NOW, again, make_portfolio, place_account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen(settings):
    settings.FROZEN_NOW = NOW


@pytest.fixture
def at_work(client, agent):
    client.force_login(agent)
    return client


def call_back(client, contact, time, on="+1"):
    said = {"outcome": "callback", "callback_on": on, "callback_time": time, "note": "after work"}
    return client.post(reverse("contact-wrap-up", args=[contact.pk]), said)


def test_a_callback_in_the_customers_night_is_refused_with_the_hours_and_the_text_stays(at_work, agent):
    contact = ring(place_account(portfolio=make_portfolio("US")), agent)

    answer = call_back(at_work, contact, "23:30")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Only within 08:00 - 21:00 where the person may be; it is 23:30 in New York." in page
    assert "A call may be made from Fri 20 Nov 2026 08:00 New York." in page
    assert 'value="23:30"' in page
    assert "after work" in page
    assert again(contact).is_open


@pytest.mark.parametrize("typed", ["4pm", "4 PM", "4 p.m.", "4:00pm", "16:00", "16.00", "1600"])
def test_a_time_is_understood_as_people_write_it(at_work, agent, typed):
    account = place_account()
    contact = ring(account, agent)

    call_back(at_work, contact, typed)

    assert again(account).next_at.isoformat() == "2026-11-19T16:00:00+00:00"


def test_a_time_that_can_be_two_is_answered_with_what_to_write(at_work, agent):
    contact = ring(place_account(), agent)

    assert "Write a time such as 16:30, or 4:30 pm." in call_back(at_work, contact, "4").content.decode()


def test_the_list_tells_a_callback_by_the_viewers_clock_and_says_whose(client, agent):
    account = place_account(portfolio=make_portfolio("US"), owner=agent)
    contact = ring(account, agent)
    client.force_login(agent)
    call_back(client, contact, "18:00", on="today")
    type(agent).objects.filter(pk=agent.pk).update(zone="America/Mexico_City")

    page = client.get(reverse("queue"), {"tab": "later"}).content.decode()

    assert "callback at 17:00 Mexico City" in page


def chicago():
    account = place_account(portfolio=make_portfolio("US"), phone="(312) 555-0123", address=False)
    place = {"city": "Chicago", "region": "IL", "postcode": "60614", "country": "US"}
    given = {"party_id": account.parties.get().pk, "provenance": "creditor", "actor": None, "now": NOW}
    add_contact_point(kind="post", value="1 High Street, Chicago 60614", **place, **given)
    return account


def test_badge_and_refusal_name_the_same_hour_in_the_same_place_the_customers(at_work, settings):
    settings.FROZEN_NOW = NOW.replace(hour=5)
    account = chicago()
    phone = account.parties.get().contact_points.get(kind="phone")

    badge = at_work.get(reverse("account", args=[account.reference])).content.decode()
    refusal = at_work.post(reverse("contact-start", args=[account.reference]), {"contact_point": phone.pk})

    page = refusal.content.decode()
    assert "until Wed 18 Nov 2026 08:00 Chicago" in badge
    assert "Wed 18 Nov 2026 08:00 Chicago</time>" in page
    assert "New York" not in page


def test_a_refusal_never_shows_the_post_code_that_proves_who_somebody_is(at_work, settings):
    settings.FROZEN_NOW = NOW.replace(hour=5)
    account = chicago()
    phone = account.parties.get().contact_points.get(kind="phone")

    page = at_work.post(reverse("contact-start", args=[account.reference]), {"contact_point": phone.pk})

    assert "60614" not in page.content.decode()


def test_of_other_ways_only_what_can_be_done_is_offered_and_can_be_pressed(at_work, agent):
    account = place_account(email="juana@example.com")
    points = account.parties.get().contact_points
    phone, email = points.get(kind="phone"), points.get(kind="email")
    phone.consents.create(channel="call", opted_out=True, given_at=NOW)

    page = at_work.post(reverse("contact-start", args=[account.reference]), {"contact_point": phone.pk})

    refusal = page.content.decode().split('id="refused"')[1].split("</section>")[0]
    assert f'href="{reverse("message-write", args=[account.reference])}?way={email.pk}:email"' in refusal
    assert f"?way={phone.pk}:text" in refusal
    assert "letter" not in refusal.split("What can be done instead")[1]
    chosen = at_work.get(reverse("message-write", args=[account.reference]), {"way": f"{email.pk}:email"})
    assert f'value="{email.pk}:email" selected' in chosen.content.decode()


def test_a_time_that_has_passed_is_refused_at_its_field(at_work, agent):
    contact = ring(place_account(), agent)

    page = call_back(at_work, contact, "08:00", on="2026-11-18").text

    assert '<a href="#id_callback_time">At what time: Choose a time that is still to come.</a>' in page
