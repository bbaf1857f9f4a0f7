"""What people choose for themselves: language and keys; and what is kept of a started form."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.foundation import clock
from accounts.foundation.errors import Refused
from accounts.models import User
from collections_crm.models import Draft
from collections_crm.selectors.drafts import draft_of
from collections_crm.services.drafts import forget_draft, forget_old_drafts, keep_draft
from tests.people.conftest import PASSWORD


def test_the_language_chosen_is_kept_with_the_person(at_work, agent):
    at_work.post(reverse("language"), {"language": "es-mx", "next": "/password/"})

    agent.refresh_from_db()
    page = at_work.get("/password/")
    assert agent.language == "es-mx"
    assert '<html lang="es-mx">' in page.text
    assert page.headers["Content-Language"] == "es-mx"


def test_the_log_in_page_speaks_the_language_chosen_before(client, db):
    client.post(reverse("language"), {"language": "es-mx", "next": "/login/"})

    assert '<html lang="es-mx">' in client.get(reverse("login")).text


def test_the_language_chosen_on_the_log_in_page_is_the_persons_once_they_are_in(client, agent):
    client.post(reverse("language"), {"language": "es-mx", "next": "/login/"})
    client.post(reverse("login"), {"username": "ana", "password": PASSWORD})

    assert User.objects.get(pk=agent.pk).language == "es-mx"


def test_a_cookie_of_last_year_changes_nobodys_language(client, agent):
    client.cookies["django_language"] = "es-mx"
    client.post(reverse("login"), {"username": "ana", "password": PASSWORD})

    assert User.objects.get(pk=agent.pk).language == "en"


def test_a_browser_that_asks_for_spanish_gets_it(client, db):
    page = client.get(reverse("login"), headers={"Accept-Language": "es"})

    assert '<html lang="es-mx">' in page.text


def test_a_language_that_we_do_not_have_is_refused(at_work, agent):
    assert at_work.post(reverse("language"), {"language": "es"}).status_code == 400

    agent.refresh_from_db()
    assert agent.language == "en"


def test_single_letter_keys_can_be_switched_off(at_work, agent):
    at_work.post(reverse("single-keys"), {"on": "0", "next": "/password/"})

    agent.refresh_from_db()
    assert not agent.single_key_shortcuts
    assert 'data-keys="off"' in at_work.get("/password/").text


def test_an_amount_and_a_day_are_said_back(at_work):
    amount = at_work.post(reverse("echo"), {"kind": "money", "value": "1,240.50", "currency": "MXN"})
    wrong = at_work.post(reverse("echo"), {"kind": "money", "value": "1.240,50", "currency": "MXN"})
    day = at_work.post(reverse("echo"), {"kind": "day", "value": "2026-11-27"})

    assert amount.text == "1,240.50 Mexican pesos"
    assert (wrong.status_code, wrong.text) == (422, "Write 1,240.50.")
    assert day.text.startswith("Friday 27 November 2026")


def test_a_started_form_is_kept_and_offered_again(at_work, agent):
    answer = at_work.post(reverse("draft", args=["note-7"]), {"note": "lost a shift", "idempotency": "x"})

    assert answer.text.startswith("Saved ")
    assert draft_of(agent, "note-7", now=clock.now()) == {"note": "lost a shift"}


def test_a_draft_is_replaced_by_what_was_typed_later(agent):
    for typed in ("lost", "lost a shift"):
        keep_draft(user_id=agent.pk, key="note-7", typed={"note": typed}, now=clock.now())

    assert Draft.objects.get().typed == {"note": "lost a shift"}


def test_a_draft_never_holds_a_card_number(agent):
    with pytest.raises(Refused):
        keep_draft(user_id=agent.pk, key="note-7", typed={"note": "4111 1111 1111 1111"}, now=clock.now())

    assert not Draft.objects.exists()


def test_a_draft_is_one_persons_own(at_work, agent, django_user_model):
    other = django_user_model.objects.create_user("beto")
    keep_draft(user_id=other.pk, key="note-7", typed={"note": "his"}, now=clock.now())

    assert draft_of(agent, "note-7", now=clock.now()) == {}


def test_a_draft_is_gone_after_saving_and_after_a_day(agent):
    now = clock.now()
    keep_draft(user_id=agent.pk, key="saved", typed={"note": "a"}, now=now)
    keep_draft(user_id=agent.pk, key="left", typed={"note": "b"}, now=now)

    forget_draft(user_id=agent.pk, key="saved")
    gone = forget_old_drafts(now=now + timedelta(hours=25))

    assert gone == 1
    assert not Draft.objects.exists()
