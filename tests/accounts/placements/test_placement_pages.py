"""The pages of placing, without JavaScript: each form posts and leads on."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Account, Placement, SavedMapping, StagedRow
from accounts.services.placements.uploads import choose_mapping, receive_file
from tests import factories
from tests.support.placement_files import HEADER, csv_bytes, row
from tests.support.shared_data import SHARED, needs

pytestmark = pytest.mark.usefixtures("eager")
OWN_HEADER = ["Loan ID", "Customer name", "Balance", "Past due", "Due date", "Mobile", "Shoe size"]
OWN_ROW = ["77", "Ana Pérez", "500.00", "50.00", "31/10/2026", "212 555 0100", "44"]


@pytest.fixture
def portfolio(team):
    return factories.make_portfolio("US")


@pytest.fixture
def as_manager(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def upload(as_manager, portfolio):
    def send(content, *, name="accounts.csv", mapping="standard", as_of="2026-11-17", client=as_manager):
        data = {
            "file": SimpleUploadedFile(name, content),
            "portfolio": portfolio.pk,
            "as_of": as_of,
            "mapping": mapping,
        }
        return client.post(reverse("placement-upload"), data, follow=True)

    return send


def shown(response):
    return response.content.decode()


def test_an_upload_is_read_shown_and_placed_only_when_it_is_confirmed(upload, as_manager):
    page = upload(csv_bytes(rows=[row(), row(reference="A-2", principal="x")]))

    placement = Placement.objects.get()
    assert placement.state == "checked"
    assert not Account.objects.exists()
    assert "1 account would be placed" in shown(page)
    assert "not an amount: write 1240.50 or 1,240.50" in shown(page)
    assert "Ana Pérez" in shown(page)
    assert "2125550100" not in shown(page), "phones are masked"

    page = as_manager.post(reverse("placement-confirm", args=[placement.pk]), follow=True)

    assert Placement.objects.get().state == "live"
    assert Account.objects.live().count() == 1
    assert "1 account is live" in shown(page)
    assert "The book holds 1,240.50 USD" in shown(page)


def test_every_number_of_a_placement_opens_into_its_rows(upload, as_manager):
    upload(csv_bytes(rows=[row(), row(reference="A-2", principal="x")]))
    placement = Placement.objects.get()

    def opened(result):
        return shown(as_manager.get(reverse("placement-rows", args=[placement.pk, result])))

    assert "A-2" not in opened("placed")

    page = shown(as_manager.post(reverse("placement-confirm", args=[placement.pk]), follow=True))

    account = Account.objects.get()
    assert reverse("placement-rows", args=[placement.pk, "rejected"]) + "?reason=amount_unreadable" in page
    assert "not an amount" in opened("rejected")
    assert account.reference not in opened("rejected")
    assert reverse("account", args=[account.reference]) in opened("placed")
    assert "No rows" in opened("skipped")
    status = reverse("placement-rows", args=[placement.pk, "placed"]) + f"?reason={account.origin.status}"
    assert account.reference in shown(as_manager.get(status))


def test_a_warning_opens_into_the_rows_that_it_is_about_before_and_after_loading(upload, as_manager):
    upload(csv_bytes(rows=[row(phone="12"), row(reference="A-2")]))
    placement = Placement.objects.get()
    (code,) = placement.counts["warnings"]
    address = reverse("placement-rows", args=[placement.pk, "warnings"]) + f"?reason={code}"

    before = shown(as_manager.get(address))
    as_manager.post(reverse("placement-confirm", args=[placement.pk]))
    after = shown(as_manager.get(address))

    warned, other = Account.objects.order_by("placement_row")
    assert "phone left out" in before
    assert warned.reference in after
    assert other.reference not in after


def test_a_row_with_a_card_number_is_rejected_and_the_number_is_kept_nowhere(upload, as_manager):
    rows = [row(), row(reference="A-2", name="Ana 4111 - 1111 - 1111 - 1111"), row(reference="A-3", principal="x")]

    page = upload(csv_bytes(rows=rows))

    placement = Placement.objects.get()
    rejects = as_manager.get(reverse("placement-rejects", args=[placement.pk])).getvalue().decode()
    assert "a card number: it isn&#x27;t kept" in shown(page)
    assert "A-2" in rejects
    assert "1111" not in shown(page) + rejects
    assert not any("1111" in str(staged) for staged in StagedRow.objects.values_list("cells", "name", "reference"))


def test_confirming_twice_places_once(upload, as_manager):
    upload(csv_bytes())
    address = reverse("placement-confirm", args=[Placement.objects.get().pk])

    first, second = as_manager.post(address, follow=True), as_manager.post(address, follow=True)

    assert "1 account is live" in shown(first)
    assert "1 account is live" in shown(second)
    assert Account.objects.count() == 1


def test_the_same_file_again_leads_to_its_placement_and_says_zero(upload, as_manager):
    upload(csv_bytes())
    as_manager.post(reverse("placement-confirm", args=[Placement.objects.get().pk]))

    page = upload(csv_bytes(), name="other.csv")

    assert "0 imported, 0 new" in shown(page)
    assert Placement.objects.count() == 1
    assert Account.objects.count() == 1


@needs("commercial/sba_chargedoff_2000.csv")
def test_the_sba_file_is_placed_from_the_page_once(upload, as_manager):
    content = (SHARED / "commercial" / "sba_chargedoff_2000.csv").read_bytes()
    upload(content, mapping="sba_chargedoff", as_of="2014-12-31")
    placement = Placement.objects.get()

    page = as_manager.post(reverse("placement-confirm", args=[placement.pk]), follow=True)
    again = upload(content, mapping="sba_chargedoff", as_of="2014-12-31")

    assert "1,986 accounts are live" in shown(page)
    assert "0 imported, 0 new" in shown(again)
    assert Account.objects.count() == 1_986


@needs("loans/lendingclub_2018q1.csv")
def test_the_lendingclub_file_is_placed_from_the_page_once(upload, as_manager):
    content = (SHARED / "loans" / "lendingclub_2018q1.csv").read_bytes()
    page = upload(content, mapping="lendingclub", as_of="2018-06-30")
    assert "estimated" in shown(page)

    as_manager.post(reverse("placement-confirm", args=[Placement.objects.get().pk]))
    again = upload(content, mapping="lendingclub", as_of="2018-06-30")

    assert "0 imported, 0 new" in shown(again)
    assert Account.objects.live().count() == 178


def test_columns_are_suggested_by_name_chosen_saved_and_used(upload, as_manager):
    page = upload(csv_bytes(header=OWN_HEADER, rows=[OWN_ROW]), mapping="")
    form = page.context["form"]
    suggested = {column: form[f"column_{place}"].initial for place, column in enumerate(OWN_HEADER)}
    assert suggested == {
        "Loan ID": "reference",
        "Customer name": "name",
        "Balance": "principal",
        "Past due": "due_now",
        "Due date": "past_due_on",
        "Mobile": "phone",
        "Shoe size": "",
    }

    chosen = {f"column_{place}": suggested[column] for place, column in enumerate(OWN_HEADER)}
    address = reverse("placement-mapping", args=[Placement.objects.get().pk])
    page = as_manager.post(
        address, {**chosen, "name": "acme-loans", "dates": "%d/%m/%Y", "party_kind": "person"}, follow=True
    )

    assert Placement.objects.get().state == "checked"
    assert Placement.objects.get().mapping == "acme-loans"
    assert SavedMapping.objects.get().terms["set_aside"] == ["Shoe size"]
    assert "1 account would be placed" in shown(page)
    assert ("acme-loans", "acme-loans") in as_manager.get(reverse("placement-upload")).context["form"].fields[
        "mapping"
    ].choices


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"column_0": ""}, "no column is the reference"),
        ({"column_6": "reference"}, "Two columns are creditor"),
        ({"name": "standard"}, "comes with the product"),
        ({"name": "two words"}, "Enter a valid"),
    ],
)
def test_a_mapping_that_cannot_work_is_answered_in_the_form(upload, as_manager, changes, sentence):
    page = upload(csv_bytes(header=OWN_HEADER, rows=[OWN_ROW]), mapping="")
    form = page.context["form"]
    chosen = {f"column_{place}": form[f"column_{place}"].initial for place in range(len(OWN_HEADER))}
    data = {**chosen, "name": "acme", "dates": "%d/%m/%Y", "party_kind": "person", **changes}

    page = as_manager.post(reverse("placement-mapping", args=[Placement.objects.get().pk]), data)

    assert page.status_code == 200
    assert sentence in shown(page)
    assert Placement.objects.get().state == "uploaded"
    assert not SavedMapping.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (csv_bytes(encoding="utf-16"), "is not UTF-8"),
        (b"", "The submitted file is empty"),
        (b"%PDF-1.7", "a PDF document, not a table"),
        (csv_bytes(header=["a", "a"], rows=[["1", "2"]]), "is there twice"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_the_form_and_nothing_is_kept(upload, content, sentence):
    page = upload(content)

    assert sentence in shown(page)
    assert not Placement.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (csv_bytes(rows=[row(), row(reference="A-2")])[:-40], "the file was cut in the middle"),
        (csv_bytes(encoding="cp1252"), "Line 2 is not UTF-8 (it looks like Windows-1252)"),
    ],
)
def test_a_file_refused_further_on_says_why_on_its_page(upload, content, sentence):
    page = upload(content)

    assert sentence in shown(page)
    assert Placement.objects.get().state == "failed"
    assert not Account.objects.exists()


def test_a_missing_column_fails_with_its_name(upload):
    page = upload(csv_bytes(header=["ref", *HEADER[1:]]))

    assert "Columns that the mapping needs are missing: reference" in shown(page)


def test_the_reject_file_has_the_rows_their_reasons_and_no_live_formula(upload, as_manager):
    bad = row(reference="A-2", name='=HYPERLINK("http://example.com")', principal="x")
    upload(csv_bytes(rows=[row(), bad]))

    page = as_manager.get(reverse("placement-rejects", args=[Placement.objects.get().pk]))

    text = b"".join(page.streaming_content).decode("utf-8-sig")
    header, rejected = csv.reader(io.StringIO(text))
    assert header == ["row", "reason", "column", *HEADER]
    assert rejected[:5] == [
        "3",
        "not an amount: write 1240.50 or 1,240.50",
        "principal",
        "A-2",
        '\'=HYPERLINK("http://example.com")',
    ]
    assert "attachment" in page["Content-Disposition"]


def test_a_checked_placement_can_be_cancelled_and_its_rows_are_dropped(upload, as_manager):
    upload(csv_bytes(rows=[row(), row(reference="A-2", principal="x")]))
    placement = Placement.objects.get()

    page = as_manager.post(reverse("placement-cancel", args=[placement.pk]), follow=True)

    assert "was cancelled" in shown(page)
    assert not placement.rows.exists()
    assert "0 imported" not in shown(upload(csv_bytes(rows=[row(), row(reference="A-2", principal="x")])))


def test_a_placement_being_loaded_shows_how_far_it_is_and_asks_again(as_manager, portfolio, manager, now):
    placement, _new = receive_file(
        portfolio_id=portfolio.pk, stream=io.BytesIO(csv_bytes()), file_name="a.csv",
        as_of=factories.TODAY, actor=manager, now=now,
    )  # fmt: skip
    choose_mapping(placement_id=placement.pk, mapping_name="standard", actor=manager, now=now)

    page = as_manager.get(reverse("placement-detail", args=[placement.pk]))
    partial = as_manager.get(reverse("placement-detail", args=[placement.pk]), headers={"HX-Request": "true"})

    assert 'hx-trigger="every 2s"' in shown(page)
    assert "The file is being read" in shown(page)
    assert shown(partial).count("<html") == 0
    assert shown(partial).strip().startswith('<article id="placement"')


def test_nothing_to_place_cannot_be_confirmed(upload, as_manager):
    upload(csv_bytes(rows=[row(principal="x")]))
    placement = Placement.objects.get()

    page = as_manager.post(reverse("placement-confirm", args=[placement.pk]))

    assert "No row of this file would be placed" in shown(page)
    assert Placement.objects.get().state == "checked"


@pytest.mark.parametrize("role", ["agent", "finance", "compliance"])
def test_other_roles_may_not_place(client, role, team):
    client.force_login(factories.make_user(role, team))

    assert client.get(reverse("placement-list")).status_code == 403
    assert client.get(reverse("placement-upload")).status_code == 403


def test_a_manager_of_another_team_finds_no_such_placement(upload, client):
    upload(csv_bytes())
    placement = Placement.objects.get()
    stranger = factories.make_user("manager", factories.make_team(name="Elsewhere"))
    client.force_login(stranger)

    for name in ("placement-detail", "placement-mapping", "placement-rejects"):
        assert client.get(reverse(name, args=[placement.pk])).status_code == 404
    for name in ("placement-confirm", "placement-cancel"):
        assert client.post(reverse(name, args=[placement.pk])).status_code == 404
    assert client.get(reverse("placement-upload")).context["form"].fields["portfolio"].queryset.count() == 0


def test_the_list_shows_every_placement_of_the_team(upload, as_manager):
    upload(csv_bytes())

    page = as_manager.get(reverse("placement-list"))

    assert "accounts.csv" in shown(page)
    assert "checked" in shown(page)
