"""Raising cases from the page, following them, and the inbox."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Attachment
from accounts.services.approvals import approve, return_for_correction
from accounts.services.holds import place_hold
from accounts.services.next_step import set_next
from arrangements.models import Escalation
from arrangements.services.escalations import answer_referral
from tests.factories import NOW, TODAY, again, make_user, pay, place_account
from tests.support.cases import REASONS, account_for, keep_file, raise_case
from tests.support.promises import promise as make_promise

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _frozen(settings, now):
    settings.FROZEN_NOW = now


@pytest.fixture
def as_user():
    def _as(user):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return _as


def pdf(name="agreement.pdf", content=b"%PDF-1.4 agreement"):
    return SimpleUploadedFile(name, content)


def form_for(kind, **changes):
    form = {"kind": kind, "reason": REASONS[kind], "note": "Please look at it.", "idempotency": uuid4()}
    if kind == "settlement":
        form |= {"amount": "600.00", "pay_by": "2026-11-28"}
    if kind in ("legal", "ucc"):
        form["upload"] = pdf()
    return form | changes


@pytest.mark.parametrize("kind", ["legal", "ucc", "settlement", "write_off", "fraud"])
def test_an_agent_raises_each_kind_from_the_page(kind, agent, as_user):
    account = account_for(kind)
    client = as_user(agent)
    url = reverse("escalate", args=[account.reference])

    page = client.get(f"{url}?kind={kind}").content.decode()
    done = client.post(url, form_for(kind), follow=True)

    assert "✓" in page
    assert "Raised. Somebody else decides" in done.content.decode()
    assert again(account).next_kind == "await_approval"


def test_what_stands_against_a_case_is_named_before_the_form(agent, as_user):
    account = account_for("legal", limitation_on=None)

    text = as_user(agent).get(reverse("escalate", args=[account.reference]) + "?kind=legal").content.decode()

    assert "The limitation date isn&#x27;t known." in text
    assert "Send to a manager" not in text


def test_a_failing_check_leads_to_what_it_found(agent, as_user):
    promised, unserved = account_for("write_off"), place_account()
    make_promise(promised, agent)

    def shown(account, kind):
        return as_user(agent).get(f"{reverse('escalate', args=[account.reference])}?kind={kind}").content.decode()

    assert f'<a href="{reverse("promise", args=[promised.reference])}">See the arrangement' in shown(
        promised, "write_off"
    )
    assert f'href="{reverse("notice-record", args=[unserved.reference])}"' in shown(unserved, "legal")
    assert "Record a notice" not in shown(promised, "write_off")


def test_a_form_sent_past_a_failing_check_is_refused_by_name_and_keeps_no_file(agent, as_user):
    account = account_for("legal", limitation_on=None)

    answer = as_user(agent).post(reverse("escalate", args=[account.reference]), form_for("legal"))

    assert "The limitation date isn&#x27;t known." in answer.content.decode()
    assert (Escalation.objects.count(), Attachment.objects.count()) == (0, 0)


def test_a_double_click_raises_one_case(agent, as_user):
    account = account_for("write_off")
    client, form = as_user(agent), form_for("write_off")

    for _click in range(2):
        client.post(reverse("escalate", args=[account.reference]), form)

    assert Escalation.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "empty"), (b"MZ\x00\x01program", "Only PDF, PNG, JPEG"), (b"%PDF" + b"x" * 5_300_000, "5 MB at most")],
)
def test_only_files_that_can_be_shown_are_kept(content, said, agent, as_user):
    account = account_for("legal")
    form = form_for("legal", upload=pdf(content=content))

    answer = as_user(agent).post(reverse("escalate", args=[account.reference]), form)

    assert said in answer.content.decode()
    assert Attachment.objects.count() == 0


def test_an_empty_form_says_what_is_missing(agent, as_user):
    account = account_for("settlement")

    text = as_user(agent).post(reverse("escalate", args=[account.reference]), {"kind": "settlement"}).content.decode()

    assert "Not saved" in text
    assert "Paid by" in text
    assert Escalation.objects.count() == 0


def test_evidence_opens_without_being_able_to_run(agent, manager, as_user):
    account = account_for("legal")
    file = keep_file(account, agent)

    answer = as_user(manager).get(reverse("evidence", args=[file.pk]))

    assert answer.content == b"%PDF-1.4 agreement"
    assert answer["Content-Disposition"] == 'attachment; filename="agreement.pdf"'
    assert "sandbox" in answer["Content-Security-Policy"]
    assert as_user(make_user("agent")).get(reverse("evidence", args=[file.pk])).status_code == 404


def test_a_returned_case_is_corrected_on_its_page(agent, manager, as_user, now):
    escalation = raise_case("settlement", agent)
    return_for_correction(
        approval_id=escalation.approval_id, reason="terms_to_change", sentence="Ask 700.", actor=manager, now=now
    )
    client, url = as_user(agent), reverse("escalation-correct", args=[escalation.pk])

    assert "Ask 700." in client.get(url).content.decode()

    client.post(url, form_for("settlement", amount="700.00"))

    assert again(escalation).state == "under_review"
    assert again(escalation).amount == 700


def test_somebody_elses_case_is_not_corrected(agent, manager, as_user, now):
    escalation = raise_case("settlement", agent)
    return_for_correction(
        approval_id=escalation.approval_id, reason="terms_to_change", sentence="Ask 700.", actor=manager, now=now
    )

    answer = as_user(manager).post(
        reverse("escalation-correct", args=[escalation.pk]), form_for("settlement"), follow=True
    )

    assert "by the person who raised it" in answer.content.decode()
    assert again(escalation).state == "returned"


def test_compliance_answers_a_referral_on_its_page(agent, manager, compliance, as_user, now):
    escalation = raise_case("fraud", agent)
    approve(approval_id=escalation.approval_id, actor=manager, now=now)
    client, url = as_user(compliance), reverse("escalation", args=[escalation.pk])

    assert "Answer the referral" in client.get(url).content.decode()
    assert escalation.account.reference in client.get(reverse("inbox")).content.decode()

    form = {"answer": "cleared", "note": "Papers are genuine.", "idempotency": uuid4()}
    client.post(reverse("referral-answer", args=[escalation.pk]), form)

    assert again(escalation).state == "resolved"
    assert "no fraud: the hold is lifted" in client.get(url).content.decode()
    timeline = as_user(agent).get(reverse("account", args=[escalation.account.reference])).content.decode()
    assert "<b>Fraud concern answered</b> <span>no fraud: the hold is lifted</span>" in timeline


def test_a_second_answer_to_a_referral_is_refused_with_its_words_and_the_first_one_beside_it(
    agent, manager, compliance, as_user, now
):
    escalation = raise_case("fraud", agent)
    approve(approval_id=escalation.approval_id, actor=manager, now=now)
    answer_referral(escalation_id=escalation.pk, confirmed=True, note="Stolen papers.", actor=compliance, now=now)
    form = {"answer": "cleared", "note": "Papers are genuine.", "idempotency": uuid4()}

    answer = as_user(compliance).post(reverse("referral-answer", args=[escalation.pk]), form)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "waiting for an answer" in text
    assert "Papers are genuine." in text
    assert "fraud: the hold stays" in text
    assert again(escalation).answer_note.text == "Stolen papers."


def test_a_filing_is_recorded_and_its_window_shown(agent, manager, as_user, now):
    escalation = raise_case("ucc", agent)
    approve(approval_id=escalation.approval_id, actor=manager, now=now)
    case, client = again(escalation).case, as_user(agent)

    client.post(reverse("enforcement-file", args=[case.pk]), {"filed_on": "2026-11-18", "number": "NY-1"})

    text = client.get(reverse("enforcement-case", args=[case.pk])).content.decode()
    assert "Tue 18 Nov 2031" in text
    assert "Sun 18 May 2031" in text

    client.post(reverse("enforcement-close", args=[case.pk]))

    assert again(escalation.account).state == "active"


def test_a_notice_is_recorded_with_the_day_until_which_it_runs(agent, as_user):
    account = place_account()
    url = reverse("notice-record", args=[account.reference])

    as_user(agent).post(url, {"kind": "default", "sent_on": "2026-11-16"})

    notice = account.first_notices.get()
    assert (notice.sent_on, notice.wait_until) == (TODAY - timedelta(days=2), TODAY + timedelta(days=14))


def test_what_passes_between_us_and_a_representative_is_recorded_while_somebody_is_represented(agent, as_user):
    account = place_account()
    url = reverse("notice-record", args=[account.reference])
    written = {"kind": "representative_asked", "sent_on": "2026-11-16"}

    before = as_user(agent).post(url, written)
    place_hold(kind="representation", account_id=account.pk, actor=agent, now=NOW)
    as_user(agent).post(url, written)

    assert before.status_code == 200
    assert [(notice.kind, notice.wait_until) for notice in account.first_notices.all()] == [
        ("representative_asked", TODAY + timedelta(days=5))
    ]
    assert url in as_user(agent).get(reverse("account", args=[account.reference])).content.decode()


def test_the_inbox_of_an_agent_holds_what_waits_for_them(agent, manager, as_user, now):
    returned, declined = raise_case("write_off", agent), raise_case("settlement", agent)
    return_for_correction(
        approval_id=returned.approval_id, reason="unclear", sentence="Which debt?", actor=manager, now=now
    )
    pay(declined.account, "1200.00")
    late = place_account(owner=agent)
    set_next(
        account=late, kind="callback", on=TODAY, at=NOW - timedelta(minutes=5), owner=agent, reason="asked",
        actor=agent, now=now,
    )  # fmt: skip

    text = as_user(agent).get(reverse("inbox")).content.decode()

    assert "Which debt?" in text
    assert late.reference in text
    assert declined.account.reference in text


def test_the_inbox_of_a_manager_holds_requests_and_accounts_without_owner(agent, manager, as_user):
    escalation = raise_case("write_off", agent)

    text = as_user(manager).get(reverse("inbox")).content.decode()

    assert escalation.account.reference in text
    assert "to the team and to nobody in it" in text
    assert f'href="{reverse("queue")}?whose=pool&amp;tab=all"' in text


@pytest.mark.parametrize("role", ["agent", "manager", "finance", "compliance", "admin"])
def test_an_empty_inbox_says_so(role, as_user):
    assert "Nothing waits for you" in as_user(make_user(role)).get(reverse("inbox")).content.decode()


@pytest.mark.parametrize("name", ["escalate", "notice-record"])
def test_a_strangers_account_is_not_found(name, as_user):
    account = place_account()

    assert as_user(make_user("agent")).get(reverse(name, args=[account.reference])).status_code == 404
