"""What the customer asks for, on the account page: said in few fields, shown beside the ways, kept in the timeline."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import ContactPreference, Workplace
from accounts.services.contact_preferences import note_preference
from collections_crm.models import QueueEntry
from collections_crm.ui.week_fields import read_window, week_from, week_typed
from tests.communications.calls import ring, verify
from tests.factories import NOW, again, make_user, place_account
from tests.queue.test_account_acts import do
from tests.queue.test_account_page import shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
ANY = "00:00-24:00"


def ask(client, account, act="preference", **given):
    party = account.parties.get()
    return do(client, account, act, **{"party": party.pk, "told_by": "call", **given})


@pytest.mark.parametrize(
    ("typed", "window"),
    [
        ("17:00-20:00", "17:00-20:00"),
        ("17-20", "17:00-20:00"),
        ("17-", "17:00-24:00"),
        ("-9.30", "00:00-09:30"),
        ("22 - 6", "22:00-06:00"),
        ("930 a 1215", "09:30-12:15"),
        ("no", ""),
        ("nunca", ""),
        ("any", ANY),
    ],
)
def test_hours_are_read_as_people_type_them(typed, window):
    assert read_window(typed) == window


@pytest.mark.parametrize("typed", ["evenings", "-", "25-26", "9-9", "17:75-20"])
def test_hours_that_are_none_are_answered_with_what_to_write(typed):
    if typed == "-":
        assert read_window(typed) == ""
        return
    with pytest.raises(ValidationError):
        read_window(typed)


def test_a_day_that_differs_is_typed_by_itself():
    typed = {"weekdays": "17:00-24:00", "fri": "", "sun": ANY}

    week = week_from(typed, unsaid=ANY)

    assert week == ["17:00-24:00"] * 4 + ["", ANY, ANY]
    assert week_from({}, unsaid=ANY) == []
    assert week_typed(["17:00-24:00"] * 5 + [ANY, ""], unsaid=ANY) == {
        "weekdays": "17:00-24:00",
        "sat": "",
        "sun": "no",
    }


def test_not_before_five_on_weekdays_takes_one_field_and_is_seen_beside_the_ways(as_agent, agent):
    account = place_account()

    answer = ask(as_agent, account, weekdays="17-")

    assert answer.status_code == 302
    kept = ContactPreference.objects.get()
    assert (kept.hours, kept.noted_by, kept.account) == (["17:00-24:00"] * 5 + [ANY, ANY], agent, account)
    page = shown(as_agent, account)
    assert page.count("Mon - Fri 17:00 - 24:00; Sat - Sun all day") == 3  # the ways, the panel, the timeline
    assert "on every debt · on a call, Wed 18 Nov 2026" in page
    assert "not at this hour; on this day within 17:00 - 24:00" in page
    assert not QueueEntry.objects.get(account=account).window.is_open(NOW)


def test_a_wish_sent_twice_is_kept_once(as_agent):
    account = place_account()
    given = {"media": ["email"], "idempotency": "9d3c6a8e-62c6-4b2b-8d42-0b9bb0a7d7b1"}

    ask(as_agent, account, **given), ask(as_agent, account, **given)

    assert ContactPreference.objects.count() == 1


def test_a_wish_without_anything_asked_comes_back_with_a_sentence_and_what_was_typed(as_agent):
    account = place_account()

    answer = ask(as_agent, account, until_on="2026-12-01")

    assert answer.status_code == 422
    assert "Say what they asked for" in answer.content.decode()
    assert "2026-12-01" in answer.content.decode()
    assert not ContactPreference.objects.exists()


def test_a_wish_is_changed_from_what_was_said_before_and_then_ended(as_agent):
    account = place_account()
    ask(as_agent, account, weekdays="17-", sun="no")
    first = ContactPreference.objects.get()
    form = as_agent.get(reverse("account-act", args=[account.reference, "preference"]), {"replaces": first.pk})
    assert 'value="17:00-24:00"' in form.content.decode()

    ask(as_agent, account, weekdays="18-20", replaces=first.pk)
    second = ContactPreference.objects.current().get()
    do(as_agent, account, "end-preference", preference=second.pk, told_by="letter")

    assert again(first).hours[0] == "17:00-24:00"
    assert not ContactPreference.objects.current().exists()
    assert "Preference ended" in shown(as_agent, account)


def test_two_who_change_one_wish_are_told_of_each_other(as_agent, agent):
    account = place_account()
    ask(as_agent, account, media=["email"])
    first = ContactPreference.objects.get()
    party = account.parties.get()
    note_preference(party_id=party.pk, told_by="call", media=["text"], replaces_id=first.pk, actor=agent, now=NOW)

    answer = ask(as_agent, account, media=["call"], replaces=first.pk)

    assert answer.status_code == 422
    assert "changed this preference meanwhile" in answer.content.decode()


def test_what_is_known_of_the_work_and_the_place_is_kept(as_agent):
    account = place_account()

    ask(as_agent, account, "work", employer="forbids", weekdays="9-15")
    ask(as_agent, account, "zone", zone="Europe/London")
    point = account.parties.get().contact_points.get(kind="phone")
    ask(as_agent, account, "zone", zone="America/Tijuana", point=point.pk)

    assert Workplace.objects.get().hours == ["09:00-15:00"] * 5 + ["", ""]
    assert account.parties.get().stated_zone == "Europe/London"
    assert again(point).zones == ["America/Tijuana"]
    page = shown(as_agent, account)
    assert "the employer forbids contact at work" in page
    assert "Tijuana" in page


def test_nobody_but_agents_and_managers_notes_a_wish(client, finance):
    account = place_account()
    client.force_login(finance)

    assert ask(client, account, media=["email"]).status_code == 404
    assert not ContactPreference.objects.exists()


def test_an_agent_on_a_call_comes_to_the_form_once_somebody_is_verified(as_agent, agent):
    account = place_account()
    contact = ring(account, agent)
    there = reverse("account-act", args=[account.reference, "preference"])
    assert there not in shown(as_agent, account)

    verify(contact, agent)

    assert there in as_agent.get(reverse("contact", args=[contact.pk])).content.decode()


def test_the_panel_speaks_spanish(client, team):
    account = place_account()
    client.force_login(make_user("agent", team, language="es-mx"))

    ask(client, account, weekdays="17-", media=["email"], not_at_work="on")

    page = shown(client, account)
    assert "lun - vie 17:00 - 24:00; sáb - dom todo el día · solo por correo electrónico · no en el trabajo" in page
    assert "Preferencias de contacto" in page


def test_the_account_page_costs_no_further_query_for_wishes(as_agent, agent, django_assert_max_num_queries):
    account = place_account()
    ask(as_agent, account, weekdays="17-")
    ask(as_agent, account, media=["email"])
    ask(as_agent, account, "work", employer="forbids")

    with django_assert_max_num_queries(20):
        shown(as_agent, account)
