"""Complaints and a person's data: told in the export, blanked by an erasure, which waits for their end and beyond."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Note
from accounts.services.complaints import withdraw_complaint
from collections_crm.privacy.plan import plan_for
from tests.complaints.steps import answered, complained
from tests.factories import NOW, make_user
from tests.privacy.people import YEARS_LATER
from tests.privacy.test_erasure import erase
from tests.privacy.test_export import asked, taken
from tests.support.logged_in import as_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(agent):
    return make_user("manager", agent.team)


def test_the_export_tells_the_complaint_and_what_came_of_it(client, officer, account, agent, manager, settings):
    settings.FROZEN_NOW = NOW
    answered(account, agent, manager)

    _archive, told = taken(client, asked(client, officer, account))

    row = told["complaints"][0]
    assert (row["category"], row["outcome"], row["answered_on"]) == ("contact", "rejected", "2026-11-18")
    assert "You ring me at work." in [note["text"] for note in told["notes"]]


def test_what_was_said_and_answered_is_blanked_and_the_page_says_so(
    client, officer, second, account, agent, manager, settings
):
    complaint = answered(account, agent, manager)
    settings.FROZEN_NOW = YEARS_LATER

    assert erase(client, officer, second, account).state == "executed"

    page = as_user(officer).get(reverse("complaint", args=[complaint.pk])).content.decode()
    assert page.count("The person asked to be erased (UK GDPR, article 17)") == 3  # and the name
    assert "You ring me at work." not in page
    assert not Note.objects.filter(text__contains="agreed").exists()


def test_an_open_complaint_stands_against_erasing_and_its_end_begins_the_years_anew(account, agent, settings):
    person_id = account.parties.get().pk
    complaint = complained(account, agent, now=YEARS_LATER)
    assert "privacy.on_hold" in [duty.code for duty in plan_for(person_id, on=YEARS_LATER.date()).duties]

    withdraw_complaint(complaint_id=complaint.pk, actor=agent, now=YEARS_LATER)

    duties = {duty.code: duty.params for duty in plan_for(person_id, on=YEARS_LATER.date()).duties}
    assert duties["privacy.kept_until"]["until"] > YEARS_LATER.date() + timedelta(days=365)
