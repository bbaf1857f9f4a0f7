"""Search: how an agent finds whoever calls, and what nobody learns from it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Event
from collections_crm.services.searching import PER_MINUTE
from tests.factories import make_party, make_portfolio, make_team, make_user, place_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def found(client, words: str) -> list[str]:
    answer = client.post(reverse("search"), {"q": words})
    assert answer.status_code == 200
    return [hit.account.reference for hit in answer.context["found"].hits]


@pytest.mark.parametrize(
    "typed", ["020 7946 0123", "(020) 7946-0123", "+44 20 7946 0123", "0044 20 79460123", "+442079460123"]
)
def test_a_phone_is_found_however_it_is_written(as_agent, typed):
    account = place_account(phone="020 7946 0123")
    place_account()

    assert found(as_agent, typed) == [account.reference]


@pytest.mark.parametrize("typed", ["ramirez", "Ramírez", "JUANA RAM", "juana ramirez ortega", "Juana Ramires Ortega"])
def test_a_name_is_found_without_accents_in_part_and_with_a_slip(as_agent, typed):
    account = place_account(party=make_party("Juana Ramírez Ortega"))
    place_account(party=make_party("Peter Smith"))

    assert found(as_agent, typed) == [account.reference]


def test_an_email_is_found_whatever_its_case(as_agent):
    account = place_account(email="juana@example.com")

    assert found(as_agent, "Juana@Example.com") == [account.reference]


def test_a_reference_opens_its_account_at_once(as_agent):
    account = place_account()

    answer = as_agent.post(reverse("search"), {"q": account.reference.lower()})

    assert answer.headers["Location"] == reverse("account", args=[account.reference])


def test_an_agent_finds_another_teams_account_masked_and_can_not_just_open_it(client):
    account = place_account(party=make_party("Juana Ramírez Ortega"), phone="020 7946 0123")
    elsewhere = make_portfolio("UK", code="elsewhere")
    elsewhere.teams.clear()
    client.force_login(make_user("agent", make_team(elsewhere, name="Others")))

    page = client.post(reverse("search"), {"q": "ramirez ortega"}).content.decode()

    assert account.reference in page
    assert "They called" in page
    assert "Ramírez" not in page
    assert "0123" not in page
    assert reverse("account", args=[account.reference]) + '"' not in page
    assert client.get(reverse("account", args=[account.reference])).status_code == 404


def test_a_search_is_written_down_without_what_was_searched(as_agent, agent):
    place_account(phone="020 7946 0123")

    found(as_agent, "020 7946 0123")

    event = Event.objects.get(kind="search.made")
    assert (event.actor, event.codes) == (agent, {"by": "phone", "found": 1})


def test_searching_without_end_is_stopped(as_agent):
    for _ in range(PER_MINUTE):
        as_agent.post(reverse("search"), {"q": "nobody"})

    assert as_agent.post(reverse("search"), {"q": "nobody"}).status_code == 429


def test_a_card_number_is_not_even_searched_for(as_agent):
    answer = as_agent.post(reverse("search"), {"q": "4111 1111 1111 1111"})

    assert answer.status_code == 422
    assert not Event.objects.filter(kind="search.made").exists()


@pytest.mark.parametrize("typed", ["a10665", "A10665", "a 10665", "10665", " A-10665 "])
def test_a_reference_is_found_without_its_hyphen_in_any_case_or_by_its_number(as_agent, typed):
    place_account(reference="A-10665")

    answer = as_agent.post(reverse("search"), {"q": typed})

    assert answer.headers["Location"] == reverse("account", args=["A-10665"])


def test_a_number_that_means_two_accounts_offers_both(as_agent):
    place_account(reference="A-10665")
    place_account(reference="A-20001", external_reference="10665")

    assert sorted(found(as_agent, "10665")) == ["A-10665", "A-20001"]


def test_a_search_that_is_too_short_is_not_headed_as_something_not_saved(as_agent):
    answer = as_agent.post(reverse("search"), {"q": "ab"})

    assert answer.status_code == 422
    assert "Not searched yet" in answer.text
    assert "Not saved" not in answer.text.split("<main")[1].split("</main>")[0]
