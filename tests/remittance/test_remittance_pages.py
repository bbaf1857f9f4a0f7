"""Advances on the pages: how they stand, a reconciliation step by step, its letter, a default; both languages."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Approval, Attachment, Reconciliation
from accounts.services.approvals import approve
from accounts.services.reconciliations import refuse_reconciliation
from collections_crm.selectors.reconciliations import reconciliation_page
from collections_crm.services.reconciliation_letter import data_of
from tests.factories import NOW, TODAY, again, make_user, pay, place_account
from tests.support.advances import FIRST, LAST, advance, asked, bank_file, present, proposed
from tests.support.logged_in import as_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def shown(client, name, *args) -> str:
    return unescape(client.get(reverse(name, args=args)).content.decode())


def act(client, account, name, **said):
    url = reverse("account-act", args=[account.reference, name])
    return client.post(url, {"idempotency": uuid4()} | said, follow=True)


def step(client, case, name, **said):
    given = {f"{name}-{field}": value for field, value in ({"idempotency": uuid4()} | said).items()}
    answer = client.post(reverse("reconciliation-act", args=[case.pk, name]), given, follow=True)
    return answer, unescape(answer.content.decode())


def receipts(a_day="1000.00"):
    days = (FIRST + timedelta(days=step) for step in range(12))
    return "\n".join(f"{day.isoformat()} {a_day}" for day in days if day.weekday() < 5)


def test_the_account_page_tells_how_an_advance_stands_with_few_questions(agent, account):
    pay(account, "150.00")
    client = as_user(agent)
    shown(client, "account", account.reference)

    with CaptureQueriesContext(connection) as queries:
        page = shown(client, "account", account.reference)

    assert len(queries) <= 20
    for told in (
        "13,000.00",
        "1,150.00",
        "8.8 %",
        "11,850.00",
        "250.00",
        "2 remittances",
        "10 %",
        "× 1.3",
        "slow receipts",
    ):
        assert told in page, told
    assert "Advance" not in shown(client, "account", place_account(owner=agent).reference).split('id="main"')[1]


def test_a_manager_sets_the_terms_and_an_agent_finds_no_way_to(team, agent, manager):
    bare = advance(terms=False, owner=agent)
    said = {
        "purchase_price": "10,000", "purchased_amount": "13,000", "percentage": "10", "rhythm": "weekly",
        "remittance": "1,000", "reason": "contract",
    }  # fmt: skip
    assert act(as_user(agent), bare, "advance-terms", **said).status_code == 404

    page = act(as_user(manager), bare, "advance-terms", **said).content.decode()

    assert "follows them" in page
    assert (present(bare).rhythm, present(bare).remittance) == ("weekly", 1000)
    refused = act(as_user(manager), bare, "advance-terms", **said | {"percentage": "0"}).content.decode()
    assert "above 0 and at most 100" in refused


def test_a_merchant_is_reconciled_step_by_step(agent, account, manager):
    working = as_user(agent)
    page = act(working, account, "reconcile", party=account.parties.get().pk, note="Half of my sales are gone.")
    case = Reconciliation.objects.get()
    assert reverse("reconciliation", args=[case.pk]) in page.content.decode()
    assert "The merchant sends statements by Sat 28 Nov 2026" in shown(working, "reconciliation", case.pk)

    lines = receipts()
    _answer, counted = step(working, case, "typed", first=FIRST.isoformat(), last=LAST.isoformat(), receipts=lines)
    assert "Make it by Fri 20 Nov 2026" in counted
    assert "111.11" in counted
    assert "Ask a manager to agree" in counted
    _answer, asked_page = step(working, case, "propose")
    assert "Nothing is changed before they agree." in asked_page
    assert "Ask a manager to agree" not in asked_page

    request = Approval.objects.get(kind="reconciliation")
    seen = unescape(as_user(manager).get(reverse("approval", args=[request.pk])).content.decode())
    for told in ("Half of my sales are gone.", "10,000.00", "10 %", "1,000.00", "111.11", "200.00"):
        assert told in seen, told
    approve(approval_id=request.pk, actor=manager, now=NOW)

    done = shown(working, "reconciliation", case.pk)
    assert "What it made" in done
    assert "Thu 19 Nov 2026" in done
    assert "Send the merchant the answer by" in done
    _answer, told = step(working, case, "tell", how="email", on=TODAY.isoformat())
    assert "Wed 18 Nov 2026, by e-mail" in told
    assert "Nothing is to be done here by you now." in told


def test_a_banks_file_is_kept_its_columns_named_and_its_rows_told(agent, account):
    client, case = as_user(agent), asked(account, agent)
    rows = [f"2026-11-{day:02},Cards,500.00," for day in range(2, 11)]
    content = bank_file(*rows, "2026-11-11,Rent,,300.00", "11/12/2026,Cards,10.00,", "2026-11-13,Cards,=A1,")

    answer, page = step(client, case, "file", file=SimpleUploadedFile("bank.csv", content))
    file = Attachment.objects.get()
    url = reverse("reconciliation-statement", args=[case.pk, file.pk])
    assert answer.redirect_chain[-1][0] == url
    assert "Which column is what" in page
    said = {"day": "Date", "amount": "Credit", "form": "iso", "idempotency": uuid4()}
    for _time in range(2):
        page = unescape(client.post(url, said, follow=True).content.decode())

    assert case.statements.count() == 1
    assert "2 rows could not be read" in page
    assert "1 row left out: not a receipt" in page
    assert "Row 13, Credit: computed by a formula" in page
    assert "4,500.00" in page
    assert "of which no statement says anything" not in page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Fecha,Dep\u00f3sito\n2026-11-02,5\n".encode("cp1252"), "is not UTF-8"),
        (b"%PDF-1.7 no table", "not a table"),
        (b"", "empty"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused_in_words_and_not_kept(agent, account, content, said):
    case = asked(account, agent)

    answer, page = step(as_user(agent), case, "file", file=SimpleUploadedFile("bank.csv", content))

    assert answer.status_code == 422
    assert said in page
    assert not Attachment.objects.exists()


def test_receipts_mistyped_come_back_with_their_line(agent, account):
    case = asked(account, agent)
    days = {"first": FIRST.isoformat(), "last": LAST.isoformat()}

    for lines, said in (("2026-11-02 10\n2026-11-03 ten", "Line 2"), ("2026-11-02 -5", "what went out is no receipt")):
        answer, page = step(as_user(agent), case, "typed", receipts=lines, **days)
        assert answer.status_code == 422
        assert said in page
        assert lines.splitlines()[0] in page


def test_days_that_no_statement_tells_of_are_shown(agent, account):
    case = asked(account, agent)
    lines = "\n".join(line for line in receipts().splitlines() if not line.startswith("2026-11-0"))

    _answer, page = step(as_user(agent), case, "typed", first=FIRST.isoformat(), last=LAST.isoformat(), receipts=lines)

    assert "of which no statement says anything" in page
    assert "Mon 2 Nov 2026 – Mon 9 Nov 2026" in page


def test_the_letter_has_every_figure_in_the_merchants_language(team, agent, manager):
    account = advance(owner=agent, language="es-mx")
    pay(account, "1300.00", FIRST)
    case = proposed(account, agent)
    approve(approval_id=Approval.objects.get(kind="reconciliation").pk, actor=manager, now=NOW)

    with override("es-mx"):
        data = data_of(reconciliation_page(again(case), now=NOW))
    pdf = as_user(agent).get(reverse("reconciliation-letter", args=[case.pk]))

    assert data["title"] == "Su conciliación"
    said = dict(map(tuple, data["rows"]))
    assert said["Sus ingresos"] == "10,000.00 USD"
    assert said["Nuestra parte de ellos, 10 %"] == "1,000.00 USD"
    assert said["Pagado de más sobre nuestra parte"] == "300.00 USD"
    assert "cubre sus siguientes pagos" in data["closing"][0]
    assert pdf.content.startswith(b"%PDF")


def test_the_letter_of_a_refusal_has_its_reasons_as_written(team, agent, manager):
    case = asked(advance(owner=agent, language="es-mx"), agent)
    with override("es-mx"):
        page = reconciliation_page(again(case), now=NOW)
        assert "Envíenos sus estados de cuenta" in data_of(page)["sentences"][0]
    later = NOW + timedelta(days=11)
    refuse_reconciliation(reconciliation_id=case.pk, reasons="No llegó ninguno.", actor=manager, now=later)

    with override("es-mx"):
        data = data_of(reconciliation_page(again(case), now=later))

    assert (data["quote"], data["rows"]) == ("No llegó ninguno.", [])
    assert as_user(agent).get(reverse("reconciliation-letter", args=[case.pk])).content.startswith(b"%PDF")


def test_open_ones_stand_in_the_inbox_of_who_works_them_and_late_ones_say_so(agent, account, manager, settings):
    case = asked(account, agent)

    for user in (agent, manager, make_user("compliance")):
        page = shown(as_user(user), "inbox")
        assert "Reconciliations to make" in page
        assert reverse("reconciliation", args=[case.pk]) in page
    assert "Reconciliations to make" not in shown(as_user(make_user("finance")), "inbox")
    assert ">late<" not in shown(as_user(agent), "reconciliation", case.pk)
    settings.FROZEN_NOW = NOW + timedelta(days=11)
    assert ">late<" in shown(as_user(agent), "reconciliation", case.pk)


def test_a_default_is_asked_for_with_its_evidence_and_read_by_who_agrees(agent, account, manager, second_manager):
    client = as_user(manager)
    said = {"happened_on": "2026-11-16", "said": "The terminal pays elsewhere."}
    file = SimpleUploadedFile("letter.txt", b"Pay into the other account.")

    refused = unescape(act(client, account, "declare-default", facts=["slow"], upload=file, **said).content.decode())
    assert "Slow receipts are no default" in refused
    assert not Approval.objects.filter(kind="default_declared").exists()
    file.seek(0)
    page = unescape(act(client, account, "declare-default", facts=["diverted"], upload=file, **said).content.decode())
    assert "declared when a second person agrees" in page

    request = Approval.objects.get(kind="default_declared")
    seen = unescape(as_user(second_manager).get(reverse("approval", args=[request.pk])).content.decode())
    assert "receipts were diverted elsewhere" in seen
    assert "The terminal pays elsewhere." in seen
    approve(approval_id=request.pk, actor=second_manager, now=NOW)
    told = shown(client, "account", account.reference)
    assert "Default declared" in told
    assert "days past due" in told
    assert act(as_user(agent), account, "declare-default", facts=["diverted"], **said).status_code == 404


@pytest.mark.parametrize("language", ["en", "es-mx"])
def test_the_pages_are_in_both_languages(agent, account, language):
    case = proposed(account, agent)
    agent.language = language
    agent.save(update_fields=["language"])
    client = as_user(agent)

    pages = shown(client, "account", account.reference), shown(client, "reconciliation", case.pk)

    expected = {"en": ("Still to be delivered", "The true-up"), "es-mx": ("Por entregar", "El ajuste")}[language]
    assert expected[0] in pages[0]
    assert expected[1] in pages[1]


def test_a_stranger_finds_nothing(agent, account):
    case = asked(account, agent)
    stranger = as_user(make_user("agent"))

    for name in ("reconciliation", "reconciliation-letter"):
        assert stranger.get(reverse(name, args=[case.pk])).status_code == 404
