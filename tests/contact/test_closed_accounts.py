"""Nobody is asked for money on an account that is closed, or that an agency or the lawyers collect."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from accounts.models import Account
from accounts.services.accounts import move_account
from collections_crm.models import QueueEntry, Tab
from collections_crm.work.refresh import refresh_queue
from communications.models import Contact, Message, PolicyDecision
from communications.selectors.contact_facts import ContactRequest
from communications.services.authorise import preview_contact
from communications.services.received_texts import receive_text
from tests.factories import NOW, make_party, pay, place_account
from tests.support.cases import serve

pytestmark = pytest.mark.django_db
CLOSED = ["paid", "settled", "written_off", "recalled"]
MOVES = {"settled": ["settle"], "written_off": ["write_off"], "recalled": ["recall"],
         "placed_out": ["activate", "place_out"], "enforcement": ["activate", "enforce"]}  # fmt: skip


@pytest.fixture(autouse=True)
def frozen(settings):
    settings.FROZEN_NOW = NOW


@pytest.fixture
def at_work(client, agent):
    client.force_login(agent)
    return client


@transaction.atomic
def become(account: Account, state: str) -> Account:
    if state == "paid":
        pay(account, str(account.balance))
    for name in MOVES.get(state, []):
        move_account(Account.objects.lock(account.pk), name, actor=None, now=NOW)
    return Account.objects.get(pk=account.pk, state=state)


def phone_of(account):
    return account.parties.get().contact_points.get(kind="phone")


def verdict(account, purpose):
    point = phone_of(account)
    request = ContactRequest((account.pk,), point.party_id, point.pk, "call", purpose)
    return preview_contact(requests=[request], now=NOW)[0].answer.verdict


@pytest.mark.parametrize("state", CLOSED)
def test_a_closed_account_is_asked_for_nothing(state):
    account = become(place_account(), state)

    out = StringIO()
    asked = ["--account", account.reference, "--channel", "call", "--purpose", "demand", "--at", NOW.isoformat()]
    call_command("explain_contact", *asked, stdout=out)

    assert out.getvalue().startswith("DO NOT CONTACT")
    assert "This account is closed" in out.getvalue()
    assert [verdict(account, purpose) for purpose in ("reminder", "trace", "enforcement")] == ["refuse"] * 3


@pytest.mark.parametrize("state", [*CLOSED, "placed_out", "enforcement"])
def test_what_is_not_ours_to_collect_is_still_confirmed_and_given_its_notices(state):
    account = become(place_account(), state)

    assert {verdict(account, purpose) for purpose in ("confirmation", "statutory_notice", "inbound")} == {"allow"}


def test_what_an_agency_collects_we_do_not_collect_beside_it():
    account = become(place_account(), "placed_out")

    assert {verdict(account, p) for p in ("demand", "reminder", "trace", "enforcement")} == {"refuse"}


def test_in_enforcement_the_case_asks_and_the_agent_does_not():
    account = become(place_account(limitation_on=NOW.date().replace(year=2035)), "enforcement")
    for notice in ("default", "letter_of_claim", "forbearance_offered"):
        serve(account, notice)

    assert [verdict(account, p) for p in ("demand", "reminder")] == ["refuse", "refuse"]
    assert [verdict(account, p) for p in ("enforcement", "trace")] == ["allow", "allow"]


@pytest.mark.parametrize("state", ["paid", "placed_out"])
def test_a_call_about_it_is_refused_with_the_reason(at_work, state):
    account = become(place_account(), state)

    sent = {"contact_point": phone_of(account).pk}
    page = at_work.post(reverse("contact-start", args=[account.reference]), sent).content.decode()

    assert PolicyDecision.objects.get().verdict == "refuse"
    assert ("is closed (paid)" if state == "paid" else "with an agency, which collects it") in page
    assert Contact.objects.count() == 0


def test_a_call_about_an_account_of_ours_never_speaks_of_one_that_the_agency_has(at_work):
    party = make_party()
    ours, theirs = place_account(party=party), become(place_account(party=party), "placed_out")
    point = party.contact_points.filter(kind="phone").first()

    sent = {"contact_point": point.pk, "also": [theirs.pk]}
    at_work.post(reverse("contact-start", args=[ours.reference]), sent)

    assert Contact.objects.count() == 0


def test_nothing_is_written_about_a_closed_account_and_the_page_says_why(at_work):
    account = become(place_account(email="juana@example.com"), "settled")
    point = account.parties.get().contact_points.get(kind="email")
    url = reverse("message-write", args=[account.reference])

    page = at_work.get(url).content.decode()
    at_work.post(url, {"way": f"{point.pk}:email", "template": "please-contact-us", "send": "1"})

    assert "This account is closed (settled)" in page
    assert "<select" not in page
    assert not Message.objects.exists()


def test_a_customer_who_writes_after_paying_may_be_answered_but_not_dunned(at_work):
    account = place_account(phone="020 7946 0321", email="juana@example.com")
    receive_text(sender="+442079460321", body="Where is my receipt?", provider_reference="a", now=NOW)
    account = become(account, "paid")

    page = at_work.get(reverse("message-write", args=[account.reference])).content.decode()

    assert "we-will-answer" in page
    assert "please-contact-us" not in page


@pytest.mark.parametrize("state", ["placed_out", "enforcement"])
def test_the_queue_never_offers_for_a_call_what_somebody_else_collects(state):
    account = become(place_account(), state)

    refresh_queue([account.pk], now=NOW)

    assert QueueEntry.objects.get(account=account).tab == Tab.HOLD
