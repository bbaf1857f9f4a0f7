"""Retention: a report first, somebody's yes and another's, then blanking, and nothing that must be kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.foundation.runs import Run
from accounts.models import Erasure, Note, RetentionReport
from accounts.retention.periods import period_of, periods
from accounts.services.holds import place_hold
from collections_crm.privacy.retention import report_overdue
from collections_crm.tasks import carry_out_retention, report_retention
from tests.factories import NOW, again, place_account
from tests.privacy.people import PERSON, YEARS_LATER, release

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _years_later(settings):
    settings.FROZEN_NOW = YEARS_LATER


def name_of(account):
    return again(account.parties.get()).name


def test_the_daily_run_reports_what_is_kept_too_long_and_blanks_nothing(account):
    report_retention()
    report_retention()

    report = RetentionReport.objects.get()
    line = report.lines.get()
    assert report.counts["UK"]["people"] == 1
    assert report.counts["UK"]["note"] == 1
    assert (line.rule, line.due_on) == ("uk-limitation", date(2032, 11, 18))
    assert name_of(account) == PERSON
    assert Run.objects.get(job="retention").counts == {"people": 1}


def test_carrying_out_before_the_release_does_nothing(account):
    report_retention()

    carry_out_retention()

    assert name_of(account) == PERSON
    assert not Erasure.objects.exists()


def test_released_by_two_people_it_is_blanked_like_an_erasure(client, account, officers):
    report_retention()
    report = release(client, officers)

    carry_out_retention()
    carry_out_retention()

    erasure = Erasure.objects.get()
    assert (erasure.rule, erasure.maker, erasure.checker) == ("uk-limitation", *officers)
    assert again(report).state == "carried_out"
    assert name_of(account) == ""
    assert Note.objects.get().text == ""
    assert report.lines.get().erasure == erasure


def test_whoever_asked_for_the_release_can_not_give_it(client, account, officers):
    report_retention()
    report = release(client, (officers[0], officers[0]))

    carry_out_retention()

    assert again(report).state == "reported"
    assert name_of(account) == PERSON


def test_a_hold_that_came_after_the_release_is_obeyed(client, account, officers):
    report_retention()
    report = release(client, officers)
    place_hold(kind="dispute", account_id=account.pk, reason="customer_told", actor=officers[0], now=YEARS_LATER)

    carry_out_retention()

    line = report.lines.get()
    assert name_of(account) == PERSON
    assert Note.objects.get().text == "Works nights."
    assert line.done_at is not None
    assert Erasure.objects.get().counts == {"sensitive_note": 1}


def test_an_open_account_is_never_reported_but_for_sensitive_notes_past_their_day(agent, account):
    place_account(party=account.parties.get(), owner=agent)

    report = report_overdue(now=YEARS_LATER)

    assert report.counts == {"UK": {"people": 1, "sensitive_note": 1}}


def test_before_its_time_nothing_is_reported(account, settings):
    settings.FROZEN_NOW = NOW + timedelta(days=300)

    assert report_overdue(now=settings.FROZEN_NOW) is None
    assert not RetentionReport.objects.exists()


def test_a_newer_report_takes_the_place_of_one_that_nobody_released(account):
    first = report_overdue(now=YEARS_LATER)

    second = report_overdue(now=YEARS_LATER + timedelta(days=1))

    assert (again(first).state, again(second).state) == ("superseded", "reported")


def test_compliance_reads_what_would_be_removed(client, account, officers):
    report = report_overdue(now=YEARS_LATER)
    client.force_login(officers[0])

    text = client.get(reverse("retention-report", args=[report.pk])).content.decode()
    front = client.get(reverse("privacy")).content.decode()

    assert "As long as a claim may be brought" in text
    assert "1 person" in text
    assert "12 CFR 1006.100(a)" in front
    assert "original text read" in front


@pytest.mark.parametrize(
    ("jurisdiction", "start", "end"),
    [
        ("US", date(2026, 11, 18), date(2029, 11, 18)),
        ("US", date(2028, 2, 29), date(2031, 2, 28)),
        ("UK", date(2026, 12, 31), date(2032, 12, 31)),
        ("MX", date(2026, 1, 1), date(2036, 1, 1)),
    ],
)
def test_a_period_ends_on_the_same_day_of_its_month(jurisdiction, start, end):
    assert period_of(jurisdiction, "record").ends(start) == end


def test_every_country_has_its_periods_with_sources_in_both_languages():
    told = {(period.jurisdiction, period.kind) for period in periods()}

    assert {(place, kind) for place in ("US", "UK", "MX", "AU") for kind in ("record", "sensitive_note")} <= told
    assert all(period.citation and period.title_en != period.title_es for period in periods())
