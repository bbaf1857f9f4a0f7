"""`import_placement`: the two real files, twice each, and what a person reads."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, Max, Min, Sum

from accounts.models import Account, ContactPoint, Hold, Origin, Party, Placement
from accounts.selectors.placement_files import reject_file
from tests import factories
from tests.support.placement_files import HEADER, csv_bytes, row
from tests.support.shared_data import SHARED, needs

LENDING_CLUB = SHARED / "loans" / "lendingclub_2018q1.csv"
SBA = SHARED / "commercial" / "sba_chargedoff_2000.csv"


@pytest.fixture
def portfolio(team):
    return factories.make_portfolio("US")


@pytest.fixture
def run(portfolio):
    """Run the command; answers its JSON, or its text."""

    def command(path, *more, mapping="standard", as_of="2026-11-17", as_json=True):
        said = StringIO()
        arguments = ["--portfolio", portfolio.code, "--mapping", mapping, "--as-of", as_of, *more]
        call_command("import_placement", str(path), *arguments, *(["--json"] if as_json else []), stdout=said)
        return json.loads(said.getvalue()) if as_json else said.getvalue()

    return command


@pytest.fixture
def file(tmp_path):
    def written(content, name="accounts.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return written


@needs("loans/lendingclub_2018q1.csv")
def test_lendingclub_places_178_overdue_loans_and_the_second_time_none(run):
    first = run(LENDING_CLUB, mapping="lendingclub", as_of="2018-06-30")
    second = run(LENDING_CLUB, mapping="lendingclub", as_of="2018-06-30")

    assert first["imported_by"] == {"charged_off": 7, "in_grace": 67, "late_16_30": 38, "late_31_120": 66}
    assert first["skipped_by"] == {"current": 9_375, "paid": 447}
    assert (first["imported"], first["skipped"], first["rejected"]) == (178, 9_822, 0)
    assert (second["imported"], second["new"], second["same_file"]) == (0, 0, True)
    assert Account.objects.count() == 178


@needs("loans/lendingclub_2018q1.csv")
def test_lendingclub_accounts_are_estimated_nameless_and_to_be_traced(run):
    run(LENDING_CLUB, mapping="lendingclub", as_of="2018-06-30")

    assert set(Account.objects.values_list("next_kind", "due_is_estimated")) == {("trace", True)}
    assert set(Party.objects.values_list("name", "name_supplied")) == {("", False)}
    assert not ContactPoint.objects.exists()
    by_status = Origin.objects.values_list("status").annotate(n=Count("pk"), owed=Sum("account__balance"))
    assert {status: n for status, n, _owed in by_status}["in_grace"] == 67
    assert {status: owed for status, _n, owed in by_status}["charged_off"] == Decimal("85574.24")
    assert Account.objects.filter(charged_off_on__isnull=False).count() == 7


@needs("commercial/sba_chargedoff_2000.csv")
def test_sba_places_1986_loans_and_the_second_time_none(run):
    first = run(SBA, mapping="sba_chargedoff", as_of="2014-12-31")
    second = run(SBA, mapping="sba_chargedoff", as_of="2014-12-31")

    assert (first["imported"], first["rejected_by"]) == (1_986, {"nothing_owed": 14})
    assert first["warnings"] == {
        "creditor_missing": 2,
        "originated_on_missing": 3,
        "owes_more_than_lent": 17,
        "postcode_blanked": 3,
        "postcode_padded": 115,
    }
    assert (second["imported"], second["new"], second["same_file"]) == (0, 0, True)
    assert Account.objects.aggregate(Sum("balance"))["balance__sum"] == Decimal("110149661.00")


@needs("commercial/sba_chargedoff_2000.csv")
def test_sba_accounts_keep_their_charge_off_and_their_completed_zips_and_are_traced(run):
    run(SBA, mapping="sba_chargedoff", as_of="2014-12-31")

    days = Account.objects.aggregate(first=Min("charged_off_on"), last=Max("charged_off_on"))
    assert days == {"first": date(1988, 10, 6), "last": date(2014, 8, 29)}
    # Three of the 115 completed ZIPs belong to rows that are rejected because nothing is owed.
    assert Origin.objects.filter(postcode__startswith="0", warnings__contains=["postcode_padded"]).count() == 115 - 3
    assert set(Account.objects.values_list("next_kind", flat=True)) == {"trace"}


@needs("commercial/sba_chargedoff_2000.csv")
def test_the_sba_accounts_whose_period_has_passed_are_held_which_by_now_are_all(run):
    run(SBA, mapping="sba_chargedoff", as_of="2014-12-31")

    out_of_time = Account.objects.filter(limitation_on__lte=factories.TODAY).values_list("pk", flat=True)
    holds = Hold.objects.filter(kind="limitation", scope="account", state="active")
    assert set(holds.values_list("account_id", flat=True)) == set(out_of_time)
    assert holds.count() == 1_986


def test_a_dry_run_writes_nothing_and_says_so(run, file):
    said = run(file(csv_bytes()), "--dry-run", as_json=False)

    assert "Dry run: nothing was written." in said
    assert "1 row: 1 imported, 0 skipped, 0 rejected." in said
    assert not Placement.objects.exists()


def test_a_person_reads_reasons_unknown_columns_and_totals(run, file):
    content = csv_bytes(header=["Shoe size", *HEADER[1:]], rows=[["44", *row()[1:]]])
    with pytest.raises(CommandError, match="Columns that the mapping needs are missing: reference"):
        run(file(content))

    said = run(
        file(
            csv_bytes(header=[*HEADER, "Shoe size"], rows=[[*row(), "44"], [*row(reference="A-2", principal="x"), ""]])
        ),
        as_json=False,
    )

    assert "Columns not used: Shoe size" in said
    assert "Rejected: not an amount: write 1240.50 or 1,240.50: 1" in said
    assert "Opened with 1240.50: agrees with the file's columns." in said


def test_the_second_run_says_in_words_that_nothing_was_placed(run, file):
    path = file(csv_bytes())
    run(path)

    said = run(path, as_json=False)

    assert "0 imported, 0 new" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"mapping": "nobody"}, "There is no mapping nobody"),
        ({"as_of": "2026-11-17", "path": "missing.csv"}, "No such file"),
    ],
)
def test_what_cannot_be_started_is_refused_with_a_sentence(run, file, tmp_path, arguments, sentence):
    path = tmp_path / arguments.pop("path") if "path" in arguments else file(csv_bytes())

    with pytest.raises(CommandError, match=sentence):
        run(path, **arguments)

    assert not Placement.objects.exists()


def test_a_file_that_breaks_off_fails_with_its_sentence_and_as_json(run, file, capsys):
    path = file(csv_bytes(rows=[row(), row(reference="A-2")])[:-40])

    with pytest.raises(CommandError, match="the file was cut in the middle"):
        run(path)

    assert Placement.objects.get().state == "failed"
    assert not Account.objects.exists()


def test_a_file_of_which_every_row_is_rejected_keeps_them_to_be_put_right(run, file):
    said = run(file(csv_bytes([row(principal="plenty")])), as_json=False)

    placement = Placement.objects.get()
    assert "0 imported, 0 skipped, 1 rejected" in said
    assert f"on the page of placement {placement.pk}" in said
    assert placement.state == "checked"
    assert "plenty" in "".join(reject_file(placement))


def test_a_file_that_may_be_cut_in_its_last_amount_is_told(run, file):
    assert "the file may be cut" in run(file(csv_bytes().rstrip()), as_json=False)


def test_a_file_without_the_column_of_the_principal_is_refused_by_its_name(run, file):
    header = [name for name in HEADER if name != "principal"]

    with pytest.raises(CommandError, match="principal"):
        run(file(csv_bytes([row()], header=header)), as_json=False)

    assert not Account.objects.exists()
