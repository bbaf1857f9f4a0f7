"""The two real files, read by the mappings that come with the product."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from tests.support.shared_data import SHARED, needs

LENDING_CLUB = SHARED / "loans" / "lendingclub_2018q1.csv"
SBA = SHARED / "commercial" / "sba_chargedoff_2000.csv"
AS_OF = date(2018, 6, 30)


@needs("loans/lendingclub_2018q1.csv")
def test_only_the_overdue_lendingclub_loans_are_placed(totals):
    found, _placed, unknown = totals(LENDING_CLUB, mapping="lendingclub", as_of=AS_OF)

    assert found.counts()["rows"] == 10_000
    assert found.counts()["placed_by"] == {"charged_off": 7, "in_grace": 67, "late_16_30": 38, "late_31_120": 66}
    assert found.counts()["skipped_by"] == {"current": 9_375, "paid": 447}
    assert found.counts()["rejected"] == 0
    assert unknown == []


@needs("loans/lendingclub_2018q1.csv")
def test_late_loans_open_with_their_balance_and_charged_off_ones_with_what_was_never_repaid(totals):
    found, placed, _unknown = totals(LENDING_CLUB, mapping="lendingclub", as_of=AS_OF)
    charged_off = sum(account.total for read, account in placed if read.status == "charged_off")

    late = sum(account.total for read, account in placed if read.status != "charged_off")

    assert late == found.columns["balance"].sums["placed"] == Decimal("2999677.93")
    assert charged_off == Decimal("85574.24")
    assert found.control()["columns"]["balance"]["sum"] == "144589166.10"
    assert found.control()["agrees"]


@needs("loans/lendingclub_2018q1.csv")
def test_a_past_due_date_is_estimated_at_the_mild_end_of_the_band_and_says_so(totals):
    _found, placed, _unknown = totals(LENDING_CLUB, mapping="lendingclub", as_of=AS_OF)

    ages = {(read.status, (AS_OF - account.due[0][0]).days) for read, account in placed if read.status != "charged_off"}

    assert ages == {("in_grace", 1), ("late_16_30", 16), ("late_31_120", 31)}
    assert {account.due_basis for _read, account in placed} == {"band"}
    assert all(("past_due_estimated", "loan_status") in read.warnings for read, _account in placed)


@needs("loans/lendingclub_2018q1.csv")
def test_the_whole_balance_is_due_only_where_the_loan_was_charged_off(totals):
    _found, placed, _unknown = totals(LENDING_CLUB, mapping="lendingclub", as_of=AS_OF)

    whole = {read.status for read, account in placed if sum(amount for _on, amount in account.due) == account.total}

    assert whole == {"charged_off"}
    assert {read.status for read, account in placed if account.charged_off_on} == {"charged_off"}


@needs("loans/lendingclub_2018q1.csv")
def test_a_lendingclub_loan_carries_no_name_phone_or_mail(totals):
    _found, placed, _unknown = totals(LENDING_CLUB, mapping="lendingclub", as_of=AS_OF)

    assert {(account.name, tuple(account.phones), account.email) for _read, account in placed} == {("", (), "")}


@needs("commercial/sba_chargedoff_2000.csv")
def test_sba_loans_charged_off_for_nothing_are_rejected_and_every_oddity_is_counted(totals):
    found, _placed, unknown = totals(SBA, mapping="sba_chargedoff", as_of=date(2015, 1, 31))

    assert found.counts()["placed"] == 1_986
    assert found.counts()["rejected_by"] == {"nothing_owed": 14}
    assert found.counts()["warnings"] == {
        "creditor_missing": 2,
        "originated_on_missing": 3,
        "owes_more_than_lent": 17,
        "postcode_blanked": 3,
        "postcode_padded": 115,
    }
    assert found.control()["opened"] == found.control()["columns"]["ChgOffPrinGr"]["sum"] == "110149661.00"
    assert unknown == []


@needs("commercial/sba_chargedoff_2000.csv")
def test_two_digit_years_fall_in_the_century_in_which_the_loan_was_charged_off(totals):
    _found, placed, _unknown = totals(SBA, mapping="sba_chargedoff", as_of=date(2015, 1, 31))

    years = Counter(account.charged_off_on.year for _read, account in placed)

    assert (min(years), max(years)) == (1988, 2014)
    assert all(
        account.charged_off_on > account.originated_on for _read, account in placed if account.originated_on is not None
    )


@needs("commercial/sba_chargedoff_2000.csv")
def test_the_period_of_its_state_decides_until_when_a_loan_may_be_sued_on(totals):
    _found, placed, _unknown = totals(SBA, mapping="sba_chargedoff", as_of=date(2015, 1, 31))

    texas = next(account for _read, account in placed if account.region == "TX")

    assert sum(account.limitation_on <= date(2015, 1, 31) for _read, account in placed) == 1_322
    assert texas.limitation_on.year - texas.charged_off_on.year == 4
    assert all(account.limitation_on - account.charged_off_on > timedelta(days=1_000) for _read, account in placed)
