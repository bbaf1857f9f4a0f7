"""The page of the emergency stops, and the banner that nobody concerned can miss."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from collections_crm.selectors.inbox import in_header
from communications.models import ContactStop, PolicyPack
from communications.services.stops import stop_contact
from tests.factories import NOW, make_portfolio, make_team, make_user, place_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def stop(actor, **differs) -> ContactStop:
    said = {"channel": "call", "jurisdiction": "UK", "portfolio_id": None, "cause": "wrong_content", "note": "Doubled."}
    return stop_contact(actor=actor, now=NOW, **said | differs)


def read(user, url="queue", *args) -> str:
    return logged_in(user).get(reverse(url, args=args)).content.decode()


def test_a_manager_stops_by_the_form_and_two_people_release_it(manager, compliance):
    url = reverse("stops")
    form = {"channel": "call", "where": "country:UK", "cause": "system_fault", "note": "Rings whom it should not."}

    logged_in(manager).post(url, form)
    standing = ContactStop.objects.get()
    release = reverse("stop-release", args=[standing.pk])
    first = logged_in(manager).post(release, follow=True).content.decode()
    again = logged_in(manager).post(release, follow=True).content.decode()
    second = logged_in(compliance).post(release, follow=True).content.decode()

    assert (standing.channel, standing.jurisdiction, standing.stopped_by) == ("call", "UK", manager)
    assert "stands until a second person releases it" in first
    assert "It takes a second person" in again
    assert "What waited goes on" in second
    assert not ContactStop.objects.get().stands


def test_a_stop_for_one_portfolio_and_one_for_everybody_are_chosen_in_the_same_field(manager):
    portfolio = make_portfolio()

    for where in (f"portfolio:{portfolio.pk}", "all"):
        form = {"channel": "all", "where": where, "cause": "breach", "note": "A list went astray."}
        logged_in(manager).post(reverse("stops"), form)

    found = ContactStop.objects.order_by("pk").values_list("channel", "jurisdiction", "portfolio_id")
    assert list(found) == [("", "", portfolio.pk), ("", "", None)]


def test_a_stop_without_a_word_of_what_happened_is_asked_for_it(manager):
    form = {"channel": "all", "where": "all", "cause": "breach", "note": ""}

    page = logged_in(manager).post(reverse("stops"), form).content.decode()

    assert "Not saved" in page
    assert not ContactStop.objects.exists()


def test_everybody_concerned_reads_the_banner_on_every_page_and_nobody_else(agent, manager, compliance):
    elsewhere = make_user("agent", make_team(name="elsewhere"))
    stop(compliance)

    told = {user.username: 'data-banner="stop"' in read(user) for user in (agent, manager, compliance, elsewhere)}

    assert told == {agent.username: True, manager.username: True, compliance.username: True, elsewhere.username: False}
    account = place_account()
    assert "Emergency stop: calls, United Kingdom." in read(agent, "account", account.reference)


def test_the_administration_shows_the_banner_too(admin):
    stop(admin)
    pack = PolicyPack.objects.get(code="UK")

    assert 'data-banner="stop"' in read(admin, "admin:communications_policypack_change", pack.pk)


def test_the_banner_goes_with_the_second_yes(agent, manager, admin):
    standing = stop(manager)
    for person in (manager, admin):
        logged_in(person).post(reverse("stop-release", args=[standing.pk]))

    assert 'data-banner="stop"' not in read(agent)


def test_banner_and_count_of_the_header_are_one_query(manager, agent, django_assert_num_queries):
    stop(manager)

    with django_assert_num_queries(1):
        found = in_header(agent, NOW)

    assert (found.waiting, [one.cause for one in found.stops]) == (0, ["wrong_content"])


def test_a_stop_waits_in_the_inbox_of_those_who_may_release_it_until_their_yes(manager, compliance, admin, agent):
    standing = stop(manager)
    logged_in(admin).post(reverse("stop-release", args=[standing.pk]))

    waiting = {user.role: in_header(user, NOW).waiting for user in (manager, compliance, admin, agent)}

    assert waiting == {"manager": 1, "compliance": 1, "admin": 0, "agent": 0}
    assert "Emergency stops that stand" in read(compliance, "inbox")


def test_the_stop_is_told_in_spanish_to_who_reads_spanish(agent, manager):
    agent.language = "es-mx"
    agent.save(update_fields=["language"])
    stop(manager)

    page = read(agent)

    assert "Paro de emergencia" in page
    assert "llamadas, Reino Unido" in page
    assert "montos o textos equivocados" in page
