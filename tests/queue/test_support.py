"""What people told about their health and life: that it exists is seen, what it says is read by few."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Event, Note, Reveal, SensitiveNote
from accounts.services.sensitive_notes import write_sensitive_note
from collections_crm.models import Draft
from tests.communications.calls import ring, verify
from tests.factories import NOW, make_user, place_account
from tests.queue.test_account_page import shown
from tests.support.world import SAID

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
TOLD = "In hospital until May."


@pytest.fixture
def account(agent):
    return place_account(owner=agent)


def given(account, **said):
    usual = {
        "party": account.parties.get().pk,
        "category": "health",
        "support_need": "more_time",
        "text": TOLD,
        "basis": "consent",
        "consent_way": "call",
    }
    return usual | said


def page(client, user, account, name="account-support", *args):
    client.force_login(user)
    return client.get(reverse(name, args=[account.reference, *args]))


def write(client, user, account, **said):
    client.force_login(user)
    return client.post(reverse("account-support", args=[account.reference]), given(account, **said))


def note_about(account, by):
    return write_sensitive_note(account_id=account.pk, party_id=account.parties.get().pk, said=SAID, actor=by, now=NOW)


def test_an_agent_writes_what_was_told_and_the_account_page_says_only_what_the_person_needs(client, agent, account):
    assert write(client, agent, account).status_code == 302

    text = shown(client, account)

    assert "support need recorded" in text
    assert "more time, one thing at a time" in text
    assert TOLD not in text
    note = SensitiveNote.objects.get()
    assert (note.written_by, note.consented_at, str(note.review_on)) == (agent, NOW, "2027-11-18")


def test_it_stands_in_no_event_no_note_and_no_draft(client, agent, account):
    write(client, agent, account)

    said = [f"{event.kind} {event.reason} {event.codes}" for event in Event.objects.all()]
    assert not [line for line in said if "health" in line or TOLD in line]
    assert not Note.objects.exists()
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "said", [{"text": " "}, {"consent_way": ""}, {"text": "card 4111 1111 1111 1111"}, {"party": 0}]
)
def test_nothing_is_kept_without_a_text_without_a_ground_or_about_a_stranger(client, agent, account, said):
    answer = write(client, agent, account, **said)

    assert answer.status_code == 422
    assert not SensitiveNote.objects.exists()


def test_another_agent_sees_that_it_exists_and_may_not_read_it(client, agent, team, account):
    note = note_about(account, agent)
    other = make_user("agent", team)

    seen = page(client, other, account)

    assert "more time, one thing at a time" in seen.content.decode()
    assert "Read what was told" not in seen.content.decode()
    assert TOLD not in seen.content.decode()
    assert page(client, other, account, "account-support-text", note.pk).status_code == 403
    assert not Reveal.objects.exists()


@pytest.mark.parametrize("who", ["compliance", "specialist", "author"])
def test_who_may_read_it_says_why_and_that_is_written_down(client, agent, team, account, who):
    note = note_about(account, agent)
    people = {
        "compliance": lambda: make_user("compliance"),
        "specialist": lambda: make_user("manager", team, is_specialist=True),
        "author": lambda: agent,
    }
    reader = people[who]()
    url = reverse("account-support-text", args=[account.reference, note.pk])
    client.force_login(reader)

    before, without, after = client.get(url), client.post(url, {}), client.post(url, {"reason": "support"})

    assert TOLD not in before.content.decode() + without.content.decode()
    assert TOLD in after.content.decode()
    assert after.headers["Cache-Control"] == "no-store"
    reveal = Reveal.objects.get()
    assert (reveal.user, reveal.subject_type, reveal.reason) == (reader, "sensitivenote", "support")


def test_a_manager_without_the_mark_and_finance_read_nothing(client, agent, manager, finance, account):
    note = note_about(account, agent)

    assert page(client, manager, account, "account-support-text", note.pk).status_code == 403
    assert page(client, finance, account).status_code == 403
    client.force_login(finance)
    assert "support need recorded" not in shown(client, account)


def test_the_need_is_seen_on_every_account_of_the_person(client, agent, account):
    note_about(account, agent)
    sister = place_account(party=account.parties.get(), owner=agent)
    client.force_login(agent)

    assert "more time, one thing at a time" in shown(client, sister)


def wrap_up(client, agent, account, **said):
    contact = ring(account, agent)
    verify(contact, agent)
    client.force_login(agent)
    form = {"outcome": "right_party", "said": "vulnerable", "note": TOLD, "stay": "", **said}
    return client.post(reverse("contact-wrap-up", args=[contact.pk]), form)


def test_the_note_of_a_call_with_somebody_in_a_vulnerable_situation_is_kept_apart(client, agent, account):
    wrap_up(client, agent, account, about="mental_health", need="in_writing", basis="safeguarding")

    note = SensitiveNote.objects.get()
    assert (note.text, note.category, note.support_need, note.basis) == (
        TOLD, "mental_health", "in_writing", "safeguarding",
    )  # fmt: skip
    assert note.contact_id
    assert not Note.objects.exists()


def test_it_is_not_saved_before_the_agent_says_what_it_is_about(client, agent, account):
    answer = wrap_up(client, agent, account)

    assert answer.status_code == 422
    assert not SensitiveNote.objects.exists()
    assert not Note.objects.exists()


def test_in_spanish_too(client, agent, account):
    agent.language = "es-mx"
    agent.save(update_fields=["language"])
    note_about(account, agent)

    text = page(client, agent, account).content.decode()

    assert "salud" in text
    assert "Support need" not in text
