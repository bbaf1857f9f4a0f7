"""What people do on the account page without a contact: notes, files, holds, ways to reach, looking in full."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Attachment, Hold, Note, Reveal
from accounts.services.holds import place_hold
from collections_crm.models import QueueEntry
from collections_crm.services.drafts import keep_draft
from tests.factories import NOW, again, place_account
from tests.queue.test_account_page import call, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def do(client, account, act: str, **given):
    return client.post(reverse("account-act", args=[account.reference, act]), given)


def test_a_note_is_kept_and_stands_in_the_timeline(as_agent, agent):
    account = place_account()

    do(as_agent, account, "note", text="Lost a shift, paid on Friday")

    assert Note.objects.get(account=account).author == agent
    assert "Lost a shift" in shown(as_agent, account)


def test_a_note_sent_twice_is_kept_once(as_agent):
    account = place_account()
    given = {"text": "Once", "idempotency": "9d3c6a8e-62c6-4b2b-8d42-0b9bb0a7d7b1"}

    do(as_agent, account, "note", **given), do(as_agent, account, "note", **given)

    assert Note.objects.filter(account=account).count() == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "card 4111 1111 1111 1111",
        "4111 - 1111 - 1111 - 1111",
        "4111\n1111_1111/1111",
        "４１１１" + "１１１１" * 3,
    ],
)
def test_an_empty_note_and_a_card_number_are_refused_with_what_was_typed(as_agent, text):
    account = place_account()

    answer = do(as_agent, account, "note", text=text)

    assert answer.status_code == 422
    assert not Note.objects.exists()


def test_a_draft_of_a_note_comes_back(as_agent, agent):
    account = place_account()
    keep_draft(user_id=agent.pk, key=f"account-{account.pk}-NoteForm", typed={"text": "Half a sen"}, now=NOW)

    page = as_agent.get(reverse("account-act", args=[account.reference, "note"])).content.decode()

    assert "Half a sen" in page


@pytest.mark.parametrize(
    ("name", "content"),
    [("paid.csv", b"day,card\n2026-11-02,4111-1111-1111-1111\n"), ("card 4111 1111 1111 1111.pdf", b"%PDF-1.7 proof")],
)
def test_a_file_with_a_card_number_is_not_kept(as_agent, name, content):
    account = place_account()

    answer = do(as_agent, account, "file", kind="other", file=SimpleUploadedFile(name, content))

    assert answer.status_code == 422
    assert "looks like a card number" in answer.content.decode()
    assert not account.attachments.exists()


def test_a_file_is_kept_by_what_it_is_and_comes_back_as_a_download(as_agent):
    account = place_account()
    file = SimpleUploadedFile("proof.exe", b"%PDF-1.7 proof", content_type="application/x-msdownload")

    do(as_agent, account, "file", kind="proof_of_payment", file=file)

    kept = Attachment.objects.get(account=account)
    answer = as_agent.get(reverse("account-file", args=[account.reference, kept.pk]))
    assert kept.media_type == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_is_there_under_another_name_is_not_called_kept(as_agent, settings):
    account = place_account()
    do(as_agent, account, "file", kind="other", file=SimpleUploadedFile("proof.pdf", b"%PDF-1.7 proof"))
    settings.FROZEN_NOW = NOW + timedelta(days=1)

    answer = do(as_agent, account, "file", kind="other", file=SimpleUploadedFile("again.pdf", b"%PDF-1.7 proof"))

    assert answer.status_code == 422
    assert "here already, since Wed 18 Nov 2026, as “proof.pdf”" in answer.content.decode()
    assert account.attachments.count() == 1


def test_a_web_page_dressed_as_a_picture_is_refused(as_agent):
    account = place_account()
    file = SimpleUploadedFile("photo.png", b"\x00<html><script>", content_type="image/png")

    answer = do(as_agent, account, "file", kind="other", file=file)

    assert answer.status_code == 422
    assert not Attachment.objects.exists()


def test_an_agent_places_a_cease_request_and_a_manager_lifts_it(as_agent, client, manager):
    account = place_account()
    do(as_agent, account, "hold", kind="cease", reason="customer_told")
    hold = Hold.objects.get(account=account)
    assert QueueEntry.objects.get(account=account).tab == "hold"
    assert do(as_agent, account, "release-hold", hold=hold.pk, reason="matter_ended").status_code == 422

    client.force_login(manager)
    do(client, account, "release-hold", hold=hold.pk, reason="matter_ended")

    assert again(hold).state == "released"
    assert QueueEntry.objects.get(account=account).tab == "now"


def test_an_agent_does_not_place_a_fraud_hold_by_posting_it(as_agent):
    account = place_account()

    answer = do(as_agent, account, "hold", kind="fraud", reason="customer_told")

    assert answer.status_code == 422
    assert not Hold.objects.exists()


def test_saying_paid_pauses_chasing_and_moves_no_money(as_agent):
    account = place_account(owed="1200.00")

    as_agent.post(reverse("paid-claim", args=[account.reference]), {"paid_on": "2026-11-16"})

    assert Hold.objects.get(account=account).kind == "paid_claim"
    assert again(account).balance == account.balance
    assert QueueEntry.objects.get(account=account).tab == "hold"


def test_saving_over_somebody_elses_change_says_what_changed_and_saves_on_the_second_try(as_agent, manager):
    account = place_account()
    seen = as_agent.get(reverse("account", args=[account.reference])).context["page"].version
    place_hold(kind="complaint", account_id=account.pk, actor=manager, now=NOW)

    first = do(as_agent, account, "hold", kind="pause", reason="customer_told", version=seen)
    newer = first.context["form"]["version"].value()
    second = do(as_agent, account, "hold", kind="pause", reason="customer_told", version=newer)

    assert first.status_code == 422
    assert manager.username in first.content.decode()
    assert second.status_code == 302
    assert Hold.objects.filter(account=account, kind="pause").count() == 1


def test_a_phone_makes_a_traced_account_workable_and_must_exist_in_its_country(as_agent):
    account = place_account(phone=None, address=False)
    party = account.parties.get()

    wrong = do(as_agent, account, "way", party=party.pk, kind="phone", value="12345")
    right = do(as_agent, account, "way", party=party.pk, kind="phone", value="020 7946 0991")

    assert wrong.status_code == 422
    assert right.status_code == 302
    assert QueueEntry.objects.get(account=account).tab == "now"


def test_a_contact_point_of_somebody_else_can_not_be_changed_from_here(as_agent):
    account, other = place_account(), place_account()
    point = other.parties.last().contact_points.first()

    answer = do(as_agent, account, "way-status", point=point.pk, status="dead")

    assert answer.status_code == 422
    assert again(point).status == "unverified"


def test_an_opt_out_stops_the_channel_at_once(as_agent):
    account = place_account(email="juana@example.com")
    point = account.parties.get().contact_points.get(kind="email")

    do(as_agent, account, "opt-out", point=point.pk, channel="email")

    assert point.consents.get().opted_out
    email = next(way for way in _ways(as_agent, account) if way.point == point)
    assert email.answers[0].verdict == "refuse"


def test_agreement_about_this_account_only_is_kept_as_such(as_agent):
    account = place_account()
    point = account.parties.get().contact_points.get(kind="phone")

    do(as_agent, account, "consent", point=point.pk, channel="text", only_here="on")
    do(as_agent, account, "consent", point=point.pk, channel="call")

    kept = dict(point.consents.values_list("channel", "account_id"))
    assert kept == {"text": account.pk, "call": None}


def _ways(client, account):
    return client.get(reverse("account", args=[account.reference])).context["page"].reach.ways


def test_a_number_is_shown_for_a_reason_and_the_look_is_logged_without_the_number(as_agent, agent):
    account = place_account(phone="020 7946 0123")
    point = account.parties.get().contact_points.get(kind="phone")
    url = reverse("account-reveal", args=[account.reference])

    refused = as_agent.post(url, {"point": point.pk, "reason": ""})
    shown_part = as_agent.post(url, {"point": point.pk, "reason": "confirm"}, headers={"HX-Request": "true"})

    reveal = Reveal.objects.get()
    assert refused.status_code == 422
    assert "+442079460123" in shown_part.content.decode()
    assert 'data-hide-after="60"' in shown_part.content.decode()
    assert (reveal.user, reveal.subject_id, reveal.reason) == (agent, point.pk, "confirm")


def test_nothing_is_changed_while_the_caller_is_not_verified(as_agent, agent):
    account = place_account()
    call(agent, account)

    answer = do(as_agent, account, "hold", kind="dispute", reason="customer_told")

    assert answer.status_code == 422
    assert not Hold.objects.exists()


def test_finance_places_no_holds(client, finance):
    account = place_account()
    client.force_login(finance)

    assert do(client, account, "hold", kind="dispute", reason="customer_told").status_code == 404


def test_the_menu_of_a_contact_point_stands_alone_too_and_only_for_this_accounts_points(as_agent):
    account, other = place_account(), place_account()
    point = account.parties.get().contact_points.get(kind="phone")
    foreign = other.parties.get().contact_points.get(kind="phone")

    menu = as_agent.get(reverse("account-way", args=[account.reference, point.pk]))

    assert "Show in full" in menu.content.decode()
    assert point.value not in menu.content.decode()
    assert as_agent.get(reverse("account-way", args=[account.reference, foreign.pk])).status_code == 404
