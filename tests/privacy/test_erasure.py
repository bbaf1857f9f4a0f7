"""Erasure of a person: by two people, all values at once, nothing that must be kept, and no evidence lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.urls import reverse

from accounts.foundation.approvals import Approval
from accounts.models import Account, Attachment, ContactPoint, Erasure, Event, LedgerEntry, Note, Party, SensitiveNote
from accounts.services.holds import place_hold
from collections_crm.privacy.plan import plan_for
from collections_crm.selectors.search import search
from communications.models import LocalMail, Message, PolicyDecision, ReceivedText
from communications.selectors.replay import replay
from tests.factories import NOW, again, make_user, place_account
from tests.privacy.people import PERSON, SECRETS, YEARS_LATER, all_events, co_borrower, sister_with_helper

pytestmark = pytest.mark.django_db
GROUND = "uk-gdpr-erasure"


@pytest.fixture(autouse=True)
def _years_later(settings):
    settings.FROZEN_NOW = YEARS_LATER


def ask(client, officer, account, ground=GROUND):
    client.force_login(officer)
    return client.post(reverse("account-erase", args=[account.reference]), {"ground": ground})


def agree(client, second):
    approval = Approval.objects.get(kind="erasure")
    client.force_login(second)
    client.post(reverse("approval-act", args=[approval.pk, "approve"]))
    return again(approval)


def erase(client, officer, second, account):
    ask(client, officer, account)
    return agree(client, second)


def everything_kept() -> str:
    """Every text that stands anywhere in the book, approvals and receipts included."""
    found = []
    for floor in ("accounts", "communications", "arrangements", "collections_crm"):
        for model in apps.get_app_config(floor).get_models():
            columns = [
                field.attname for field in model._meta.concrete_fields
                if isinstance(field, models.CharField | models.TextField | models.JSONField | models.BinaryField)
            ]  # fmt: skip
            for row in model._base_manager.values_list(*columns) if columns else []:
                found += [bytes(v).decode("latin-1") if isinstance(v, memoryview | bytes) else str(v) for v in row]
    return "\n".join(found)


def test_after_two_people_agree_no_value_of_the_person_stands_anywhere(client, officer, second, account):
    assert all(secret in everything_kept() for secret in SECRETS)

    approval = erase(client, officer, second, account)

    assert approval.state == "executed"
    kept = everything_kept()
    assert [secret for secret in SECRETS if secret in kept] == []
    erasure = Erasure.objects.get()
    assert (erasure.maker, erasure.checker, erasure.rule) == (officer, second, GROUND)
    stones = [Party, ContactPoint, Note, Attachment, Message, ReceivedText, SensitiveNote]
    assert {model.objects.exclude(erasure=erasure).exists() for model in stones} == {False}
    assert {model.objects.first().erased_on for model in stones} == {YEARS_LATER.date()}


def test_the_record_stays_and_still_verifies(client, officer, second, account):
    before = (LedgerEntry.objects.count(), PolicyDecision.objects.count(), set(Event.objects.values_list("pk", "kind")))

    erase(client, officer, second, account)

    assert (LedgerEntry.objects.count(), PolicyDecision.objects.count()) == before[:2]
    assert before[2] <= set(Event.objects.values_list("pk", "kind"))
    again_decided = [replay(made, policy_at=NOW) for made in PolicyDecision.objects.exclude(facts="")]
    assert again_decided
    assert all(each.is_whole and each.is_same for each in again_decided)
    assert all(asked.terms_unchanged() for asked in Approval.objects.all())
    call_command("check_invariants")
    assert [word for word in SECRETS if word in all_events()] == []


def test_search_no_longer_finds_the_person_and_pages_say_when_and_why(client, officer, second, account):
    assert search(officer, PERSON).hits

    erase(client, officer, second, account)

    for words in (PERSON, "beatriz@example.com", "020 7946 0321"):
        assert [hit for hit in search(officer, words).hits if hit.account == account] == []
    message = Message.objects.get()
    seen = "".join(
        client.get(reverse(name, args=[arg])).content.decode()
        for name, arg in (
            ("account", account.reference),
            ("message", message.pk),
            ("account-support", account.reference),
        )
    )
    assert seen.count("The person asked to be erased (UK GDPR, article 17)") >= 6
    assert [secret for secret in SECRETS if secret in seen] == []


def test_pages_say_it_in_spanish(client, officer, second, account):
    erase(client, officer, second, account)
    second.language = "es-mx"
    second.save(update_fields=["language"])
    client.force_login(second)

    text = client.get(reverse("account", args=[account.reference])).content.decode()

    assert "La persona pidió la supresión (UK GDPR, artículo 17)" in text
    assert "erased on" not in text


def test_whoever_asked_can_not_agree(client, officer, account):
    ask(client, officer, account)

    approval = agree(client, officer)

    assert approval.state in ("requested", "claimed")
    assert not Erasure.objects.exists()
    assert again(account.parties.get()).name == PERSON


@pytest.mark.parametrize("role", ["agent", "manager", "finance", "admin"])
def test_only_compliance_asks(client, team, account, role):
    answer = ask(client, make_user(role, team), account)

    assert answer.status_code == 403
    assert not Approval.objects.filter(kind="erasure").exists()


def test_while_an_account_is_open_all_stays_but_what_nothing_needs(client, officer, second, account):
    """What was told with consent is given up by asking; the rest waits until nothing is owed."""
    open_one = place_account(party=account.parties.get(), owner=account.owner)

    page = client_page(client, officer, account)
    assert f"Account {open_one.reference} is open." in page
    erase(client, officer, second, account)

    assert again(account.parties.get()).name == PERSON
    assert Note.objects.get().text == "Works nights."
    assert Message.objects.get().body
    assert SensitiveNote.objects.get().text == ""
    assert Erasure.objects.get().counts == {"sensitive_note": 1}


def client_page(client, officer, account):
    client.force_login(officer)
    return client.get(reverse("account-privacy", args=[account.reference])).content.decode()


def test_a_hold_and_a_period_of_the_law_stand_against_it(client, officer, account, settings):
    settings.FROZEN_NOW = NOW + timedelta(days=30)
    place_hold(kind="dispute", account_id=account.pk, reason="customer_told", actor=officer, now=settings.FROZEN_NOW)

    page = client_page(client, officer, account)

    assert "A hold is in force." in page
    assert "It must be kept until Thu 18 Nov 2032." in page
    plan = plan_for(account.parties.get().pk, on=settings.FROZEN_NOW.date())
    assert plan.counts == {"sensitive_note": 1}


def test_with_nothing_to_blank_the_request_is_refused_with_the_reason(client, officer, agent):
    account = place_account(owner=agent)

    answer = ask(client, officer, account)

    assert answer.status_code == 422
    assert f"Account {account.reference} is open." in answer.content.decode()
    assert not Approval.objects.exists()


def test_what_came_in_since_the_request_voids_it(client, officer, second, account):
    ask(client, officer, account)
    Note.objects.create(account=account, text="Something new.", author=officer, written_at=YEARS_LATER)

    approval = agree(client, second)

    assert approval.state != "executed"
    assert again(account.parties.get()).name == PERSON


def test_a_duty_that_came_since_the_request_stops_it(client, officer, second, account):
    ask(client, officer, account)
    place_hold(kind="dispute", account_id=account.pk, reason="customer_told", actor=officer, now=YEARS_LATER)

    approval = agree(client, second)

    assert approval.state != "executed"
    assert Note.objects.get().text == "Works nights."


def test_what_was_written_about_an_account_of_two_people_stays(client, officer, second, account):
    other, helper = co_borrower(account), sister_with_helper(account)

    erase(client, officer, second, account)

    assert Note.objects.get().text == "Works nights."
    assert Attachment.objects.get().name
    assert again(other).name == "Carlos Other"
    assert again(helper).name == "Marta Helper"
    assert again(helper).contact_points.get().value == "+442079460999"
    assert again(account.parties.order_by("pk").first()).name == ""


def test_a_second_erasure_finds_nothing_and_a_copy_in_the_mailbox_is_gone(client, officer, second, account):
    LocalMail.objects.create(message_id="m", to="beatriz@example.com", subject="s", body="b", at=NOW)
    erase(client, officer, second, account)

    answer = ask(client, officer, account)

    assert answer.status_code == 422
    assert "Nothing of this person is left to blank." in answer.content.decode()
    assert not LocalMail.objects.exists()
    assert Account.objects.get(pk=account.pk).balance == 0
