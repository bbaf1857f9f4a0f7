"""What is kept of people of whom there is no account: reported first, blanked after a second yes, evidence intact."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Erasure, Placement, Portfolio, RetentionReport, StagedRow
from accounts.services.placements.importing import import_file
from collections_crm.privacy.of_nobody import jurisdiction_of_number
from collections_crm.tasks import carry_out_retention, report_retention
from communications.models import ReceivedText
from tests.factories import NOW, TODAY, again, place_account
from tests.privacy.people import release
from tests.support.placement_files import csv_bytes, row

pytestmark = pytest.mark.django_db

A_YEAR_LATER = NOW + timedelta(days=366)
UNKNOWN = "+442079460999"


@pytest.fixture(autouse=True)
def _a_year_later(settings):
    settings.FROZEN_NOW = A_YEAR_LATER


@pytest.fixture
def rejected(team, manager):
    """The rejected row of a file whose other row is an account."""
    american = Portfolio.objects.get(jurisdiction="US")
    content = csv_bytes([row(), row(reference="A-2", name="Olga Petrova", principal="plenty")])
    done = import_file(
        portfolio_id=american.pk,
        stream=io.BytesIO(content),
        file_name="accounts.csv",
        mapping_name="standard",
        as_of=TODAY,
        actor=manager,
        now=NOW,
    )
    return StagedRow.objects.get(placement=done.placement, result="rejected")


def text_from(sender, at=NOW):
    return ReceivedText.objects.create(sender=sender, body="Who are you?", received_at=at)


def test_a_rejected_row_is_reported_after_a_year_and_blanked_once_two_people_said_so(client, rejected, officers):
    report_retention()
    carry_out_retention()
    line = RetentionReport.objects.get().lines.get()
    assert (line.about, line.person, line.rule, line.counts) == (
        "rejected_row",
        None,
        "us-of-nobody",
        {"rejected_row": 1},
    )
    assert "Olga Petrova" in again(rejected).cells

    release(client, officers)
    carry_out_retention()
    carry_out_retention()

    assert again(rejected).cells is None
    assert (again(rejected).reason, again(rejected).number) == (rejected.reason, rejected.number)
    assert again(RetentionReport.objects.get()).state == "carried_out"
    erasure = Erasure.objects.get()
    assert (erasure.person, erasure.maker, erasure.checker) == (None, *officers)


def test_the_file_of_rejects_still_says_which_rows_and_why(client, rejected, officers, manager):
    report_retention()
    release(client, officers)
    carry_out_retention()
    client.force_login(manager)

    answer = client.get(reverse("placement-rejects", args=[Placement.objects.get().pk]))

    text = b"".join(answer.streaming_content).decode()
    assert "Olga" not in text
    assert len(text.splitlines()) == 2


def test_a_text_of_nobody_is_blanked_but_one_of_somebody_we_know_is_kept_with_them(client, team, officers):
    place_account(phone="020 7946 0123")
    stranger, customer, late = text_from(UNKNOWN), text_from("+442079460123"), text_from(UNKNOWN, A_YEAR_LATER)
    report_retention()
    release(client, officers)

    carry_out_retention()

    assert (again(stranger).sender, again(stranger).body, again(stranger).erased_under) == ("", "", "uk-of-nobody")
    assert again(customer).body == again(late).body == "Who are you?"


def test_who_became_a_customer_after_the_release_is_left_alone(client, team, officers):
    stranger = text_from(UNKNOWN)
    report_retention()
    release(client, officers)
    place_account(phone="020 7946 0999")

    carry_out_retention()

    assert again(stranger).body == "Who are you?"
    assert RetentionReport.objects.get().lines.get().left_because == "erasure.nothing"


def test_within_the_year_nothing_is_reported(rejected, settings):
    text_from(UNKNOWN)
    settings.FROZEN_NOW = NOW + timedelta(days=365)

    report_retention()

    assert not RetentionReport.objects.exists()


def test_compliance_reads_what_a_line_is_about(client, rejected, officers):
    text_from(UNKNOWN)
    report_retention()
    client.force_login(officers[0])

    text = client.get(reverse("retention-report", args=[RetentionReport.objects.get().pk])).content.decode()

    assert "rejected rows of files" in text
    assert "texts from unknown numbers" in text
    assert "0 people" not in text


@pytest.mark.parametrize(
    ("sender", "place"),
    [("+442079460999", "UK"), ("+12125550188", "US"), ("+525555550188", "MX"), ("+61291234567", "AU")],
)
def test_a_number_tells_by_whose_law_its_text_is_kept(sender, place):
    assert jurisdiction_of_number(sender) == place


@pytest.mark.parametrize("sender", ["", "LENDER", "+33142685300"])
def test_what_tells_of_no_country_of_ours_is_kept_as_long_as_anything(sender):
    assert jurisdiction_of_number(sender) in {"UK", "US", "MX", "AU"}
